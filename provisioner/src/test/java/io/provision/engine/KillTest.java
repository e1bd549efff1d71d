package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Report;
import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.remote.DyingTransport;
import io.provision.remote.DyingTransport.Moment;
import io.provision.remote.LocalShell;
import io.provision.remote.Transport;
import io.provision.step.Need;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The operator dies at every point there is; the same command, run again, finishes the work. */
final class KillTest {
  private static final int MORE_THAN_THERE_ARE = 200;
  @TempDir Path directory;
  private final List<LocalShell> leftBehind = new ArrayList<>();
  private final Inventory inventory =
      TestInventory.of(List.of(TestInventory.host("a"), TestInventory.host("b")));

  /** What a dead operator has started goes on, and would write while its directory is removed. */
  @AfterEach
  void switchOff() {
    leftBehind.forEach(LocalShell::close);
  }

  @ParameterizedTest
  @EnumSource(Moment.class)
  void aRunThatIsKilledAnywhereIsFinishedByTheSameCommand(Moment moment) throws Exception {
    var reference = directory.resolve("reference");
    apply(shells(reference), reference);
    var wanted = digest(reference);
    var points = 0;
    for (var died = true; died; points++) {
      assertThat(points).isLessThan(MORE_THAN_THERE_ARE);
      var hosts = directory.resolve("hosts-" + points);
      var left = shells(hosts);
      leftBehind.add(left);
      var dying = new DyingTransport(points, moment);
      var killed = apply(dying.to(left), hosts);
      died = dying.died();
      assertThat(killed.total().failed() + killed.total().unreachable() > 0).isEqualTo(died);

      var second = apply(shells(hosts), hosts);
      assertThat(second.total().failed() + second.total().unreachable())
          .as("after a death at point %d", points)
          .isZero();
      assertThat(digest(hosts)).as("after a death at point %d", points).isEqualTo(wanted);
      var third = shells(hosts);
      assertThat(apply(third, hosts).total().changed()).isZero();
      assertThat(third.commands()).hasSize(2);
    }
    assertThat(points).as("points at which the run was killed").isGreaterThan(10);
  }

  private Report apply(Transport transport, Path hosts) throws Exception {
    var files = Files.createDirectories(hosts.resolve("files"));
    var need = Need.all(FileStep.TEXT, inventory.hosts());
    var steps =
        List.of(
            new FileStep(files, "name", "n"),
            new FileStep(files, "etc/all", "", FileStep.WRITE, Optional.of(need)),
            new FileStep(files, "etc/with-it", "too", FileStep.WRITE, Optional.of(need)));
    var items = new ArrayList<Item<io.provision.step.Target.OnHost>>();
    for (var step : steps) {
      var position = new Position("book.yml", items.size() + 1, 1);
      items.add(new Item<>(new StepRef("step-" + items.size(), items.size(), position), step));
    }
    var book = new Playbook(List.of(new Play.OnHosts("all", inventory.hosts(), 0, items)));
    var options =
        new Options(Optional.empty(), Set.of(), Set.of(), 8, "killed", Duration.ofMinutes(1));
    var runner = TestRuns.runner(transport, NoCluster.NONE, _ -> {});
    return runner.apply("r", inventory, book, options, Optional.empty()).report();
  }

  private static LocalShell shells(Path hosts) throws IOException {
    return new LocalShell(Files.createDirectories(hosts.resolve("run")));
  }

  private static Map<String, String> digest(Path hosts) throws IOException {
    var files = hosts.resolve("files");
    var digest = new TreeMap<String, String>();
    try (var walk = Files.walk(files)) {
      for (var file : walk.filter(Files::isRegularFile).toList()) {
        digest.put(files.relativize(file).toString(), Files.readString(file));
      }
    }
    return digest;
  }
}

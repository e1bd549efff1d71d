package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.model.Host;
import io.provision.model.Position;
import io.provision.remote.LocalShell;
import io.provision.resource.Absent;
import io.provision.resource.GuardedCommand;
import io.provision.resource.ManagedFile;
import io.provision.resource.Piece;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A package brings files along that later steps of the same list speak of. */
final class BroughtFilesTest {
  @TempDir Path directory;
  private LocalShell transport;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private final List<Host> hosts = List.of(TestInventory.host("a"));

  /** A step that is one piece. */
  private record Of(Piece piece) implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return piece.probes();
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return piece.check(seen);
    }

    @Override
    public Set<Change.Action> mayDo() {
      return EnumSet.allOf(Change.Action.class);
    }
  }

  @BeforeEach
  void setUp() throws IOException {
    transport = new LocalShell(Files.createDirectory(directory.resolve("run")));
  }

  @AfterEach
  void switchOff() {
    transport.close();
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  /** Brings a site that is not wanted, and writes over a file that was as it should be. */
  private Piece packages() {
    var script =
        "echo theirs >%s; echo theirs >%s; echo done >%s"
            .formatted(path("site"), path("conf"), path("package"));
    return new GuardedCommand(
        List.of("/bin/sh", "-c", script),
        Optional.of(path("package")),
        List.of(),
        Duration.ofMinutes(1));
  }

  private Playbook book() throws IOException {
    Files.writeString(directory.resolve("conf"), "ours");
    var conf = ManagedFile.of(path("conf"), Content.of("ours"));
    var pieces = List.of(packages(), new Absent(path("site")), conf);
    var items = new java.util.ArrayList<Item<Target.OnHost>>();
    for (var piece : pieces) {
      var at = new Position("book.yml", items.size() + 1, 1);
      items.add(new Item<>(new StepRef("step-" + items.size(), items.size(), at), new Of(piece)));
    }
    return new Playbook(List.of(new Play.OnHosts("all", hosts, 0, items)));
  }

  @Test
  void whatComesAlongIsMendedInTheSameRun() throws Exception {
    var report = runner().apply("r", TestInventory.of(hosts), book(), options(), Optional.empty());

    assertThat(events).filteredOn(RunEvent.TargetFailed.class::isInstance).isEmpty();
    assertThat(report.report().total()).isEqualTo(new Report.Tally(0, 3, 0, 0, 0, 0, 0));
    assertThat(directory.resolve("site")).doesNotExist();
    assertThat(directory.resolve("conf")).hasContent("ours");
  }

  @Test
  void aPlanSaysThatWhatIsAbsentNowMayComeAlongAndKeepsToThat() throws Exception {
    var book = book();
    var plan = runner().plan("r", TestInventory.of(hosts), book, options());
    assertThat(events)
        .anySatisfy(event ->
            assertThat(event.toString())
                .contains("StepFinished", "step-1", "Pending", "what 'step-0' brings along"));

    var report =
        runner().apply("r", TestInventory.of(hosts), book, options(), Optional.of(plan.plan()));
    assertThat(report.report().stopped()).isEmpty();
    assertThat(directory.resolve("site")).doesNotExist();
  }

  private Runner runner() {
    return new Runner(
        transport,
        new NoDesk(),
        NoCluster.NONE,
        events::add,
        new Interrupt(),
        HostKeyPrompt.REFUSE);
  }

  private static Options options() {
    return new Options(Optional.empty(), Set.of(), Set.of(), 8, "me", Duration.ofMinutes(1));
  }
}

package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Position;
import io.provision.remote.Call;
import io.provision.remote.LocalShell;
import io.provision.remote.ShellFunction;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host that mounts many volumes, say, which come one after the other. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ManyWaitsTest {
  private static final ShellFunction COMES =
      new ShellFunction("it_comes", "mkdir -p \"${1%/*}\" && printf come >\"$1\"");
  private static final ShellFunction SEEMS_TO = new ShellFunction("it_seems_to_come", "true");
  private static final ShellFunction WHY = new ShellFunction("why_not", "true");

  @TempDir Path directory;
  private Path files;
  private LocalShell transport;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();

  @BeforeEach
  void setUp() throws IOException {
    files = Files.createDirectory(directory.resolve("files"));
    transport = new LocalShell(Files.createDirectory(directory.resolve("run")));
  }

  @AfterEach
  void switchOff() {
    transport.close();
  }

  @Test
  void whatComesIsWaitedForHoweverManyThereAre() throws Exception {
    var total = apply(new Awaits(files, 12, COMES)).report().total();
    assertThat(total.failed()).as("%s", events).isZero();
    assertThat(total.ok()).isEqualTo(1);
  }

  @Test
  void whatSeemsToComeAndDoesNotIsGivenUp() throws Exception {
    assertThat(apply(new Awaits(files, 1, SEEMS_TO)).report().total().failed()).isEqualTo(1);
    assertThat(events.toString()).contains("still waiting for file 0");
  }

  @Test
  void whatAlwaysWaitsForSomethingElseIsGivenUp() throws Exception {
    assertThat(apply(new AwaitsAnother(files, new AtomicInteger())).report().total().failed())
        .isEqualTo(1);
    assertThat(events.toString()).contains("still waiting for wait 30");
  }

  /** Never ready, and each time for another reason: as nodes that fail in turn. */
  private record AwaitsAnother(Path root, AtomicInteger waits) implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return new FileStep(root, "file", "come").probes(target);
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      var number = String.valueOf(waits.incrementAndGet());
      return new Check.NotYet(
          "wait " + number, Duration.ofMinutes(1), Call.of(SEEMS_TO, number), Call.of(WHY));
    }
  }

  /** Files that come by themselves, one awaited after the other. */
  private record Awaits(Path root, int files, ShellFunction until) implements Step<Target.OnHost> {
    private List<FileStep> all() {
      return IntStream.range(0, files)
          .mapToObj(i -> new FileStep(root, "file" + i, "come"))
          .toList();
    }

    @Override
    public Probes probes(Target.OnHost target) {
      return all().stream().map(it -> it.probes(target)).reduce(Probes.NONE, Probes::and);
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      for (var i = 0; i < files; i++) {
        var question = all().get(i).question(target);
        if (!seen.of(question).equals("come")) {
          return new Check.NotYet(
              "file " + i,
              Duration.ofMinutes(1),
              Call.of(until, question.arguments().getFirst()),
              Call.of(WHY));
        }
      }
      return new Check.InSync();
    }
  }

  private RunResult apply(Step<Target.OnHost> step) throws InterruptedException {
    var inventory = TestInventory.of(List.of(TestInventory.host("a")));
    var at = new Position("book.yml", 1, 1);
    var item = new Item<>(new StepRef("awaits", 0, at), step);
    var book = new Playbook(List.of(new Play.OnHosts("all", inventory.hosts(), 0, List.of(item))));
    var options = TestRuns.OPTIONS;
    return TestRuns.runner(transport, NoCluster.NONE, events::add)
        .apply("a", inventory, book, options, Optional.empty());
  }
}

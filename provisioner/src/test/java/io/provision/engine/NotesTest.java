package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Host;
import io.provision.model.Position;
import io.provision.model.rotation.Fact;
import io.provision.remote.LocalShell;
import io.provision.remote.RemoteException;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a check has to say besides its verdict reaches the operator, in a plan and in an apply. */
final class NotesTest {
  @TempDir Path directory;
  private LocalShell transport;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private final List<Host> hosts = List.of(TestInventory.host("a"));

  /** A file, and beside it something that is said of it. */
  private record Beside(FileStep file, Check other) implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return file.probes(target);
    }

    @Override
    public List<Fact> facts(Target.OnHost target, Observations seen) {
      return List.of(
          new Fact.Kernel(file.check(target, seen, Known.NOTHING).getClass().getSimpleName()));
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return Checks.together(file.check(target, seen, known), other);
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

  @Test
  void whyAPartIsSkippedIsSaidBesideWhatIsChanged() throws Exception {
    var book = book(new Check.Skipped("the rest belongs below"));

    runner().plan("r", TestInventory.of(hosts), book, TestRuns.OPTIONS);
    assertThat(notes()).containsExactly("the rest belongs below");

    assertThat(apply(book).changed()).isEqualTo(1);
    assertThat(notes()).containsExactly("the rest belongs below");

    // where nothing else is said the reason is the outcome
    assertThat(apply(book).skipped()).isEqualTo(1);
    assertThat(notes()).isEmpty();
  }

  @Test
  void whatIsInSyncCanHaveANote() throws Exception {
    var book = book(new Check.InSync(Observed.noting("look at this")));

    runner().plan("r", TestInventory.of(hosts), book, TestRuns.OPTIONS);
    assertThat(notes()).containsExactly("look at this");

    assertThat(apply(book).changed()).isEqualTo(1);
    assertThat(notes()).containsExactly("look at this");

    assertThat(apply(book).ok()).isEqualTo(1);
    assertThat(notes()).containsExactly("look at this");
  }

  /** Each time by what was seen then: before anything is done, and again once it was. */
  @Test
  void whatALookTellsForASummaryIsLearntBeforeAndAfterARepair() throws Exception {
    var book = book(new Check.InSync());

    runner().plan("r", TestInventory.of(hosts), book, TestRuns.OPTIONS);
    assertThat(learnt()).containsExactly("Drift");
    assertThat(apply(book).changed()).isEqualTo(1);
    assertThat(learnt()).containsExactly("Drift", "InSync");
    assertThat(apply(book).ok()).isEqualTo(1);
    assertThat(learnt()).containsExactly("InSync");
  }

  @Test
  void whatIsSeenOfOneThatIsRefusedIsLearntAllTheSame() throws Exception {
    assertThat(apply(book(new Check.Refused("no", "never"))).failed()).isEqualTo(1);
    assertThat(learnt()).containsExactly("Drift");
  }

  private List<String> learnt() {
    var facts =
        events.stream()
            .filter(RunEvent.Learnt.class::isInstance)
            .map(event -> ((Fact.Kernel) ((RunEvent.Learnt) event).fact()).release())
            .toList();
    events.clear();
    return facts;
  }

  /** Those since it was asked the last time. */
  private List<String> notes() {
    var notes =
        events.stream()
            .filter(RunEvent.Note.class::isInstance)
            .map(event -> ((RunEvent.Note) event).text())
            .toList();
    events.clear();
    return notes;
  }

  private Report.Tally apply(Playbook book) throws RemoteException, InterruptedException {
    return runner()
        .apply("r", TestInventory.of(hosts), book, TestRuns.OPTIONS, Optional.empty())
        .report()
        .total();
  }

  private Playbook book(Check other) {
    var ref = new StepRef("step", 0, new Position("book.yml", 1, 1));
    var step = new Beside(new FileStep(directory, "motd", "hi"), other);
    return new Playbook(List.of(new Play.OnHosts("all", hosts, 0, List.of(new Item<>(ref, step)))));
  }

  private Runner runner() {
    return TestRuns.runner(transport, NoCluster.NONE, events::add);
  }
}

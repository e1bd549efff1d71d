package io.provision.engine;

import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Content;
import io.provision.model.Host;
import io.provision.model.Position;
import io.provision.remote.CountedRequests;
import io.provision.remote.Interposed;
import io.provision.remote.LocalShell;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.resource.Piece;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs of steps that are one piece each, on one host, whose execs are counted. */
abstract class PieceRuns {
  /** The look under the lock; the last one goes with the last repair. */
  static final int LOOKS = 1;

  static final Output<String> OUTPUT = new Output<>("an output", String.class);

  @TempDir Path directory;
  LocalShell shells;
  final CountedRequests requests = new CountedRequests();
  final List<RunEvent> events = new CopyOnWriteArrayList<>();
  final List<Host> hosts = List.of(TestInventory.host("a"));

  /** A step that is one piece, and promises what it is told to. */
  record Of(Piece piece, Set<Output<?>> provided) implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return piece.probes();
    }

    @Override
    public Set<Output<?>> provides(Target.OnHost target) {
      return provided;
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return piece.check(seen);
    }
  }

  /** A file with a repair of its own. */
  record Own(Question<FileState> question, Script script, boolean bringsFiles) implements Piece {
    @Override
    public Probes probes() {
      return Probes.of(question);
    }

    @Override
    public Check check(Observations seen) {
      return seen.of(question).exists()
          ? new Check.InSync()
          : new Check.Drift(
              List.of(Change.of(Change.Action.CREATE, question.arguments().getFirst())),
              new Repair.OnHost(List.of(script), bringsFiles));
    }
  }

  @BeforeEach
  void setUp() throws IOException {
    shells = new LocalShell(java.nio.file.Files.createDirectory(directory.resolve("run")));
  }

  @AfterEach
  void switchOff() {
    shells.close();
  }

  String path(String name) {
    return directory.resolve(name).toString();
  }

  ManagedFile file(String name) {
    return ManagedFile.of(path(name), Content.of(name));
  }

  Own own(String name, String body) {
    var function = new ShellFunction("make_" + name, body);
    return new Own(Files.at(path(name)), Script.of(function, path(name)), false);
  }

  Own standing(String name, String body) {
    var own = own(name, body);
    return new Own(own.question(), own.script().standingAlone(), false);
  }

  Own bringing(String name, String body) {
    var own = standing(name, body);
    return new Own(own.question(), own.script(), true);
  }

  Playbook book(Piece... pieces) {
    var items = new ArrayList<Item<Target.OnHost>>();
    for (var piece : pieces) {
      items.add(item(items.size(), new Of(piece, Set.of())));
    }
    return new Playbook(List.of(new Play.OnHosts("all", hosts, 0, items)));
  }

  static Item<Target.OnHost> item(int index, Of step) {
    return new Item<>(ref(index), step);
  }

  static StepRef ref(int index) {
    return new StepRef("step-" + index, index, new Position("book.yml", index + 1, 1));
  }

  Report apply(Playbook book) throws Exception {
    events.clear();
    requests.taken();
    return runner()
        .apply("r", TestInventory.of(hosts), book, TestRuns.OPTIONS, Optional.empty())
        .report();
  }

  Runner runner() {
    return TestRuns.runner(new Interposed(shells, requests), NoCluster.NONE, events::add);
  }

  /** What its host is told to have been asked. */
  int told() {
    return events.stream()
        .filter(RunEvent.Parted.class::isInstance)
        .mapToInt(event -> ((RunEvent.Parted) event).requests())
        .sum();
  }

  List<Outcome> outcomes() {
    return events.stream()
        .filter(RunEvent.StepFinished.class::isInstance)
        .map(event -> ((RunEvent.StepFinished) event).outcome())
        .toList();
  }

  List<String> changed() {
    return outcomes().stream()
        .map(it -> ((Outcome.Changed) it).changes().getFirst().subject())
        .toList();
  }
}

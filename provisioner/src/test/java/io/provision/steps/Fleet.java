package io.provision.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.Desk;
import io.provision.desk.DeskException;
import io.provision.desk.DeskQuestion;
import io.provision.kube.ClusterActions;
import io.provision.kube.ClusterException;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.FakeApi;
import io.provision.kube.FakeCluster;
import io.provision.kube.FakeNodes;
import io.provision.kube.PassedTime;
import io.provision.kube.comparison.Previews;
import io.provision.load.playbook.PlaybookAssembler;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Secret;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.remote.Payload;
import io.provision.resource.LocalHost;
import io.provision.resource.kernel.Machine;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.step.TestKnown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Hosts that are directories, a cluster that keeps what is applied, and an operator's machine:
 * steps are looked at, repaired and looked at again on them, one after the other as a playbook
 * lists them, and what each observes is known to those after it. The look alone says whether a step
 * is in sync; nothing here answers it but what the repairs have changed.
 */
final class Fleet {
  private static final int MOST_ROUNDS = 4;
  private int moments = 100;

  private final Inventory inventory;
  private final Path directory;
  private final Desk desk;
  private final Map<HostName, LocalHost> hosts = new LinkedHashMap<>();
  private final TestKnown known = new TestKnown();
  private final Set<String> drifted = new TreeSet<>();
  final FakeCluster cluster = new FakeCluster();
  private Runnable controller = () -> {};
  final FakeNodes nodes = new FakeNodes();
  private final FakeApi api = new FakeApi(cluster, nodes);

  Fleet(Path directory, Inventory inventory, Desk desk) throws IOException {
    this.inventory = inventory;
    this.directory = directory;
    this.desk = desk;
    for (var host : inventory.hosts()) {
      var root = Files.createDirectories(root(host.name().value()));
      for (var each :
          List.of("etc", "var", "run", "proc/self", "sys", "dev", "opt", "usr/local/bin")) {
        Files.createDirectories(root.resolve(each));
      }
      Files.deleteIfExists(shared().resolve("hosts").resolve(host.name().value()));
      Files.createSymbolicLink(
          Files.createDirectories(shared().resolve("hosts")).resolve(host.name().value()), root);
      var it = new LocalHost(directory.resolve(host.name() + ".of")).below(root).withoutSleep();
      for (var program : List.of("stat", "sha256sum")) { // names are those that were asked for
        var _ =
            it.program(program, "/usr/bin/%s \"$@\" | sed 's: %s/: /:'".formatted(program, root));
      }
      hosts.put(host.name(), it.carrying(this::bytes));
    }
  }

  /** What the cluster does by itself, before actions and after changes through its API. */
  void controller(Runnable does) {
    controller = does;
  }

  /** The directory that is the root of a host. */
  Path root(String host) {
    return directory.resolve(host);
  }

  /** What the hosts have together: the pool of a GlusterFS. */
  Path shared() {
    return directory.resolve("shared");
  }

  /**
   * Puts a stand-in before a program on every host. It finds {@code $root}, the host's root, {@code
   * $self}, its name, and {@code $fleet}, what all have together.
   */
  Fleet program(String name, String body) {
    hosts.forEach((host, it) -> {
      var _ = it.program(name, variables(host.value()) + body);
    });
    return this;
  }

  private String variables(String host) {
    return "root='%s' self='%s' fleet='%s'\n".formatted(root(host), host, shared());
  }

  /** What a host's service manager runs when it starts a unit. */
  void start(String host, String unit, String body) throws IOException {
    var _ = file(host, "starts/" + unit, "#!/bin/sh\n" + variables(host) + body);
    assertThat(root(host).resolve("starts").resolve(unit).toFile().setExecutable(true)).isTrue();
  }

  /** A stand-in that is a file among the resources. */
  Fleet program(String name) throws IOException {
    return program(name, resource(name));
  }

  static String resource(String name) throws IOException {
    return Files.readString(Path.of("src/test/resources/fleet", name));
  }

  /** Writes a file on a host. */
  Fleet file(String host, String path, String text) throws IOException {
    var file = root(host).resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return this;
  }

  /** A value that a step finds which none of these steps gave. */
  <V> Fleet known(HostName host, Output<V> output, V value) {
    known.has(host, output, value);
    return this;
  }

  /** What nothing here can answer, a stand-in was asked all the same. */
  String strange() throws IOException {
    var file = shared().resolve("strange");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  /** Everything that any repair printed. */
  String said() {
    var all = new StringBuilder();
    hosts.values().forEach(host -> all.append(host.said()));
    return all.toString();
  }

  /**
   * Brings one step to its wanted state on all its targets and shows that the look says so, then
   * that a second run finds nothing to do.
   *
   * @return whether anything had to be repaired
   */
  boolean converge(String name) throws Exception {
    var step = ContractSteps.bound(ContractSteps.ALL.get(name), directory);
    drifted.clear();
    var open = converge(name, step);
    for (var round = 1; !open.isEmpty() && round < MOST_ROUNDS; round++) {
      open = converge(name, step);
    }
    assertThat(open).as("%s is not in sync", name).isEmpty();
    var repaired = !drifted.isEmpty();
    drifted.clear();
    assertThat(converge(name, step)).as("%s, a second time", name).isEmpty();
    assertThat(drifted).as("%s is repaired a second time", name).isEmpty();
    return repaired;
  }

  /** What is left open on the targets of a step after each was repaired once. */
  private Set<String> converge(String name, Record step) throws Exception {
    var at = PlaybookAssembler.targetOf(step.getClass());
    var open = new TreeSet<String>();
    if (at == Target.OnDesk.class) {
      converge(name, of(step), new Target.OnDesk(inventory), open);
    } else if (at == Target.OnCluster.class) {
      converge(name, of(step), new Target.OnCluster(inventory), open);
    } else {
      for (var host : inventory.hosts()) {
        converge(name, of(step), new Target.OnHost(host, inventory), open);
      }
    }
    return open;
  }

  @SuppressWarnings("unchecked") // the step says itself which target it is for
  private static <T extends Target> Step<T> of(Record step) {
    return (Step<T>) step;
  }

  private <T extends Target> void converge(String name, Step<T> step, T target, Set<String> open)
      throws Exception {
    var where = where(target);
    var check = check(step, target);
    if (check instanceof Check.Drift drift) {
      drifted.add(where);
      assertThat(step.mayDo())
          .as("what %s may do", name)
          .containsAll(drift.changes().stream().map(it -> it.action()).toList());
      repair(where, target, drift.repair());
      check = check(step, target);
    }
    switch (check) {
      case Check.InSync(var observed) -> settle(target, observed);
      case Check.Skipped(_, var observed) -> settle(target, observed);
      case Check.NotYet(var awaited, _, _) -> open.add(where + " awaits " + awaited);
      case Check.Drift(var changes, _, _) ->
          throw new AssertionError(
              "%s on %s: after its repair it still differs: %s%n%s"
                  .formatted(name, where, changes, said()));
      case Check.Refused _, Check.Unknown _, Check.Leaving _ ->
          throw new AssertionError("%s on %s: %s".formatted(name, where, check));
    }
  }

  private <T extends Target> Check check(Step<T> step, T target) throws Exception {
    return step.check(target, look(step, target), known);
  }

  private <T extends Target> Observations look(Step<T> step, T target)
      throws DeskException, ClusterException, InterruptedException {
    var probes = step.probes(target).and(step.probes(target, known));
    var seen = new Observations.Builder();
    if (target instanceof Target.OnHost(var host, _)) {
      var answers = hosts.get(host.name()).look(probes);
      probes.questions().forEach(question -> put(question, answers, seen));
      seen.put(Machine.question(), new Machine("")); // its kernel is its own
    }
    var asked = new ArrayList<ClusterQuestion<?>>(probes.cluster());
    Previews.added(api.view(), api.view().look(asked)).forEach(seen::put);
    for (var question : probes.desk()) {
      ask(question, seen);
    }
    return seen.build();
  }

  private static <A> void put(
      Question<A> question, Observations answers, Observations.Builder into) {
    into.put(question, answers.of(question));
  }

  private <A> void ask(DeskQuestion<A> question, Observations.Builder into) throws DeskException {
    into.put(question, desk.view().look(question));
  }

  private void repair(String where, Target target, Repair repair) throws Exception {
    switch (repair) {
      case Repair.OnHost _ -> hosts.get(((Target.OnHost) target).host().name()).repair(repair);
      case Repair.OnCluster(var changes) -> {
        for (var change : changes) {
          api.change(change);
        }
        workloadsComeUp();
        controller.run();
      }
      case Repair.OnDesk(var changes) -> {
        for (var change : changes) {
          desk.change(change, this::read);
        }
      }
      case Repair.InOrder(var parts) -> {
        for (var part : parts) {
          repair(where, target, part);
        }
      }
      case Repair.OnApi(_, var actions) -> {
        controller.run();
        for (var action : actions) {
          new ClusterActions(nodes, new PassedTime(this::moment), _ -> {}).run(action);
        }
      }
      case Repair.Reboot _,
          Repair.PowerCut _,
          Repair.AwaitHosts _,
          Repair.OnOthers _,
          Repair.AwaitChecks _,
          Repair.RunHooks _,
          Repair.Tell _,
          Repair.InWindow _,
          Repair.Guarded _ ->
          throw new AssertionError("%s: not here: %s".formatted(where, repair));
    }
  }

  private void moment(Duration time) {
    if (--moments < 0) {
      throw new AssertionError("it is waited for what never comes");
    }
  }

  /** As Kubernetes' own controllers say it of what has come up with its newest generation. */
  private void workloadsComeUp() {
    for (var ref : cluster.refs()) {
      var live = cluster.find(ref).orElseThrow();
      var generation = ((Map<?, ?>) live.get("metadata")).get("generation");
      switch (ref.kind()) {
        case "Deployment" -> {
          var spec = (Map<?, ?>) live.get("spec");
          var replicas = spec.get("replicas") instanceof Integer number ? number : 1;
          cluster.status(
              ref,
              Map.of(
                  "observedGeneration", generation,
                  "replicas", replicas,
                  "updatedReplicas", replicas,
                  "availableReplicas", replicas));
        }
        case "DaemonSet" ->
            cluster.status(
                ref,
                Map.of(
                    "observedGeneration", generation,
                    "desiredNumberScheduled", 1,
                    "numberAvailable", 1));
        case "CustomResourceDefinition" ->
            cluster.status(
                ref,
                Map.of("conditions", List.of(Map.of("type", "Established", "status", "True"))));
        default -> {} // it has no status that anything waits for
      }
    }
  }

  private Secret read(Handoff handoff) {
    return Secret.of(bytes(handoff));
  }

  private byte[] bytes(Payload payload) {
    return switch (payload) {
      case Handoff.Kept(var from, var read) -> handedOver(from, read);
      case Payload.Artifact artifact -> {
        try {
          yield Files.readAllBytes(desk.artifact(artifact));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        } catch (DeskException e) {
          throw new IllegalStateException(e);
        }
      }
      case Handoff.Made _, Payload.Bytes _, Payload.LocalFile _, Payload.Upload _ ->
          throw new IllegalStateException("not here: " + payload);
    };
  }

  private byte[] handedOver(HostName from, Call read) {
    return hosts.get(from).handedOver(read);
  }

  @SuppressWarnings("unchecked") // Observed has cast it
  private void settle(Target target, Observed observed) {
    observed
        .values()
        .forEach((output, value) -> {
          var of = (Output<Object>) output;
          var _ =
              switch (target) {
                case Target.OnHost(var host, _) -> known.has(host.name(), of, value);
                case Target.OnCluster _ -> known.inCluster(of, value);
                case Target.OnDesk _ -> known.here(of, value);
              };
        });
  }

  private static String where(Target target) {
    return switch (target) {
      case Target.OnHost(var host, _) -> host.name().value();
      case Target.OnCluster _ -> "cluster";
      case Target.OnDesk _ -> "local";
    };
  }
}

package io.provision.steps.kubernetes.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ClusterAction;
import io.provision.kube.Time;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.FileTransfer;
import io.provision.resource.Files;
import io.provision.resource.kernel.AskedFromHere;
import io.provision.step.Absence;
import io.provision.step.Absences;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.k3s.K3sDistribution;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.rotation.GivenChoice;
import io.provision.steps.rotation.SelfReboots;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A node whose power is cut: behind which gates, in which order, and how it comes back. */
final class NodeOutageTest {
  private static final FileState THERE =
      new FileState(
          FileState.Type.FILE,
          false,
          FileMode.PRIVATE,
          new FileState.Owner("root", "root", "0", "0"),
          0,
          Optional.empty(),
          Optional.empty());

  private final Inventory inventory =
      Cases.inventory(
          Cases.server(1), Cases.server(2), Cases.server(3), Cases.agent(1), Cases.agent(2));

  /** An area that holds data. */
  private record Holding() implements Absence {
    @Override
    public List<Repair.AwaitHosts> beforeItGoes(Target.OnHost target, Duration patience) {
      return List.of(
          new Repair.AwaitHosts("leave to go", patience, Map.of(), (_, _) -> List.of(), "fix it"));
    }

    @Override
    public List<Repair> asItGoes(Target.OnHost target) {
      return List.of(new Repair.OnHost(Script.of(new ShellFunction("bricks_end", "return 0"))));
    }

    @Override
    public List<Repair> onceItStays(Target.OnHost target) {
      return List.of(new Repair.OnHost(Script.of(new ShellFunction("bricks_begin", "return 0"))));
    }

    @Override
    public List<Repair.AwaitHosts> onceItIsBack(Target.OnHost target, Duration patience) {
      return List.of(
          new Repair.AwaitHosts("its data", patience, Map.of(), (_, _) -> List.of(), "fix it"));
    }
  }

  private static NodeOutage step(boolean cuts) {
    var reboot =
        new NodeReboot(
            Distributions.of(List.of(new K3sDistribution())),
            new Absences(List.of(new Holding())),
            GivenChoice.NONE);
    return new NodeOutage(
        reboot, cuts ? Optional.of((_, _, _) -> true) : Optional.empty(), Duration.ofMinutes(20));
  }

  private Check check(NodeOutage step, Host host, FileState marker, boolean here) {
    return step.check(Cases.on(host, inventory), seen(marker, here), well(inventory));
  }

  private static Observations seen(FileState marker, boolean here) {
    return new Observations.Builder()
        .put(AskedFromHere.QUESTION, here)
        .put(Files.at(NodeReboot.MARKER), marker)
        .build();
  }

  private static Cases.Settled well(Inventory inventory) {
    var known = new Cases.Settled().ofCluster(OtherRebooters.FOUND, new Rebooters(List.of()));
    for (var server : Nodes.servers(inventory)) {
      known = known.address(server).has(server, ClusterAccess.OUTPUT, access(server));
    }
    return known;
  }

  private static ClusterAccess access(Host server) {
    return new ClusterAccess(
        List.of("https://%s:6443".formatted(server)),
        new Handoff.Kept(new HostName("cp1"), Call.of(FileTransfer.READ, "/k")),
        Optional.empty());
  }

  private static List<String> actions(Check check) {
    return ((Check.Drift) check)
        .repair().leaves().stream().flatMap(NodeOutageTest::actions).toList();
  }

  private static String all(List<Repair> repairs) {
    return repairs.stream()
        .flatMap(it -> it.leaves().stream())
        .flatMap(NodeOutageTest::actions)
        .collect(Collectors.joining(", "));
  }

  private static Stream<String> actions(Repair repair) {
    return switch (repair) {
      case Repair.OnHost(var scripts, _) ->
          scripts.stream().map(script -> script.call().function().name());
      case Repair.AwaitHosts gate ->
          Stream.of(
              gate.what() + (gate.otherwise().isEmpty() ? "" : " or " + all(gate.otherwise())));
      case Repair.PowerCut cut ->
          Stream.of(
              "cut, seen by %s, or %s"
                  .formatted(
                      cut.access().orElseThrow().servers().getFirst(), all(cut.otherwise())));
      case Repair.Guarded(var parts, var otherwise) when all(parts).startsWith("note of the cut") ->
          Stream.of("%s, or %s".formatted(all(parts), all(otherwise)));
      case Repair.Guarded(var parts, _) -> parts.stream().flatMap(NodeOutageTest::actions);
      case Repair.OnApi(_, var actions) ->
          actions.stream()
              .map(action ->
                  switch (action) {
                    case ClusterAction.ClaimInTurn(var node, var claim) ->
                        "claim %s for %s".formatted(node, claim);
                    case ClusterAction.RefuseUncordoned(var node) -> "refuse uncordoned " + node;
                    case ClusterAction.SpreadAgain(var node, _, _) -> "spread over " + node;
                    case ClusterAction.Uncordon(var node, var claim) ->
                        "uncordon %s for %s".formatted(node, claim);
                    case ClusterAction.Release(var node, var claim) ->
                        "release %s for %s".formatted(node, claim);
                    case ClusterAction.RefuseForeign(var node, var claim) ->
                        "refuse foreign %s for %s".formatted(node, claim);
                    case ClusterAction.RefuseClaimed(var node) -> "refuse claimed " + node;
                    case ClusterAction.TakeTurn(var node, _) -> "turn of " + node;
                    case ClusterAction.NotePowerCut(var node) -> "note of the cut on " + node;
                    case ClusterAction.EndTurn(var node) -> "turn over of " + node;
                    case ClusterAction.Await await -> "await " + await.what();
                    default -> throw new IllegalStateException(action.toString());
                  });
      default -> throw new IllegalStateException(repair.toString());
    };
  }

  /** That it is out of use is on its disk before anything of it can be lost. */
  @Test
  void itIsClaimedBehindAllGatesAndCutWithNothingEndedBefore() {
    var actions = actions(check(step(true), Cases.agent(1), FileState.ABSENT, false));
    assertThat(actions)
        .filteredOn(it -> !it.matches("refuse claimed .*|.*without which no other node goes"))
        .containsExactly(
            "leave to go",
            "turn of w1",
            "refuse foreign w1 for rotation",
            "mark_out_of_use",
            "mark_on_disk",
            "claim w1 for rotation",
            "leave to go or release w1 for rotation, turn over of w1, mark_in_use",
            "refuse uncordoned w1",
            "leave to go or release w1 for rotation, turn over of w1, mark_in_use",
            "note of the cut on w1, or release w1 for rotation, turn over of w1, mark_in_use",
            "cut, seen by https://cp1:6443, or release w1 for rotation, turn over of w1,"
                + " mark_in_use",
            "bricks_begin",
            "its data",
            "await w1 to be heard of anew",
            "await w1 to be Ready",
            "uncordon w1 for rotation",
            "spread over w1",
            "release w1 for rotation",
            "turn over of w1",
            "mark_in_use");
    var before = actions.subList(0, actions.indexOf("mark_out_of_use"));
    assertThat(before).contains("refuse claimed w2", "refuse claimed cp1");
  }

  /** Whatever is looked at then does not hang on it. */
  @Test
  void aServerIsLookedAtThroughAnotherOneWhileAllOthersAreReady() {
    var actions = actions(check(step(true), Cases.server(1), FileState.ABSENT, false));
    assertThat(actions).anyMatch(it -> it.startsWith("cut, seen by https://cp2:6443"));
    assertThat(actions)
        .containsSubsequence("await_other_apis", "claim cp1 for rotation", "await_other_apis")
        .contains("await_own_api");
  }

  @Test
  void whereEtcdHasNoMajorityWithoutItNothingIsCut() {
    for (var servers :
        List.of(List.of(Cases.server(1)), List.of(Cases.server(1), Cases.server(2)))) {
      var hosts = Stream.concat(servers.stream(), Stream.of(Cases.agent(1))).toArray(Host[]::new);
      var few = Cases.inventory(hosts);
      assertThat(
              step(true)
                  .check(Cases.on(Cases.server(1), few), seen(FileState.ABSENT, false), well(few)))
          .isInstanceOfSatisfying(Check.Refused.class, it -> assertThat(it.unsafe()).isTrue());
      assertThat(
              step(true)
                  .check(Cases.on(Cases.agent(1), few), seen(FileState.ABSENT, false), well(few)))
          .isInstanceOf(Check.Drift.class);
    }
  }

  @Test
  void theMachineThatTheCommandRunsOnIsNotCut() {
    assertThat(check(step(true), Cases.agent(1), FileState.ABSENT, true))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("runs on it"));
  }

  @Test
  void whereAnotherRebootsNodesNothingIsCut() {
    for (var other : List.of(Cases.agent(1), Cases.agent(2), Cases.server(1))) {
      var self =
          well(inventory).has(other, SelfReboots.WHEN, new SelfReboots.When(Optional.of("02:00")));
      var target = Cases.on(Cases.agent(1), inventory);
      assertThat(step(true).check(target, seen(FileState.ABSENT, false), self))
          .isInstanceOf(Check.Refused.class);
      assertThat(step(true).needs(target).toString()).as("asked of").contains(other.name().value());
    }
  }

  /** Of a run that was killed: it is not cut a second time. */
  @Test
  void whatWasLeftOutOfUseIsGivenBackAndNotCut() {
    for (var cuts : List.of(true, false)) {
      assertThat(actions(check(step(cuts), Cases.agent(1), THERE, false)))
          .containsExactly(
              "bricks_begin",
              "its data",
              "await w1 to be heard of anew",
              "await w1 to be Ready",
              "uncordon w1 for rotation",
              "spread over w1",
              "release w1 for rotation",
              "turn over of w1",
              "mark_in_use");
    }
    assertThat(check(step(false), Cases.agent(1), FileState.ABSENT, false))
        .isInstanceOf(Check.InSync.class);
  }

  /** It is looked at again after its repair, which has taken the marker away. */
  @Test
  void anOutageThatIsOverIsNoneToCome() {
    var over =
        new Repair.PowerOutage() {
          @Override
          public boolean happen(Repair.Sight sight, Time time, Consumer<String> progress) {
            throw new IllegalStateException("a second time");
          }

          @Override
          public boolean isOver() {
            return true;
          }
        };
    var step = new NodeOutage(step(true).reboot(), Optional.of(over), Duration.ofMinutes(20));
    assertThat(check(step, Cases.agent(1), FileState.ABSENT, false))
        .isInstanceOf(Check.InSync.class);
    assertThat(check(step, Cases.agent(1), THERE, false)).isInstanceOf(Check.Drift.class);
  }

  @Test
  void whatItDoesIsWhatItMayDo() {
    var check = (Check.Drift) check(step(true), Cases.agent(1), FileState.ABSENT, false);
    assertThat(step(true).mayDo())
        .containsAll(check.changes().stream().map(it -> it.action()).toList());
  }
}

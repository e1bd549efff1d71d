package io.provision.steps.kubernetes.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ClusterAction;
import io.provision.kube.ObjectStates.State;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.model.rotation.HostUpdate;
import io.provision.model.rotation.RotationChoice;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.FileTransfer;
import io.provision.resource.Files;
import io.provision.resource.kernel.AskedFromHere;
import io.provision.resource.kernel.RebootWanted;
import io.provision.step.Absence;
import io.provision.step.Absences;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.k3s.K3sDistribution;
import io.provision.steps.kubernetes.ApiServer;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.rotation.GivenChoice;
import io.provision.steps.rotation.SelfReboots;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A node that wants a reboot: whose turn it is, what is done in which order, and what is not. */
final class NodeRebootTest {
  private static final FileState THERE =
      new FileState(
          FileState.Type.FILE,
          false,
          FileMode.PRIVATE,
          new FileState.Owner("root", "root", "0", "0"),
          0,
          Optional.empty(),
          Optional.empty());

  private static final Pattern OTHERS =
      Pattern.compile("refuse claimed .*|.*without which no other node goes");

  private static final RebootWanted WANTED = new RebootWanted.Yes(List.of("linux-image"));
  private static final NodeReboot STEP =
      new NodeReboot(
          Distributions.of(List.of(new K3sDistribution())),
          new Absences(List.of(new Guarded())),
          GivenChoice.NONE);

  /** An area that the workers with the role storage belong to. */
  private record Guarded() implements Absence {
    private static Repair script(String name) {
      return new Repair.OnHost(Script.of(new ShellFunction(name, "return 0")));
    }

    private static List<Repair.AwaitHosts> gate(
        Target.OnHost target, String what, Duration patience) {
      return target.host().is(Role.STORAGE)
          ? List.of(new Repair.AwaitHosts(what, patience, Map.of(), (_, _) -> List.of(), "fix it"))
          : List.of();
    }

    @Override
    public List<Repair.AwaitHosts> beforeItGoes(Target.OnHost target, Duration patience) {
      return gate(target, "leave to go", patience);
    }

    @Override
    public List<Repair> asItGoes(Target.OnHost target) {
      return target.host().is(Role.STORAGE) ? List.of(script("bricks_end")) : List.of();
    }

    @Override
    public List<Repair> onceItStays(Target.OnHost target) {
      return target.host().is(Role.STORAGE) ? List.of(script("bricks_begin")) : List.of();
    }

    @Override
    public List<Repair.AwaitHosts> onceItIsBack(Target.OnHost target, Duration patience) {
      return gate(target, "all of its data", patience);
    }
  }

  private static final Host GUARDED =
      Cases.host("s1", 50, Set.of(Role.WORKER, Role.STORAGE), Map.of());

  private final Inventory inventory =
      Cases.inventory(
          Cases.server(1), Cases.server(2), Cases.server(3), Cases.agent(1), Cases.agent(2));

  @Test
  void anAgentIsDrainedRebootedHeardOfAndTakenBack() {
    var check = check(Cases.agent(1), WANTED, FileState.ABSENT, well());
    assertThat(actions(check))
        .filteredOn(it -> !OTHERS.matcher(it).matches())
        .containsExactly(
            "turn of w1",
            "refuse foreign w1 for rotation",
            "mark_out_of_use",
            "claim w1 for rotation",
            "drain w1 for rotation",
            "refuse uncordoned w1",
            "reboot",
            "await w1 to be heard of anew",
            "await w1 to be Ready",
            "uncordon w1 for rotation",
            "spread over w1 from cp1 cp2 cp3 w2",
            "release w1 for rotation",
            "turn over of w1",
            "mark_in_use");
    assertThat(((Check.Drift) check).changes())
        .extracting(change -> change.action() + " " + change.subject())
        .containsExactly("DRAIN node w1, after cp1, cp2, cp3", "RESTART host");
    assertThat(((Check.Drift) check).changes().getLast().toString()).contains("linux-image");
    assertThat(STEP.mayDo())
        .containsAll(((Check.Drift) check).changes().stream().map(Change::action).toList());
  }

  /** Through one that runs on; and the next server waits for its API. */
  @Test
  void aServerIsWorkedOnThroughAnotherOneAndItsApiIsAwaited() {
    var check = check(Cases.server(1), WANTED, FileState.ABSENT, well());
    assertThat(actions(check))
        .containsSubsequence(
            "drain cp1 for rotation", "reboot", "await_own_api", "release cp1 for rotation");
    assertThat(drainedBy(check)).isEqualTo("https://cp2:6443");
    assertThat(drainedBy(check(Cases.agent(1), WANTED, FileState.ABSENT, well())))
        .isEqualTo("https://cp1:6443");
  }

  /** What was looked at when the run began can be an hour old. */
  @Test
  void beforeTheDrainAndBeforeTheRebootAllOthersAreThere() {
    var check = check(Cases.server(1), WANTED, FileState.ABSENT, well());
    var all = actions(check);
    var begin = all.subList(0, all.indexOf("mark_out_of_use"));
    var drained = all.subList(all.indexOf("drain cp1 for rotation"), all.indexOf("reboot"));
    for (var other : List.of("cp2", "cp3", "w1", "w2")) {
      for (var part : List.of(begin, drained)) {
        assertThat(part)
            .containsSubsequence(
                "await %s to be Ready, without which no other node goes".formatted(other),
                "refuse claimed " + other)
            .contains("await_other_apis");
      }
    }
    assertThat(all).doesNotContain("refuse claimed cp1");
  }

  /** By its own address: the endpoint may be that of another, which is well. */
  @Test
  void theApiOfEachOtherServerIsAskedFromTheServerThatGoes() {
    var asked =
        ((Check.Drift) check(Cases.server(1), WANTED, FileState.ABSENT, well()))
            .repair().leaves().stream()
                .flatMap(it ->
                    it instanceof Repair.Guarded(var parts, _) ? parts.stream() : Stream.of(it))
                .filter(Repair.OnHost.class::isInstance)
                .flatMap(it -> ((Repair.OnHost) it).scripts().stream())
                .filter(it -> it.call().function().name().equals("await_other_apis"))
                .map(it -> it.call().arguments().stream().skip(2).toList())
                .toList();
    var others =
        Stream.of(Cases.server(2), Cases.server(3))
            .map(it -> ApiServer.url(it.address().value()))
            .toList();
    assertThat(asked).containsExactly(others, others);
    assertThat(STEP.needs(Cases.on(Cases.agent(1), inventory)))
        .contains(Need.someSoFar(Nodes.ADDRESS, Nodes.servers(inventory)));
  }

  @Test
  void anotherNodeThatIsNotReadyIsWaitedForAndOneThatHasNotJoinedIsNot() {
    var condition =
        onApi(check(Cases.server(1), WANTED, FileState.ABSENT, well()))
            .flatMap(it -> it.actions().stream())
            .filter(ClusterAction.Await.class::isInstance)
            .map(it -> ((ClusterAction.Await) it).condition())
            .findFirst()
            .orElseThrow();
    assertThat(condition.missing(Optional.empty())).isEmpty();
    assertThat(condition.missing(node("True"))).isEmpty();
    assertThat(condition.missing(node("Unknown"))).isPresent();
  }

  @Test
  void whatWantsNoneIsLeftAlone() {
    var check = check(Cases.agent(1), new RebootWanted.No(), FileState.ABSENT, well());
    assertThat(check)
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it -> assertThat(it.observed().values()).containsEntry(NodeReboot.REBOOTED, true));
  }

  /** A run was killed between the reboot and the end. */
  @Test
  void whatAKilledRunHasLeftIsGivenBack() {
    var check = check(Cases.agent(1), new RebootWanted.No(), THERE, well());
    assertThat(actions(check))
        .containsExactly(
            "await w1 to be heard of anew",
            "await w1 to be Ready",
            "uncordon w1 for rotation",
            "spread over w1 from cp1 cp2 cp3 w2",
            "release w1 for rotation",
            "turn over of w1",
            "mark_in_use");
    var before = check(Cases.agent(1), WANTED, THERE, well());
    assertThat(actions(before))
        .containsSubsequence("mark_out_of_use", "drain w1 for rotation", "reboot");
  }

  /** Nobody misses one that comes back; else it stayed cordoned for as long as another fails. */
  @Test
  void whatAKilledRunHasLeftIsGivenBackWhoeverFailed() {
    var failed = well().never(Cases.server(1), NodeReboot.REBOOTED);
    for (var wanted : List.of(WANTED, new RebootWanted.No())) {
      assertThat(actions(check(Cases.agent(1), wanted, THERE, failed)))
          .contains("release w1 for rotation", "mark_in_use")
          .doesNotContain("reboot", "drain w1 for rotation");
    }
  }

  @Test
  void withoutAnyApiNothingIsGivenBackAndThatIsSaid() {
    var known = new Cases.Settled().ofCluster(OtherRebooters.FOUND, new Rebooters(List.of()));
    for (var server : Nodes.servers(inventory)) {
      known = known.never(server, ClusterAccess.OUTPUT);
    }
    assertThat(check(Cases.agent(1), new RebootWanted.No(), THERE, known))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("no API server answers"));
  }

  @Test
  void oneComesAfterTheOtherAndNobodyAfterOneThatFailed() {
    var failed = well().never(Cases.server(1), NodeReboot.REBOOTED);
    assertThat(check(Cases.server(2), WANTED, FileState.ABSENT, failed))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("its reboot", "cp1"));
    var agent = well().never(Cases.agent(1), NodeReboot.REBOOTED);
    assertThat(check(Cases.agent(2), WANTED, FileState.ABSENT, agent))
        .as("one agent at a time")
        .isInstanceOf(Check.Refused.class);
    assertThat(STEP.needs(Cases.on(Cases.agent(2), inventory)))
        .anyMatch(need ->
            need.output().equals(NodeReboot.REBOOTED) && need.of().toString().contains("w1"));
  }

  @Test
  void whileAnotherServerIsNotWellNobodyIsRebooted() {
    var known = well().never(Cases.server(3), Nodes.SERVER_UP);
    assertThat(check(Cases.server(1), WANTED, FileState.ABSENT, known))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("cp3 is not healthy"));
    assertThat(check(Cases.agent(1), WANTED, FileState.ABSENT, known))
        .isInstanceOf(Check.Refused.class);
  }

  /** What was looked at when the run began is of before the node that went first. */
  @Test
  void whereOthersHaveASayTheyAreAskedBeforeTheDrainBeforeTheRebootAndBeforeItIsGivenBack() {
    var check = check(GUARDED, WANTED, FileState.ABSENT, well());
    assertThat(actions(check))
        .filteredOn(it -> !OTHERS.matcher(it).matches())
        .containsExactly(
            "leave to go, 30 minutes",
            "turn of s1",
            "refuse foreign s1 for rotation",
            "mark_out_of_use",
            "claim s1 for rotation",
            "drain s1 for rotation",
            "leave to go, 10 minutes, or release s1 for rotation, turn over of s1, mark_in_use",
            "refuse uncordoned s1",
            "leave to go, 0 minutes, or release s1 for rotation, turn over of s1, mark_in_use",
            "bricks_end",
            "reboot, or bricks_begin",
            "bricks_begin",
            "all of its data, 60 minutes",
            "await s1 to be heard of anew",
            "await s1 to be Ready",
            "uncordon s1 for rotation",
            "spread over s1 from cp1 cp2 cp3 w1 w2",
            "release s1 for rotation",
            "turn over of s1",
            "mark_in_use");
    var all = actions(check);
    assertThat(all.get(all.indexOf("bricks_end") - 1)).startsWith("leave to go");
    assertThat(all.get(all.indexOf("bricks_end") + 1)).isEqualTo("reboot, or bricks_begin");
  }

  /**
   * Data can be waited for while ten minutes go by, and then what was asked of the others is old:
   * they are asked behind that, and data once more with no time to wait.
   */
  @Test
  void nothingThatWasAskedIsOldByTheTimeOfTheReboot() {
    var all = actions(check(GUARDED, WANTED, FileState.ABSENT, well()));
    var drained = all.subList(all.indexOf("drain s1 for rotation"), all.indexOf("bricks_end"));
    var given = "release s1 for rotation, turn over of s1, mark_in_use";
    assertThat(drained)
        .containsSubsequence(
            "leave to go, 10 minutes, or " + given,
            "await w2 to be Ready, without which no other node goes",
            "refuse claimed w2",
            "leave to go, 0 minutes, or " + given)
        .endsWith("leave to go, 0 minutes, or " + given);
    assertThat(drained).filteredOn("refuse claimed w2"::equals).hasSize(1);
  }

  /** It may have been killed between the end of the bricks and the reboot. */
  @Test
  void whatAKilledRunHasEndedIsBegunAgainBeforeAnybodyIsAsked() {
    var again = actions(check(GUARDED, WANTED, THERE, well()));
    assertThat(again.getFirst()).isEqualTo("bricks_begin");
    assertThat(again.indexOf("bricks_begin")).isLessThan(again.indexOf("leave to go, 30 minutes"));
    var failed = well().never(Cases.server(1), NodeReboot.REBOOTED);
    for (var back :
        List.of(
            check(GUARDED, new RebootWanted.No(), THERE, well()),
            check(GUARDED, WANTED, THERE, failed))) {
      assertThat(actions(back))
          .containsExactly(
              "bricks_begin",
              "all of its data, 60 minutes",
              "await s1 to be heard of anew",
              "await s1 to be Ready",
              "uncordon s1 for rotation",
              "spread over s1 from cp1 cp2 cp3 w1 w2",
              "release s1 for rotation",
              "turn over of s1",
              "mark_in_use");
    }
  }

  @Test
  void theOnlyNodeIsRefused() {
    var alone = Cases.inventory(Cases.server(1));
    var check =
        STEP.check(Cases.on(Cases.server(1), alone), seen(WANTED, FileState.ABSENT), well());
    assertThat(check)
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("the only node"));
  }

  private static NodeReboot choosing(RotationChoice choice) {
    return new NodeReboot(STEP.distributions(), STEP.absences(), new GivenChoice(choice));
  }

  /** Faults 110 and 111: it goes where somebody has said so. */
  @Test
  void aControlPlaneWithoutWhichThereIsNoApiGoesOnlyWhereThatIsWanted() {
    var withoutApi = choosing(new RotationChoice(false, true, Optional.empty()));
    var two = Cases.inventory(Cases.server(1), Cases.server(2), Cases.agent(1));
    for (var small : List.of(Cases.inventory(Cases.server(1), Cases.agent(1)), two)) {
      var target = Cases.on(Cases.server(1), small);
      assertThat(STEP.check(target, seen(WANTED, FileState.ABSENT), well()))
          .isInstanceOfSatisfying(
              Check.Refused.class,
              it -> {
                assertThat(it.what()).contains("no API while it is away");
                assertThat(it.remedy()).contains("--without-api");
              });
      assertThat(actions(withoutApi.check(target, seen(WANTED, FileState.ABSENT), well())))
          .contains("drain cp1 for rotation", "reboot");
      assertThat(actions(STEP.check(target, seen(WANTED, THERE), well())))
          .as("of a run that was allowed to")
          .contains("release cp1 for rotation")
          .doesNotContain("reboot");
      assertThat(
              actions(
                  STEP.check(
                      Cases.on(Cases.agent(1), small), seen(WANTED, FileState.ABSENT), well())))
          .as("the API stays")
          .contains("drain w1 for rotation", "reboot");
    }
  }

  /** Behind the drain, and before all is asked once more: it can restart what holds data. */
  @Test
  void anUpdateIsRunBetweenTheDrainAndTheGatesOfTheReboot() {
    var step =
        choosing(
            new RotationChoice(
                false, false, Optional.of(new HostUpdate.Command("update it", Optional.empty()))));
    var check = step.check(Cases.on(GUARDED, inventory), seen(WANTED, FileState.ABSENT), well());
    assertThat(actions(check))
        .containsSubsequence(
            "drain s1 for rotation",
            "run_update",
            "leave to go, 10 minutes, or release s1 for rotation, turn over of s1, mark_in_use",
            "reboot, or bricks_begin");
    var changes = ((Check.Drift) check).changes();
    assertThat(changes)
        .extracting(change -> change.action() + " " + change.subject())
        .containsExactly("DRAIN node s1, after cp1, cp2, cp3", "RUN update it", "RESTART host");
    assertThat(step.mayDo()).containsAll(changes.stream().map(Change::action).toList());
  }

  @Test
  void aSystemThatDoesNotSayIsRefused() {
    assertThat(check(Cases.agent(1), new RebootWanted.Unknown(), FileState.ABSENT, well()))
        .isInstanceOf(Check.Refused.class);
  }

  /** What a Node says until its kubelet is heard of is of before the reboot. */
  @Test
  void theFirstHeartbeatThatIsSeenMayBeOfBeforeAndTheSecondOfAMomentTooEarly() {
    var check = check(Cases.agent(1), WANTED, FileState.ABSENT, well());
    var heard =
        ((Check.Drift) check)
            .repair().leaves().stream()
                .filter(Repair.OnApi.class::isInstance)
                .flatMap(it -> ((Repair.OnApi) it).actions().stream())
                .filter(
                    it -> it instanceof ClusterAction.Await await && await.what().contains("heard"))
                .map(ClusterAction.Await.class::cast)
                .findFirst()
                .orElseThrow();
    assertThat(heard.ref().toString()).contains("Lease").contains("w1");
    assertThat(heard.condition().missing(lease("10:00:00"))).isPresent();
    assertThat(heard.condition().missing(lease("10:00:00"))).isPresent();
    assertThat(heard.condition().missing(Optional.empty())).isPresent();
    assertThat(heard.condition().missing(lease("10:00:10"))).isPresent();
    assertThat(heard.condition().missing(lease("10:00:10"))).isPresent();
    assertThat(heard.condition().missing(lease("10:00:20"))).isEmpty();
  }

  private static Optional<State> node(String ready) {
    var condition = Map.of("type", "Ready", "status", ready);
    return Optional.of(
        new State(Optional.empty(), "w1", Map.of(), Map.of("conditions", List.of(condition))));
  }

  private static Optional<State> lease(String time) {
    return Optional.of(
        new State(Optional.of("kube-node-lease"), "w1", Map.of("renewTime", time), Map.of()));
  }

  private Cases.Settled well() {
    var known = new Cases.Settled().ofCluster(OtherRebooters.FOUND, new Rebooters(List.of()));
    for (var server : Nodes.servers(inventory)) {
      known =
          known
              .address(server)
              .has(server, Nodes.STATE, Cases.state(true, true))
              .has(server, Nodes.SERVER_UP, true)
              .has(server, ClusterAccess.OUTPUT, access(server));
    }
    return known;
  }

  private static ClusterAccess access(Host server) {
    return new ClusterAccess(
        List.of("https://%s:6443".formatted(server)),
        new Handoff.Kept(new HostName("cp1"), Call.of(FileTransfer.READ, "/k")),
        Optional.empty());
  }

  private static Observations seen(RebootWanted wanted, FileState marker) {
    return seen(wanted, marker, false);
  }

  private static Observations seen(RebootWanted wanted, FileState marker, boolean here) {
    return new Observations.Builder()
        .put(RebootWanted.QUESTION, wanted)
        .put(AskedFromHere.QUESTION, here)
        .put(Files.at(NodeReboot.MARKER), marker)
        .build();
  }

  /** Each of them drains as it likes, and nobody would know who is away. */
  @Test
  void whereNoApiIsReachedThatIsSaidOfEachControlPlane() {
    var known = new Cases.Settled();
    for (var server : Nodes.servers(inventory)) {
      known = known.never(server, ClusterAccess.OUTPUT);
    }
    assertThat(check(Cases.server(1), WANTED, FileState.ABSENT, known))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it ->
                assertThat(it.what())
                    .contains("who else reboots nodes")
                    .contains("no API was reached (cp1: no route to host; cp2: no route"));
  }

  @Test
  void whereAnotherReboots() {
    var kured = new Rebooters.Rebooter("kured (DaemonSet a/k)", "take it out");
    var others = well().ofCluster(OtherRebooters.FOUND, new Rebooters(List.of(kured)));
    assertThat(check(Cases.agent(1), WANTED, FileState.ABSENT, others))
        .isEqualTo(
            new Check.Refused(
                "kured (DaemonSet a/k) reboots nodes of this cluster as well", "take it out"));
    var self =
        well()
            .has(Cases.agent(2), SelfReboots.WHEN, new SelfReboots.When(Optional.of("at 02:00")))
            .has(Cases.agent(1), SelfReboots.WHEN, new SelfReboots.When(Optional.empty()));
    assertThat(check(Cases.server(1), WANTED, FileState.ABSENT, self))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).contains("unattended-upgrades reboots w2", "at 02:00"));
    for (var known : List.of(others, self)) {
      assertThat(check(Cases.agent(1), new RebootWanted.No(), FileState.ABSENT, known))
          .isInstanceOf(Check.InSync.class);
      assertThat(actions(check(Cases.agent(1), new RebootWanted.No(), THERE, known)))
          .as("what is out of use is given back")
          .contains("mark_in_use");
    }
  }

  @Test
  void whereNobodyCouldSayWhoElseRebootsNothingGoes() {
    var known = new Cases.Settled();
    assertThat(check(Cases.agent(1), WANTED, FileState.ABSENT, known))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.remedy()).contains("other-rebooters"));
  }

  /** Its reboot would end the run, and nobody would give it back. */
  @Test
  void theNodeThatTheCommandRunsOnIsLeftOutAndStopsNobody() {
    var host = Nodes.servers(inventory).getFirst();
    var target = Cases.on(host, inventory);
    assertThat(STEP.check(target, seen(WANTED, FileState.ABSENT, true), well()))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it -> {
              assertThat(it.observed().values()).containsEntry(NodeReboot.REBOOTED, true);
              assertThat(it.observed().notes())
                  .singleElement()
                  .asString()
                  .contains("this command runs on it");
            });
    assertThat(actions(STEP.check(target, seen(WANTED, THERE, true), well())))
        .as("what an earlier run left out of use is given back")
        .doesNotContain("reboot")
        .contains("mark_in_use");
    var wantsNone = seen(new RebootWanted.No(), FileState.ABSENT, true);
    assertThat(STEP.check(target, wantsNone, well()))
        .isInstanceOfSatisfying(
            Check.InSync.class, it -> assertThat(it.observed().notes()).isEmpty());
  }

  private Check check(Host host, RebootWanted wanted, FileState marker, Cases.Settled known) {
    return STEP.check(Cases.on(host, inventory), seen(wanted, marker), known);
  }

  private static Stream<Repair.OnApi> onApi(Check check) {
    return ((Check.Drift) check)
        .repair().leaves().stream()
            .filter(Repair.OnApi.class::isInstance)
            .map(Repair.OnApi.class::cast);
  }

  private static String drainedBy(Check check) {
    return onApi(check)
        .filter(it -> it.actions().stream().anyMatch(ClusterAction.Drain.class::isInstance))
        .map(it -> it.access().servers().getFirst())
        .findFirst()
        .orElseThrow();
  }

  private static List<String> actions(Check check) {
    return ((Check.Drift) check)
        .repair().leaves().stream().flatMap(NodeRebootTest::actions).toList();
  }

  private static Stream<String> actions(Repair repair) {
    return switch (repair) {
      case Repair.Guarded(var parts, _) -> parts.stream().flatMap(NodeRebootTest::actions);
      case Repair.OnHost(var scripts, _) ->
          scripts.stream().map(script -> script.call().function().name());
      case Repair.Reboot(_, var otherwise) ->
          Stream.of(
              otherwise.isEmpty()
                  ? "reboot"
                  : "reboot, or "
                      + otherwise.stream()
                          .flatMap(NodeRebootTest::actions)
                          .collect(Collectors.joining(", ")));
      case Repair.AwaitHosts gate -> {
        var instead =
            gate.otherwise().stream()
                .flatMap(it -> it.leaves().stream())
                .flatMap(NodeRebootTest::actions)
                .collect(Collectors.joining(", "));
        yield Stream.of(
            "%s, %d minutes%s"
                .formatted(
                    gate.what(),
                    gate.deadline().toMinutes(),
                    instead.isEmpty() ? "" : ", or " + instead));
      }
      case Repair.OnApi(_, var actions) ->
          actions.stream()
              .map(action ->
                  switch (action) {
                    case ClusterAction.Drain(var node, var claim, _, _) ->
                        "drain %s for %s".formatted(node, claim);
                    case ClusterAction.Uncordon(var node, var claim) ->
                        "uncordon %s for %s".formatted(node, claim);
                    case ClusterAction.Release(var node, var claim) ->
                        "release %s for %s".formatted(node, claim);
                    case ClusterAction.RefuseForeign(var node, var claim) ->
                        "refuse foreign %s for %s".formatted(node, claim);
                    case ClusterAction.RefuseClaimed(var node) -> "refuse claimed " + node;
                    case ClusterAction.RefuseUncordoned(var node) -> "refuse uncordoned " + node;
                    case ClusterAction.TakeTurn(var node, _) -> "turn of " + node;
                    case ClusterAction.ClaimInTurn(var node, var claim) ->
                        "claim %s for %s".formatted(node, claim);
                    case ClusterAction.EndTurn(var node) -> "turn over of " + node;
                    case ClusterAction.SpreadAgain(var node, _, var others) ->
                        "spread over %s from %s".formatted(node, String.join(" ", others));
                    case ClusterAction.Await await -> "await " + await.what();
                    default -> throw new IllegalStateException(action.toString());
                  });
      default -> throw new IllegalStateException(repair.toString());
    };
  }
}

package io.provision.steps.kubernetes.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ClusterAction;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.Company;
import io.provision.kube.WholeObjects;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.rotation.Rotation;
import io.provision.model.rotation.RotationChoice;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.remote.ShellFunction;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.resource.kernel.AskedFromHere;
import io.provision.resource.kernel.RebootWanted;
import io.provision.step.Absences;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.k3s.K3sDistribution;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.placement.RoomElsewhere;
import io.provision.steps.rotation.GivenChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A node goes only where its pods can, and what was seen of that is said. */
final class RebootWithRoomTest {
  private static final FileState THERE =
      new FileState(
          FileState.Type.FILE,
          false,
          FileMode.PRIVATE,
          new FileState.Owner("root", "root", "0", "0"),
          0,
          Optional.empty(),
          Optional.empty());

  private static final NodeReboot REBOOT =
      new NodeReboot(
          Distributions.of(List.of(new K3sDistribution())),
          new Absences(List.of()),
          GivenChoice.NONE);
  private static final RebootWithRoom ANYWAY =
      new RebootWithRoom(
          new NodeReboot(
              REBOOT.distributions(),
              REBOOT.absences(),
              new GivenChoice(new RotationChoice(true, false, Optional.empty()))));
  private static final RebootWithRoom STEP = new RebootWithRoom(REBOOT);

  private Inventory inventory = Cases.inventory(Cases.server(1), Cases.agent(1), Cases.agent(2));
  private final List<Map<String, Object>> pods = new ArrayList<>();
  private final List<Map<String, Object>> budgets = new ArrayList<>();

  private static Map<String, Object> node(String name, String cpu) {
    return Map.of(
        "metadata",
        Map.of("name", name),
        "status",
        Map.of(
            "allocatable",
            Map.of("cpu", cpu, "memory", "1Gi", "pods", "110"),
            "conditions",
            List.of(Map.of("type", "Ready", "status", "True"))));
  }

  private void pod(String name, String cpu) {
    pod(name, cpu, "w1");
  }

  private void pod(String name, String cpu, String node) {
    var resources = Map.of("requests", Map.of("cpu", cpu, "memory", "1Mi"));
    pods.add(
        Map.of(
            "metadata",
            Map.of(
                "name",
                name,
                "namespace",
                "shop",
                "labels",
                Map.of("app", "web"),
                "ownerReferences",
                List.of(Map.of("kind", "ReplicaSet", "controller", true))),
            "spec",
            Map.of("nodeName", node, "containers", List.of(Map.of("resources", resources)))));
  }

  private void budget(String name) {
    budgets.add(
        Map.of(
            "metadata",
            Map.of("name", name, "namespace", "shop"),
            "spec",
            Map.of("selector", Map.of())));
  }

  private RoomElsewhere.Fits fits(Optional<String> unheard) {
    var target = new Target.OnCluster(inventory);
    var step = new RoomElsewhere();
    var seen = new Observations.Builder();
    for (var question : step.probes(target).cluster()) {
      var kind = ((ClusterQuestion.Whole) question).kind();
      var objects =
          switch (kind) {
            case "Node" -> List.of(node("cp1", "1"), node("w1", "4"), node("w2", "1"));
            case "Pod" -> pods;
            case "PodDisruptionBudget" -> budgets;
            default -> List.<Map<String, Object>>of();
          };
      seen.put(
          question,
          unheard
              .filter(_ -> kind.equals("Pod"))
              .map(WholeObjects::unheard)
              .orElseGet(() -> WholeObjects.of(objects)));
    }
    var check = (Check.InSync) step.check(target, seen.build(), Known.NOTHING);
    return (RoomElsewhere.Fits) check.observed().values().get(RoomElsewhere.FITS);
  }

  private Cases.Settled well() {
    var handoff =
        new Handoff.Kept(Cases.server(1).name(), Call.of(new ShellFunction("read_it", "return 0")));
    var access = new ClusterAccess(List.of("https://cp1:6443"), handoff, Optional.empty());
    return new Cases.Settled()
        .ofCluster(OtherRebooters.FOUND, new Rebooters(List.of()))
        .address(Cases.server(1))
        .has(Cases.server(1), Nodes.SERVER_UP, true)
        .has(Cases.server(1), NodeReboot.REBOOTED, true)
        .has(Cases.server(1), ClusterAccess.OUTPUT, access);
  }

  private Check check(RebootWithRoom step, FileState marker, Known known) {
    return check(step, Cases.agent(1), new RebootWanted.Yes(List.of("linux-image")), marker, known);
  }

  private Check check(
      RebootWithRoom step, Host host, RebootWanted wanted, FileState marker, Known known) {
    var seen =
        new Observations.Builder()
            .put(RebootWanted.QUESTION, wanted)
            .put(AskedFromHere.QUESTION, false)
            .put(Files.at(NodeReboot.MARKER), marker)
            .build();
    return step.check(Cases.on(host, inventory), seen, known);
  }

  private static List<ClusterAction> actions(Check check) {
    return ((Check.Drift) check)
        .repair().leaves().stream()
            .filter(Repair.OnApi.class::isInstance)
            .flatMap(it -> ((Repair.OnApi) it).actions().stream())
            .toList();
  }

  @Test
  void whereAllFitThatIsSaidInThePlanAndBeforeTheDrain() {
    pod("web-1", "500m");
    var check =
        check(STEP, FileState.ABSENT, well().ofCluster(RoomElsewhere.FITS, fits(Optional.empty())));
    var note = "its pods (1) fit on other nodes, by what they ask for";
    assertThat(check.notes()).containsExactly(note);
    assertThat(actions(check).getFirst()).isEqualTo(new ClusterAction.Tell(List.of(note)));
    assertThat(actions(check)).anyMatch(ClusterAction.Drain.class::isInstance);
  }

  @Test
  void onePodThatFitsNowhereIsRefusedAsUnsafeBeforeAnythingIsTouched() {
    pod("web-1", "3");
    var known = well().ofCluster(RoomElsewhere.FITS, fits(Optional.empty()));
    assertThat(check(STEP, FileState.ABSENT, known))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> {
              assertThat(it.unsafe()).isTrue();
              assertThat(it.what())
                  .contains("1 of its 1 pods fit on no other node: shop/web-1")
                  .contains("too little cpu: 3 is asked for, 1 is free");
              assertThat(it.remedy()).contains("--without-room");
            });
    assertThat(check(ANYWAY, FileState.ABSENT, known))
        .as("who says so has it go, and reads of it")
        .isInstanceOfSatisfying(
            Check.Drift.class,
            it -> assertThat(it.notes()).anyMatch(note -> note.contains("shop/web-1")));
  }

  /** Nobody misses one that comes back. */
  @Test
  void whatAnEarlierRunHasLeftIsGivenBackInsteadOfRefused() {
    pod("web-1", "3");
    var known = well().ofCluster(RoomElsewhere.FITS, fits(Optional.empty()));
    assertThat(actions(check(STEP, THERE, known)))
        .noneMatch(ClusterAction.Drain.class::isInstance)
        .anyMatch(ClusterAction.Release.class::isInstance);
  }

  @Test
  void onePodThatCanNeverBeEvictedIsRefusedWhateverTheRoom() {
    pod("web-1", "500m");
    budget("one");
    budget("two");
    var known = well().ofCluster(RoomElsewhere.FITS, fits(Optional.empty()));
    for (var step : List.of(STEP, ANYWAY)) {
      assertThat(check(step, FileState.ABSENT, known))
          .isInstanceOfSatisfying(
              Check.Refused.class,
              it -> {
                assertThat(it.what()).contains("shop/web-1", "'one', 'two'");
                assertThat(it.unsafe()).isTrue();
              });
    }
  }

  @Test
  void whereItCouldNotBeAskedThatIsSaidAndNoReasonToStay() {
    pod("web-1", "3");
    var unheard = well().ofCluster(RoomElsewhere.FITS, fits(Optional.of("it timed out")));
    assertThat(check(STEP, FileState.ABSENT, unheard).notes())
        .containsExactly("whether its pods fit on other nodes could not be asked: it timed out");
    assertThat(check(STEP, FileState.ABSENT, well()).notes())
        .containsExactly("whether its pods fit on other nodes could not be asked");
  }

  @Test
  void whatDoesNotGoIsNotSpokenOf() {
    pod("web-1", "3");
    var known = well().ofCluster(RoomElsewhere.FITS, fits(Optional.empty()));
    assertThat(check(STEP, Cases.agent(1), new RebootWanted.No(), FileState.ABSENT, known))
        .isInstanceOfSatisfying(Check.InSync.class, it -> assertThat(it.notes()).isEmpty());
    assertThat(actions(check(STEP, Cases.agent(1), new RebootWanted.No(), THERE, known)))
        .noneMatch(ClusterAction.Tell.class::isInstance);
  }

  @Test
  void thePlanDoesNotWaitForIt() {
    assertThat(STEP.needs(Cases.on(Cases.agent(1), inventory)))
        .contains(Need.clusterSoFar(RoomElsewhere.FITS))
        .containsAll(REBOOT.needs(Cases.on(Cases.agent(1), inventory)));
    assertThat(STEP.mayDo()).isEqualTo(REBOOT.mayDo());
    assertThat(STEP.provides(Cases.on(Cases.agent(1), inventory)))
        .containsExactly(NodeReboot.REBOOTED);
  }

  private Check second() {
    return check(
        STEP,
        Cases.agent(2),
        new RebootWanted.Yes(List.of("linux-image")),
        FileState.ABSENT,
        well().ofCluster(RoomElsewhere.FITS, fits(Optional.empty())));
  }

  private static List<Company> companies(Check check) {
    return actions(check).stream()
        .filter(ClusterAction.TakeTurn.class::isInstance)
        .map(it -> ((ClusterAction.TakeTurn) it).company())
        .toList();
  }

  /** Of two that may be away at a time, the second one is looked at with the first. */
  @Test
  void twoGoAtATimeWhereWhatRunsOnBothFitsElsewhere() {
    inventory = inventory.with(Rotation.PLAIN.abreast(2));
    pod("web-1", "500m", "w1");
    pod("web-2", "500m", "w2");
    assertThat(companies(second())).containsExactly(new Company(List.of("w1"), 2));
    assertThat(second().notes()).noneMatch(it -> it.contains("waits for w1"));
  }

  @Test
  void whereItDoesNotTheSecondWaitsForTheFirst() {
    inventory = inventory.with(Rotation.PLAIN.abreast(2));
    pod("web-1", "700m", "w1");
    pod("web-2", "700m", "w2");
    assertThat(companies(second())).containsExactly(new Company(List.of("w1"), 1));
    assertThat(second().notes())
        .anyMatch(it ->
            it.startsWith(
                    "it waits for w1 to be back, since what runs there and here finds no room")
                && it.contains("cpu"));
    assertThat(
            companies(
                check(
                    STEP,
                    FileState.ABSENT,
                    well().ofCluster(RoomElsewhere.FITS, fits(Optional.empty())))))
        .as("the first of them has nobody before it")
        .containsExactly(new Company(List.of("w2"), 2));
  }

  /** Of a thousand nodes that would be a thousand placements for nothing. */
  @Test
  void ofANodeThatStaysNobodyAsksWhetherItFitsWithOthers() {
    inventory = inventory.with(Rotation.PLAIN.abreast(2));
    var never =
        new RoomElsewhere.Fits(
            Map.of(),
            Optional.empty(),
            names -> {
              throw new IllegalStateException(names.toString());
            });
    assertThat(
            check(
                STEP,
                Cases.agent(2),
                new RebootWanted.No(),
                FileState.ABSENT,
                well().ofCluster(RoomElsewhere.FITS, never)))
        .isInstanceOf(Check.InSync.class);
  }
}

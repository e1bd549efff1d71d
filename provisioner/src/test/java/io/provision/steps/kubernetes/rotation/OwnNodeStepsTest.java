package io.provision.steps.kubernetes.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.rotation.Hook;
import io.provision.model.rotation.OwnCheck;
import io.provision.model.rotation.OwnSteps;
import io.provision.model.rotation.Reporting;
import io.provision.model.rotation.Rotation;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.FileTransfer;
import io.provision.resource.Files;
import io.provision.resource.kernel.AskedFromHere;
import io.provision.resource.kernel.RebootWanted;
import io.provision.step.Absences;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Observations;
import io.provision.steps.Walked;
import io.provision.steps.k3s.K3sDistribution;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.rotation.GivenChoice;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a user wants asked and run around the reboot of a node. */
final class OwnNodeStepsTest {
  private static final RebootWanted WANTED = new RebootWanted.Yes(List.of("linux-image"));
  private static final FileState THERE =
      new FileState(
          FileState.Type.FILE,
          false,
          FileMode.PRIVATE,
          new FileState.Owner("root", "root", "0", "0"),
          0,
          Optional.empty(),
          Optional.empty());
  private static final NodeReboot STEP =
      new NodeReboot(
          Distributions.of(List.of(new K3sDistribution())),
          new Absences(List.of()),
          GivenChoice.NONE);

  private static final OwnCheck SHOP =
      new OwnCheck("shop", new OwnCheck.Program(List.of("./shop.sh")), Duration.ofSeconds(10));
  private static final OwnSteps ALL =
      new OwnSteps(List.of(SHOP), List.of(hook("pause")), List.of(hook("resume")));

  private static Hook hook(String name) {
    return new Hook(name, List.of("./" + name + ".sh"), Hook.Place.HERE, Duration.ofMinutes(5));
  }

  private static Inventory with(OwnSteps own, boolean leavesCrowded) {
    return Cases.inventory(Cases.server(1), Cases.agent(1), Cases.agent(2))
        .with(new Rotation(Optional.empty(), Optional.empty(), leavesCrowded, own, Reporting.NONE));
  }

  private static List<String> done(OwnSteps own, RebootWanted wanted, FileState marker) {
    return done(with(own, false), wanted, marker);
  }

  private static List<String> done(Inventory inventory, RebootWanted wanted, FileState marker) {
    return all(inventory, wanted, marker).stream()
        .filter(it -> !it.matches("refuse claimed .*|.*without which no other node goes"))
        .toList();
  }

  private static List<String> all(Inventory inventory, RebootWanted wanted, FileState marker) {
    var known = new Cases.Settled().ofCluster(OtherRebooters.FOUND, new Rebooters(List.of()));
    for (var server : Nodes.servers(inventory)) {
      known =
          known
              .address(server)
              .has(server, Nodes.STATE, Cases.state(true, true))
              .has(server, Nodes.SERVER_UP, true)
              .has(server, ClusterAccess.OUTPUT, access(server));
    }
    var seen =
        new Observations.Builder()
            .put(RebootWanted.QUESTION, wanted)
            .put(AskedFromHere.QUESTION, false)
            .put(Files.at(NodeReboot.MARKER), marker)
            .build();
    var check = STEP.check(Cases.on(Cases.agent(1), inventory), seen, known);
    return Walked.of(((Check.Drift) check).repair());
  }

  private static ClusterAccess access(Host server) {
    return new ClusterAccess(
        List.of("https://%s:6443".formatted(server)),
        new Handoff.Kept(new HostName("cp1"), Call.of(FileTransfer.READ, "/k")),
        Optional.empty());
  }

  private static final String LET_GO = "release w1, turn over of w1, mark_in_use";
  private static final String GIVEN_BACK =
      "uncordon w1, [, all hooks [resume], ] or: %1$s, %1$s".formatted(LET_GO);

  /** It is claimed before its hooks: a turn that nobody claimed for is taken over by another. */
  @Test
  void checksPassThreeTimesAndHooksRunOnceItIsClaimedAndOnceItIsInUse() {
    assertThat(done(ALL, WANTED, FileState.ABSENT))
        .containsExactly(
            "checks [shop] before_drain, 30 minutes",
            "turn of w1",
            "refuse foreign w1",
            "mark_out_of_use",
            "[",
            "claim w1",
            "hooks [pause]",
            "drain w1",
            "] or: " + GIVEN_BACK,
            "[",
            "checks [shop] before_reboot, 10 minutes",
            "] or: " + GIVEN_BACK,
            "[",
            "refuse uncordoned w1",
            "] or: " + GIVEN_BACK,
            "[",
            "checks [shop] before_reboot, 0 minutes",
            "] or: " + GIVEN_BACK,
            "reboot",
            "await w1 to be heard of anew",
            "await w1 to be Ready",
            "[",
            "checks [shop] after_return, 30 minutes",
            "] or: " + GIVEN_BACK,
            "uncordon w1",
            "[",
            "all hooks [resume]",
            "spread over w1",
            "] or: " + LET_GO,
            "release w1",
            "turn over of w1",
            "mark_in_use");
  }

  @Test
  void whatAKilledRunHasLeftIsAskedAboutAndItsHooksRun() {
    assertThat(done(ALL, new RebootWanted.No(), THERE))
        .containsExactly(
            "await w1 to be heard of anew",
            "await w1 to be Ready",
            "[",
            "checks [shop] after_return, 30 minutes",
            "] or: " + GIVEN_BACK,
            "uncordon w1",
            "[",
            "all hooks [resume]",
            "spread over w1",
            "] or: " + LET_GO,
            "release w1",
            "turn over of w1",
            "mark_in_use");
  }

  @Test
  void whereThereIsNoneItIsAsItWas() {
    assertThat(done(OwnSteps.NONE, WANTED, FileState.ABSENT))
        .containsExactly(
            "turn of w1",
            "refuse foreign w1",
            "mark_out_of_use",
            "claim w1",
            "drain w1",
            "[",
            "refuse uncordoned w1",
            "] or: " + LET_GO,
            "reboot",
            "await w1 to be heard of anew",
            "await w1 to be Ready",
            "uncordon w1",
            "[",
            "spread over w1",
            "] or: " + LET_GO,
            "release w1",
            "turn over of w1",
            "mark_in_use");
  }

  @Test
  void whereCrowdedPodsAreLeftNoneIsMoved() {
    assertThat(done(with(OwnSteps.NONE, true), WANTED, FileState.ABSENT))
        .doesNotContain("uncordon w1")
        .endsWith("release w1", "turn over of w1", "mark_in_use");
  }

  @Test
  void hooksAfterTheReturnAloneRunAlsoWhereTheDrainFails() {
    var after = new OwnSteps(List.of(), List.of(), List.of(hook("resume")));
    assertThat(done(after, WANTED, FileState.ABSENT))
        .containsSubsequence(
            "mark_out_of_use", "claim w1", "drain w1", "] or: " + GIVEN_BACK, "reboot")
        .endsWith(
            "uncordon w1",
            "[",
            "all hooks [resume]",
            "spread over w1",
            "] or: " + LET_GO,
            "release w1",
            "turn over of w1",
            "mark_in_use");
  }

  /** Its company may be away, so far as it is allowed; all others are there. */
  @Test
  void ofSeveralAtATimeItsCompanyIsCountedAndAllOthersAreThere() {
    var inventory =
        Cases.inventory(Cases.server(1), Cases.agent(1), Cases.agent(2), Cases.agent(3))
            .with(Rotation.PLAIN.abreast(2));
    var all = all(inventory, WANTED, FileState.ABSENT);
    var present = "of w2 w3 1 missing at most, %d minutes";
    assertThat(all)
        .containsSubsequence(
            present.formatted(45),
            "await cp1 to be Ready, without which no other node goes",
            "turn of w1 beside w2 w3, 2 at most",
            present.formatted(1),
            "refuse claimed cp1",
            "claim w1",
            "drain w1",
            "await cp1 to be Ready, without which no other node goes",
            present.formatted(1),
            "refuse uncordoned w1",
            "reboot",
            "turn over of w1");
    assertThat(all).noneMatch(it -> it.matches(".*(claimed w2|claimed w3|w2 to be|w3 to be).*"));
  }
}

package io.provision.steps.kubernetes.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Sections;
import io.provision.model.rotation.Rotation;
import io.provision.model.window.Window;
import io.provision.model.window.Windows;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A node whose turn comes inside of a window, and outside. */
final class RebootWindowTest {
  private static final Instant OPEN = Instant.parse("2026-12-04T17:30:00Z"); // 02:30 in Seoul
  private static final Instant SHUT = Instant.parse("2026-12-04T16:59:59Z");
  private static final Instant OVER = Instant.parse("2026-12-04T20:00:00Z");

  private static final FileState THERE =
      new FileState(
          FileState.Type.FILE,
          false,
          FileMode.PRIVATE,
          new FileState.Owner("root", "root", "0", "0"),
          0,
          Optional.empty(),
          Optional.empty());

  private static final RebootWanted WANTED = new RebootWanted.Yes(List.of("linux-image"));
  private static final NodeReboot STEP =
      new NodeReboot(
          Distributions.of(List.of(new K3sDistribution())),
          new Absences(List.of()),
          GivenChoice.NONE);

  private final Inventory inventory =
      Cases.inventory(
          cluster(new WindowText("Sat 02:00-05:00 Asia/Seoul").window()),
          Cases.server(1),
          Cases.server(2),
          Cases.server(3),
          Cases.agent(1));

  private static Cluster cluster(Window window) {
    var plain = Cases.cluster("v1.36.4+k3s1", Cluster.Cni.FLANNEL, Map.of());
    return new Cluster(
        plain.name(),
        plain.distribution(),
        plain.version(),
        plain.endpoint(),
        plain.virtualIp(),
        plain.network(),
        plain
            .sections()
            .and(
                Sections.of(
                    new Rotation(Optional.of(new Windows(List.of(window))), Optional.empty()))),
        plain.kubeconfig(),
        plain.tlsSans(),
        plain.position());
  }

  @Test
  void itsTurnBeginsWhileAWindowIsOpen() {
    assertThat(done(check(inventory, Cases.agent(1), WANTED, FileState.ABSENT, OPEN)))
        .containsSubsequence("drain", "reboot", "release");
  }

  /** Hosts, hooks and the drain can have been waited for until it is shut. */
  @Test
  void itIsAskedAgainBeforeTheDrainAndBeforeAnythingEndsThere() {
    var given = "] or: release w1, turn over of w1, mark_in_use";
    assertThat(done(check(inventory, Cases.agent(1), WANTED, FileState.ABSENT, OPEN)))
        .containsSubsequence(
            "claim", "in a window", "drain", given, "[", "in a window", given, "reboot");
  }

  @Test
  void outsideItIsLeftAloneAndSaysWhenItsTimeIs() {
    for (var host : List.of(Cases.server(1), Cases.agent(1))) {
      assertThat(check(inventory, host, WANTED, FileState.ABSENT, SHUT))
          .isEqualTo(new Check.Skipped("no window is open before Sat 2026-12-05 02:00 Asia/Seoul"));
      assertThat(check(inventory, host, WANTED, FileState.ABSENT, OVER))
          .as("the end is outside")
          .isEqualTo(new Check.Skipped("no window is open before Sat 2026-12-12 02:00 Asia/Seoul"));
    }
  }

  /** Whoever fails or waits: nobody misses a node that comes back. */
  @Test
  void whatIsOutOfUseIsGivenBackAndNotRebootedOutside() {
    for (var wanted : List.of(WANTED, new RebootWanted.No())) {
      assertThat(done(check(inventory, Cases.agent(1), wanted, THERE, SHUT)))
          .contains("release")
          .doesNotContain("drain", "reboot");
    }
    assertThat(done(check(inventory, Cases.agent(1), WANTED, THERE, OPEN)))
        .containsSubsequence("drain", "reboot", "release");
  }

  /** Whatever the windows say, and whoever runs it. */
  @Test
  void whoOnlyGivesBackBeginsNothing() {
    var course = new Rotation.Course(Optional.empty(), false);
    var giving = inventory.with(Rotation.of(inventory).atAnyTime().going(course));
    assertThat(check(giving, Cases.agent(1), WANTED, FileState.ABSENT, OPEN))
        .isInstanceOfSatisfying(
            Check.Skipped.class, it -> assertThat(it.reason()).contains("only gives back"));
    assertThat(done(check(giving, Cases.agent(1), WANTED, THERE, OPEN)))
        .contains("release")
        .doesNotContain("drain", "reboot");
  }

  /** A login to the node of a pod comes from the pod's address, by which nobody would know. */
  @Test
  void theNodeOfAPodIsLeftOutAndTheOthersGo() {
    var course = new Rotation.Course(Optional.of(Cases.agent(1).name()), true);
    var inPod = inventory.with(Rotation.of(inventory).going(course));
    assertThat(check(inPod, Cases.agent(1), WANTED, FileState.ABSENT, OPEN))
        .isInstanceOf(Check.InSync.class);
    assertThat(done(check(inPod, Cases.agent(1), WANTED, THERE, OPEN)))
        .contains("release")
        .doesNotContain("drain", "reboot");
    assertThat(done(check(inPod, Cases.server(1), WANTED, FileState.ABSENT, OPEN)))
        .containsSubsequence("drain", "reboot", "release");
  }

  @Test
  void whatWantsNoneIsInOrderWhateverTheTime() {
    assertThat(check(inventory, Cases.agent(1), new RebootWanted.No(), FileState.ABSENT, SHUT))
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void withoutWindowsEveryTimeIsGood() {
    var without = inventory.with(Rotation.of(inventory).atAnyTime());
    assertThat(done(check(without, Cases.agent(1), WANTED, FileState.ABSENT, SHUT)))
        .containsSubsequence("drain", "reboot", "release");
  }

  /** Those behind one that was left alone are left alone too, and do not fail. */
  @Test
  void theWindowIsAskedBeforeTheTurn() {
    var known = well().never(Cases.server(1), NodeReboot.REBOOTED).at(OVER);
    var seen = seen(WANTED, FileState.ABSENT);
    assertThat(STEP.check(Cases.on(Cases.server(2), inventory), seen, known))
        .isInstanceOf(Check.Skipped.class);
    assertThat(STEP.check(Cases.on(Cases.server(2), inventory), seen, known.at(OPEN)))
        .isInstanceOf(Check.Refused.class);
  }

  private Cases.Settled well() {
    var known = new Cases.Settled().ofCluster(OtherRebooters.FOUND, new Rebooters(List.of()));
    for (var server : Nodes.servers(inventory)) {
      var access =
          new ClusterAccess(
              List.of("https://%s:6443".formatted(server)),
              new Handoff.Kept(new HostName("cp1"), Call.of(FileTransfer.READ, "/k")),
              Optional.empty());
      known =
          known
              .address(server)
              .has(server, Nodes.STATE, Cases.state(true, true))
              .has(server, Nodes.SERVER_UP, true)
              .has(server, ClusterAccess.OUTPUT, access);
    }
    return known;
  }

  private static Observations seen(RebootWanted wanted, FileState marker) {
    return new Observations.Builder()
        .put(RebootWanted.QUESTION, wanted)
        .put(AskedFromHere.QUESTION, false)
        .put(Files.at(NodeReboot.MARKER), marker)
        .build();
  }

  private Check check(Inventory of, Host host, RebootWanted wanted, FileState marker, Instant now) {
    return STEP.check(Cases.on(host, of), seen(wanted, marker), well().at(now));
  }

  private static List<String> done(Check check) {
    return Walked.of(((Check.Drift) check).repair()).stream()
        .map(it -> it.replaceFirst(" [a-z]*[0-9]$", ""))
        .toList();
  }
}

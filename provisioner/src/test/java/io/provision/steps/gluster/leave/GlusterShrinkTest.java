package io.provision.steps.gluster.leave;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.step.Check;
import io.provision.step.Removals;
import io.provision.step.Repair;
import io.provision.steps.gluster.Declared;
import io.provision.steps.gluster.Recorded;
import io.provision.steps.gluster.answers.HealSummary;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.answers.VolumeStatus;
import io.provision.steps.gluster.brick.GlusterBrick;
import io.provision.steps.gluster.brick.Layout;
import io.provision.steps.gluster.gate.GlusterGate;
import io.provision.steps.gluster.gate.GlusterHealth;
import io.provision.steps.gluster.gate.HealthSamples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class GlusterShrinkTest {
  private static final String SHARED = "{ name: shared, replica: 3, brick: /data/gluster/shared }";

  /** Two sets of three, of n1 to n6. */
  private static final VolumeInfo VOLUME =
      VolumeInfo.read(Recorded.answer("info-removing.xml")).value().orElseThrow().getFirst();

  private List<VolumeInfo> volumes = List.of(VOLUME);
  private final List<String> dead = new ArrayList<>();
  private final List<VolumeStatus.Task> tasks = new ArrayList<>();
  private final Map<String, HealSummary.Brick> heal = new TreeMap<>();
  private UnaryOperator<Layout> layout = it -> it;

  @Test
  void aWholeSetIsEmptiedBeforeItsHostsLeave() {
    assertThat(scripts(removal("n4", "n5", "n6")))
        .containsExactly(
            "shrink_volume shared n4:/data/gluster/shared n5:/data/gluster/shared"
                + " n6:/data/gluster/shared",
            "detach_peer n4 yes",
            "detach_peer n5 yes",
            "detach_peer n6 yes");
  }

  @Test
  void aMemberOfASetThatNobodyTakesOverStays() {
    assertThat(refused(removal("n6")))
        .contains("a set of volume shared has 3 bricks and would have 2", "n4:", "n5:");
    assertThat(refused(removal("n4", "n5"))).contains("would have 1");
  }

  @Test
  void anotherHostTakesTheBrickOfAMemberOver() {
    succeed("n6", "n7");
    assertThat(scripts(removal("n6")))
        .containsExactly(
            "replace_brick shared n6:/data/gluster/shared n7:/data/gluster/shared",
            "detach_peer n6 yes");
  }

  @Test
  void whoTakesOverMustHaveABrickReady() {
    succeed("n6", "n7");
    bricks.put(new HostName("n7"), new GlusterBrick.Ready(Set.of("other"), Set.of()));
    assertThat(refused(removal("n6"))).contains("n7 is to take over", "no brick ready");
    bricks.clear();
    never.put(new HostName("n7"), "it holds data");
    assertThat(refused(removal("n6"))).contains("it holds data");
  }

  @Test
  void theLastSetStays() {
    assertThat(refused(removal("n1", "n2", "n3", "n4", "n5", "n6")))
        .contains("volume shared would have no bricks");
  }

  @Test
  void aVolumeDoesNotGrowAndShrinkInOneRun() {
    layout =
        it -> new Layout(it.present(), Declared.hosts(7, 8, 9), it.leftOver(), it.successors());
    assertThat(refused(removal("n4", "n5", "n6"))).contains("to grow in the same run");
  }

  @Test
  void noFilesAreMovedOffASetWithAHostThatIsDown() {
    dead.add("n5");
    assertThat(refused(removal("n4", "n5", "n6"))).contains("n5:/data/gluster/shared is down");
  }

  @Test
  void aDeadHostIsReplacedAlthoughItsCopiesWaitForIt() {
    dead.add("n6");
    succeed("n6", "n7");
    heal.put("n4", pending("n4", 9, 0));
    heal.put("n6", unknown("n6"));
    assertThat(scripts(removal("n6"))).last().isEqualTo("detach_peer n6 no");
    heal.put("n4", pending("n4", 9, 1));
    assertThat(refused(removal("n6"))).contains("split-brain");
  }

  @Test
  void nobodyLeavesWhileSomethingIsNotWholeOrNotKnown() {
    heal.put("n1", pending("n1", 3, 0));
    assertThat(refused(removal("n4", "n5", "n6"))).contains("3 entries of n1:");
    heal.put("n1", unknown("n1"));
    assertThat(refused(removal("n4", "n5", "n6"))).contains("not known");
    heal.clear();
    dead.add("n2");
    assertThat(refused(removal("n4", "n5", "n6"))).contains("n2");
  }

  @Test
  void aRemovalThatWasInterruptedGoesOnAndOneOfOtherBricksIsWaitedFor() {
    tasks.add(removing("in progress", "n4", "n5", "n6"));
    assertThat(scripts(removal("n4", "n5", "n6"))).first().asString().startsWith("shrink_volume");
    assertThat(shrink("n4", "n5", "n6").begun()).contains("under way", "n5:/data/gluster/shared");
    assertThat(shrink("n4").begun()).isEmpty();
    tasks.clear();
    tasks.add(removing("in progress", "n1", "n2", "n3"));
    assertThat(refused(removal("n4", "n5", "n6"))).contains("Remove brick", "in progress");
    tasks.clear();
    tasks.add(new VolumeStatus.Task("Rebalance", "in progress", List.of()));
    assertThat(refused(removal("n4", "n5", "n6"))).contains("Rebalance");
  }

  @Test
  void nobodyLeavesWithoutAMajorityOfThoseWhoStay() {
    dead.addAll(List.of("n2", "n3"));
    assertThat(refused(removal("n4", "n5", "n6"))).contains("only 1 of the 3 peers that stay");
  }

  @Test
  void aHostWithABrickOfAVolumeThatNobodyDeclaredStays() {
    volumes = List.of(VOLUME, renamed("old"));
    assertThat(refused(removal("n4", "n5", "n6"))).contains("bricks of volume old");
  }

  @Test
  void membersOfTheInventoryAreNeverGoneByNameOrUuid() {
    var storage = Declared.hosts(1, 2, 3);
    var gone = GlusterDepartures.gone(pool("n1"), storage, Map.of());
    assertThat(gone.stream().map(Pool.Peer::name)).containsExactly("n4", "n5", "n6");
    var byAddress =
        new Pool(
            List.of(new Pool.Peer("u", List.of("10.0.0.9"), true, Optional.of(3), "whatever")));
    assertThat(GlusterDepartures.gone(byAddress, storage, Map.of())).isEmpty();
  }

  @Test
  void whoseBricksAreAWholeSetLeaveTogetherAndWhoIsAskedForTogetherLeavesTogether() {
    var peers = pool("n1").peers().stream().filter(it -> !it.isSelf()).toList();
    var gone = peers.stream().filter(it -> Set.of("n4", "n5", "n6").contains(name(it))).toList();
    assertThat(names(LeavingHosts.groups(gone, volumes, Removals.NONE)))
        .containsExactly(List.of("n4", "n5", "n6"));
    assertThat(names(LeavingHosts.groups(gone, volumes, new Removals(Set.of("n5", "host/n6")))))
        .containsExactly(List.of("n5", "n6"), List.of("n4"));
    assertThat(names(LeavingHosts.groups(gone.subList(0, 2), volumes, Removals.NONE)))
        .containsExactly(List.of("n4"), List.of("n5"));
  }

  @Test
  void aVolumeIsOursOnlyWhereEveryBrickThatWasSeenSaysSo() {
    var marks = Set.of("shared /data/gluster/shared");
    assertThat(LeftoverVolumes.isOurs(VOLUME, traces(marks, marks))).isTrue();
    assertThat(LeftoverVolumes.isOurs(VOLUME, traces(marks, Set.of()))).isFalse();
    assertThat(LeftoverVolumes.isOurs(VOLUME, traces(Set.of("shared /x"), marks))).isFalse();
    assertThat(LeftoverVolumes.isOurs(VOLUME, Map.of())).isFalse();
  }

  @Property(tries = 300)
  void whateverIsAnsweredAnOpinionOfThePoolIsNeverAnException(@ForAll String text) {
    for (var output :
        List.of(text, "asked\n" + text, "mark a /b\nasked\n@status shared\n" + text)) {
      var look = GlusterTrace.read(new Frame(0, output));
      look.asked()
          .ifPresent(
              asked -> assertThat(asked.status().values()).allMatch(it -> it.value().isEmpty()));
      assertThat(GlusterUnmount.read(new Frame(0, output)))
          .allMatch(mount -> mount.path().startsWith("/"));
    }
  }

  @Test
  void aTaskOfTheRecordingNamesTheBricksThatAreRemoved() {
    var with =
        Recorded.answer("status.xml")
            .replace(
                "<tasks/>",
                Recorded.answer("tasks-removing.xml")
                    .replaceAll("(?s).*(<tasks>.*</tasks>).*", "$1"));
    var task = VolumeStatus.read(with).value().orElseThrow().tasks().getFirst();
    assertThat(task.isRunning()).isTrue();
    assertThat(task.isRemovalOf(bricks("n6", "n4", "n5"))).isTrue();
    assertThat(task.isRemovalOf(bricks("n4", "n5"))).isFalse();
  }

  private final Map<HostName, GlusterBrick.Ready> bricks = new HashMap<>();
  private final Map<HostName, String> never = new HashMap<>();

  private void succeed(String old, String next) {
    var brick = brick(old);
    layout =
        it -> new Layout(it.present(), List.of(), List.of(), Map.of(brick, new HostName(next)));
  }

  private Check removal(String... hosts) {
    return shrink(hosts).removal();
  }

  private GlusterShrink shrink(String... hosts) {
    var leaving =
        pool("n1").peers().stream().filter(it -> Set.of(hosts).contains(name(it))).toList();
    var stay =
        Stream.of("n1", "n2", "n3", "n4", "n5", "n6")
            .filter(it -> !Set.of(hosts).contains(it))
            .map(HostName::new)
            .toList();
    var seen = new TreeMap<HostName, GlusterHealth.Seen>();
    for (var host : stay) {
      if (!dead.contains(host.value())) {
        seen.put(host, seen(host.value()));
      }
    }
    var view = new GlusterGate.View(stay, Set.of(), seen, Map.of());
    var wanted = Declared.volume(6, SHARED);
    var plain = layout.apply(Layout.of(wanted, stay, stay));
    var scene =
        new GlusterShrink.Scene(view, pool("n1"), volumes, Map.of("shared", plain), bricks, never);
    return new GlusterShrink(scene, leaving);
  }

  private GlusterHealth.Seen seen(String host) {
    var processes = new ArrayList<VolumeStatus.Process>();
    var summary = new ArrayList<HealSummary.Brick>();
    for (var brick : VOLUME.bricks()) {
      var online = !dead.contains(brick.host());
      processes.add(new VolumeStatus.Process(brick.host(), brick.path(), brick.uuid(), online));
      processes.add(
          new VolumeStatus.Process(VolumeStatus.SELF_HEAL, brick.host(), brick.uuid(), online));
      summary.add(heal.getOrDefault(brick.host(), pending(brick.host(), 0, 0)));
    }
    var status = new VolumeStatus("shared", processes, tasks);
    var asked =
        new HealthSamples.Asked(
            Map.of("shared", new Reading.Of<>(status)),
            Map.of("shared", new Reading.Of<>(new HealSummary(summary))));
    return new GlusterHealth.Seen(
        brick(host).uuid(),
        new Reading.Of<>(pool(host)),
        new Reading.Of<>(List.of(VOLUME)),
        Optional.of(asked));
  }

  private Pool pool(String self) {
    return new Pool(
        VOLUME.bricks().stream()
            .map(brick ->
                brick.host().equals(self)
                    ? new Pool.Peer(brick.uuid(), List.of("localhost"), true, Optional.empty(), "")
                    : new Pool.Peer(
                        brick.uuid(),
                        List.of(brick.host()),
                        !dead.contains(brick.host()),
                        Optional.of(Pool.IN_CLUSTER),
                        "Peer in Cluster"))
            // who asks is among those that may leave in some tests
            .toList());
  }

  private static String name(Pool.Peer peer) {
    return peer.isSelf() ? "n1" : peer.name();
  }

  private static List<List<String>> names(List<List<Pool.Peer>> groups) {
    return groups.stream().map(group -> group.stream().map(Pool.Peer::name).toList()).toList();
  }

  private static VolumeInfo.Brick brick(String host) {
    return VOLUME.bricks().stream().filter(it -> it.host().equals(host)).findFirst().orElseThrow();
  }

  private static List<String> bricks(String... hosts) {
    return Stream.of(hosts).map(host -> host + ":/data/gluster/shared").toList();
  }

  private static VolumeStatus.Task removing(String status, String... hosts) {
    return new VolumeStatus.Task(VolumeStatus.Task.REMOVAL, status, bricks(hosts));
  }

  private static HealSummary.Brick pending(String host, int total, int split) {
    return new HealSummary.Brick(
        brick(host).toString(),
        "Connected",
        Optional.of(total),
        Optional.of(total - split),
        Optional.of(split),
        Optional.of(0));
  }

  private static HealSummary.Brick unknown(String host) {
    var none = Optional.<Integer>empty();
    return new HealSummary.Brick(
        brick(host).toString(), "Transport endpoint is not connected", none, none, none, none);
  }

  private static VolumeInfo renamed(String name) {
    return new VolumeInfo(
        name,
        "another",
        true,
        VOLUME.kind(),
        VOLUME.setSize(),
        0,
        VOLUME.bricks(),
        VOLUME.options());
  }

  private Map<HostName, GlusterTrace.Trace> traces(Set<String> first, Set<String> second) {
    return Map.of(
        new HostName("n1"), new GlusterTrace.Trace(seen("n1"), first),
        new HostName("n2"), new GlusterTrace.Trace(seen("n2"), second));
  }

  private static String refused(Check check) {
    assertThat(check).isInstanceOf(Check.Refused.class);
    return ((Check.Refused) check).what();
  }

  private static List<String> scripts(Check check) {
    assertThat(check).isInstanceOf(Check.Drift.class);
    return ((Repair.OnHost) ((Check.Drift) check).repair())
        .scripts().stream()
            .map(Script::call)
            .map(call -> call.function().name() + " " + String.join(" ", call.arguments()))
            .toList();
  }
}

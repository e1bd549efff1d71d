package io.provision.steps.gluster.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.NodeAddress;
import io.provision.model.SshAddress;
import io.provision.remote.Script;
import io.provision.step.Check;
import io.provision.step.Repair;
import io.provision.step.TestKnown;
import io.provision.steps.gluster.Declared;
import io.provision.steps.gluster.Recorded;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.brick.GlusterBrick;
import io.provision.steps.gluster.brick.Layout;
import io.provision.steps.gluster.declared.GlusterStorage;
import io.provision.steps.gluster.declared.GlusterVolume;
import io.provision.steps.os.NodeAddressStep;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class GlusterVolumesTest {
  private static final String SHARED =
      "{ name: shared, replica: 3, brick: /data/gluster/shared, mount: /mnt/shared }";
  private static final VolumeAccess UNKNOWN = new VolumeAccess(Set.of(), false);
  private static final Optional<VolumeInfo> THERE =
      VolumeInfo.find(
          VolumeInfo.read(Recorded.answer("info-started.xml")).value().orElseThrow(), "shared");

  @Test
  void createsInInventoryOrderWithoutForce() {
    var scripts = scripts(check(SHARED, 4, List.of(), Optional.empty(), false));
    assertThat(scripts)
        .containsExactly(
            "create shared replica 3 n1:/data/gluster/shared n2:/data/gluster/shared"
                + " n3:/data/gluster/shared",
            "shared");
  }

  @Test
  void switchesGlustersChecksOffOnlyForABrickThatMayBeOnTheRootFileSystem() {
    var allowed = SHARED.replace("}", ", allow_root: true }");
    assertThat(scripts(check(allowed, 3, List.of(), Optional.empty(), true)).getFirst())
        .endsWith(" force");
    assertThat(scripts(check(allowed, 3, List.of(), Optional.empty(), false)).getFirst())
        .doesNotContain("force");
    assertThat(scripts(check(SHARED, 3, List.of(), Optional.empty(), true)).getFirst())
        .doesNotContain("force");
  }

  @Test
  void saysEveryKindInGlustersWords() {
    var words =
        Map.of(
            "{ name: v, kind: arbiter, brick: /d/v }", "create v replica 3 arbiter 1 n1:/d/v",
            "{ name: v, kind: distributed, brick: /d/v }", "create v n1:/d/v n2:/d/v n3:/d/v",
            "{ name: v, kind: dispersed, replica: 3, redundancy: 1, brick: /d/v }",
                "create v disperse 3 redundancy 1 n1:/d/v");
    words.forEach((volume, command) ->
        assertThat(scripts(check(volume, 3, List.of(), Optional.empty(), false)).getFirst())
            .startsWith(command));
  }

  @Test
  void refusesWhileABrickIsNotReadyAndSaysWhy() {
    var wanted = Declared.volume(3, SHARED);
    var layout = Layout.of(wanted, Declared.hosts(1, 2, 3), List.of());
    var bricks = Map.of(new HostName("n1"), ready(false), new HostName("n2"), ready(false));
    var of =
        new GlusterVolumes.Case(
            wanted, layout, bricks, Map.of(new HostName("n3"), "it holds data"), UNKNOWN);
    assertThat(GlusterVolumes.check(of, Optional.empty()))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("n3 (it holds data)"));
  }

  @Test
  void isInSyncWithWhatGlusterSetByItself() {
    assertThat(check(SHARED, 3, Declared.hosts(1, 2, 3), THERE, false))
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void setsOnlyDeclaredOptionsThatMeanSomethingElse() {
    var same = SHARED.replace("}", ", options: { nfs.disable: \"true\" } }");
    assertThat(check(same, 3, Declared.hosts(1, 2, 3), THERE, false))
        .isInstanceOf(Check.InSync.class);
    var other = SHARED.replace("}", ", options: { nfs.disable: \"off\" } }");
    assertThat(scripts(check(other, 3, Declared.hosts(1, 2, 3), THERE, false)))
        .containsExactly("shared nfs.disable off");
  }

  @Test
  void anOptionThatDecidesAboutDataAndWasSetByHandIsDrift() {
    var wrong =
        Map.of(
            "cluster.quorum-type", "none",
            "cluster.quorum-count", "1",
            "cluster.server-quorum-type", "server",
            "cluster.server-quorum-ratio", "70%",
            "auth.reject", "10.0.0.9",
            "cluster.favorite-child-policy", "mtime",
            "cluster.self-heal-daemon", "off",
            "features.read-only", "on",
            "nfs.disable", "off");
    wrong.forEach((name, value) -> {
      var check = check(SHARED, 3, Declared.hosts(1, 2, 3), with(Map.of(name, value)), false);
      assertThat(((Check.Drift) check).changes())
          .as(name)
          .singleElement()
          .satisfies(it ->
              assertThat(it.subject()).isEqualTo("option %s of volume shared".formatted(name)));
      var declared = SHARED.replace("}", ", options: { %s: \"%s\" } }".formatted(name, value));
      assertThat(check(declared, 3, Declared.hosts(1, 2, 3), with(Map.of(name, value)), false))
          .as("%s, as the inventory says", name)
          .isInstanceOf(Check.InSync.class);
    });
    assertThat(
            scripts(
                check(
                    SHARED,
                    3,
                    Declared.hosts(1, 2, 3),
                    with(Map.of("cluster.quorum-type", "none", "cluster.quorum-count", "1")),
                    false)))
        .containsExactly("shared cluster.quorum-count", "shared cluster.quorum-type auto");
  }

  @Test
  void anOptionOfThePoolIsSetAndResetForAllOfIt() {
    var declared = SHARED.replace("}", ", options: { cluster.server-quorum-ratio: \"60%\" } }");
    var set = with(Map.of("cluster.server-quorum-ratio", "70%"));
    assertThat(scripts(check(declared, 3, Declared.hosts(1, 2, 3), set, false)))
        .containsExactly("all cluster.server-quorum-ratio 60%");
    assertThat(scripts(check(SHARED, 3, Declared.hosts(1, 2, 3), set, false)))
        .containsExactly("all cluster.server-quorum-ratio");
  }

  @Test
  void anOptionThatDoesNotDecideAboutDataIsLeftToWhoSetIt() {
    var other = with(Map.of("performance.cache-size", "1GB", "cluster.quorum-type", "auto"));
    assertThat(check(SHARED, 3, Declared.hosts(1, 2, 3), other, false))
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void aVolumeMayBeUsedFromThePoolAndTheHostsThatMountIt() {
    var inventory = Declared.inventory(3, SHARED.replace("}", ", mount_on: [n1, n2, n3] }"));
    var wanted = GlusterStorage.of(inventory.cluster().orElseThrow()).volumes().getFirst();
    assertThat(VolumeAccess.hosts(wanted, inventory)).isEqualTo(inventory.hosts());
    var access = new VolumeAccess(Set.of("10.0.0.1", "10.0.0.2"), true);
    assertThat(access.should("*")).contains("10.0.0.1,10.0.0.2");
    assertThat(access.should("10.0.0.2,10.0.0.1")).isEmpty();
    assertThat(access.should("10.0.0.2,10.0.0.1,10.0.0.9")).contains("10.0.0.1,10.0.0.2");
  }

  @Test
  void whileAnAddressIsNotKnownNobodyIsShutOut() {
    var access = new VolumeAccess(Set.of("10.0.0.1", "10.0.0.2"), false);
    assertThat(access.should("*")).isEmpty();
    assertThat(access.should("10.0.0.1,10.0.0.2,10.0.0.3")).isEmpty();
    assertThat(access.should("10.0.0.1,10.0.0.3")).contains("10.0.0.1,10.0.0.2,10.0.0.3");
  }

  private static Optional<VolumeInfo> with(Map<String, String> options) {
    var volume = THERE.orElseThrow();
    var all = new HashMap<>(volume.options());
    all.putAll(options);
    return Optional.of(
        new VolumeInfo(
            volume.name(),
            volume.id(),
            volume.started(),
            volume.kind(),
            volume.setSize(),
            volume.redundancy(),
            volume.bricks(),
            all));
  }

  /** It is cut off at once who is taken off the list, with all pods that use the volume there. */
  @Test
  void aHostThatLeavesMayUseAVolumeUntilTheInventoryNamesItNoMore() {
    var all = Declared.inventory(3, "{ name: shared, replica: 3, brick: /data/gluster/shared }");
    var wanted = GlusterStorage.of(all.cluster().orElseThrow()).volumes().getFirst();
    var leaving = all.without(Set.of(new HostName("n3")));
    var known = new TestKnown();
    for (var number : List.of(1, 2)) {
      var address = NodeAddress.parse("10.0.0." + number);
      known.has(new HostName("n" + number), NodeAddressStep.NODE_ADDRESS, address);
    }
    assertThat(VolumeAccess.of(wanted, leaving, known))
        .isEqualTo(new VolumeAccess(Set.of("10.0.0.1", "10.0.0.2", "10.0.0.3"), true));
    assertThat(VolumeAccess.hosts(wanted, leaving))
        .as("who is asked for an address")
        .isEqualTo(leaving.hosts());

    var named = leaving.withEach(host -> called(host, "host-%s.example".formatted(host.name())));
    assertThat(VolumeAccess.of(wanted, named, known))
        .as("nobody can say its address")
        .isEqualTo(new VolumeAccess(Set.of("10.0.0.1", "10.0.0.2"), false));
  }

  private static Host called(Host host, String address) {
    return new Host(
        host.name(),
        new SshAddress(address),
        host.nodeAddress(),
        host.roles(),
        host.labels(),
        host.taints(),
        host.ssh(),
        host.sections(),
        host.vars(),
        host.position());
  }

  @Test
  void neverChangesTheTypeOfAVolume() {
    var arbiter = "{ name: shared, kind: arbiter, brick: /data/gluster/shared }";
    assertThat(check(arbiter, 3, Declared.hosts(1, 2, 3), THERE, false))
        .isInstanceOf(Check.Refused.class);
  }

  @Test
  void growsByWholeSetsAndLeavesANoteToRebalance() {
    assertThat(check(SHARED, 5, Declared.hosts(1, 2, 3), THERE, false))
        .isInstanceOf(Check.InSync.class);
    assertThat(scripts(check(SHARED, 7, Declared.hosts(1, 2, 3), THERE, false)))
        .containsExactly(
            "shared user.provision.rebalance pending",
            "add-brick shared n4:/data/gluster/shared n5:/data/gluster/shared"
                + " n6:/data/gluster/shared");
  }

  @Test
  void existingSetsStayWhereTheyAreWhateverTheInventorysOrder() {
    var wanted = Declared.volume(6, SHARED);
    var layout = Layout.of(wanted, Declared.hosts(6, 3, 5, 1, 4, 2, 7), Declared.hosts(1, 2, 3));
    assertThat(layout.added()).isEqualTo(Declared.hosts(6, 5, 4));
    assertThat(layout.leftOver()).isEqualTo(Declared.hosts(7));
  }

  @Test
  void optionsAreComparedByWhatTheyMean() {
    assertThat(OptionValue.same("on", "true")).isTrue();
    assertThat(OptionValue.same("64MB", "67108864")).isTrue();
    assertThat(OptionValue.same("1min", "60")).isTrue();
    assertThat(OptionValue.same("on", "off")).isFalse();
    assertThat(OptionValue.same("10", "10%")).isFalse();
    assertThat(OptionValue.same("Fast", "fast")).isFalse();
  }

  private static Check check(
      String volume,
      int hosts,
      List<HostName> present,
      Optional<VolumeInfo> there,
      boolean onRoot) {
    var wanted = Declared.volume(Math.max(hosts, 3), volume);
    var storage = new java.util.ArrayList<HostName>();
    var bricks = new HashMap<HostName, GlusterBrick.Ready>();
    for (var number = 1; number <= hosts; number++) {
      storage.add(new HostName("n" + number));
      bricks.put(new HostName("n" + number), ready(wanted, onRoot));
    }
    var layout = Layout.of(wanted, storage, present);
    return GlusterVolumes.check(
        new GlusterVolumes.Case(wanted, layout, bricks, Map.of(), UNKNOWN), there);
  }

  private static GlusterBrick.Ready ready(GlusterVolume wanted, boolean onRoot) {
    return new GlusterBrick.Ready(Set.of(wanted.name()), onRoot ? Set.of(wanted.name()) : Set.of());
  }

  private static GlusterBrick.Ready ready(boolean onRoot) {
    return ready(Declared.volume(3, SHARED), onRoot);
  }

  private static List<String> scripts(Check check) {
    assertThat(check).isInstanceOf(Check.Drift.class);
    var repair = (Repair.OnHost) ((Check.Drift) check).repair();
    return repair.scripts().stream()
        .map(Script::call)
        .map(call -> String.join(" ", call.arguments()))
        .toList();
  }
}

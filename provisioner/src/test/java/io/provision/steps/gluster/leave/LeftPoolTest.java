package io.provision.steps.gluster.leave;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.step.Check;
import io.provision.step.Departure;
import io.provision.step.Known;
import io.provision.step.Orphan;
import io.provision.step.Removals;
import io.provision.step.Repair;
import io.provision.step.TestKnown;
import io.provision.steps.gluster.Declared;
import io.provision.steps.gluster.Recorded;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.gate.GlusterHealth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is on hosts that have lost the role of storage hosts is found, told and removed. */
final class LeftPoolTest {
  private static final String OTHER = "{ name: other, replica: 3, brick: /data/gluster/other }";
  private static final VolumeInfo SHARED =
      VolumeInfo.read(Recorded.answer("info-started.xml")).value().orElseThrow().getFirst();

  private static final String OURS = "shared /data/gluster/shared";

  /** What each host carries of our marks. */
  private final Map<String, Set<String>> marks =
      new HashMap<>(Map.of("n1", Set.of(OURS), "n2", Set.of(OURS), "n3", Set.of(OURS)));

  /** The volumes that are mounted, by host, and the hosts of which nobody knows. */
  private final Map<HostName, NameSet> mounted = new HashMap<>();

  private final Map<HostName, String> unheard = new HashMap<>();

  private final Inventory nobody = inventory("[]");

  @Test
  void aVolumeWhoseHostsHaveLostTheRoleIsFoundAndToldByOneOfThem() {
    var told = spokenFor("n1", nobody).departures(Known.NOTHING);
    assertThat(told.stream().map(Departure::orphans))
        .containsExactly(
            Set.of(new Orphan("volume", "shared")), Set.of(Orphan.host("n2")), hosts("n3"));
    assertThat(told).allSatisfy(it -> assertThat(it.aftermath()).isNotEmpty());
    assertThat(told.stream().map(Departure::lost))
        .as("hosts that are still in the inventory have lost a role, the volume has left it")
        .containsExactly("", "n2 lost the role storage", "n3 lost the role storage");
    for (var other : List.of("n2", "n3")) {
      assertThat(LeftPool.spokenForBy(new HostName(other), nobody, trace(other))).isEmpty();
    }
  }

  @Test
  void whereTheFirstIsDownTheNextSpeaks() {
    dead.add("n1");
    assertThat(LeftPool.spokenForBy(new HostName("n2"), nobody, trace("n2"))).isPresent();
    assertThat(LeftPool.spokenForBy(new HostName("n3"), nobody, trace("n3"))).isEmpty();
  }

  @Test
  void whereAStorageHostIsInThePoolThatOneSpeaks() {
    assertThat(LeftPool.spokenForBy(new HostName("n1"), inventory("[storage]"), trace("n1")))
        .isEmpty();
  }

  @Test
  void itIsDeletedWhereItWasAskedForWithAllOfItsHostsHeard() {
    assertThat(script(asked("volume/shared", "n1", "n2", "n3").getFirst()))
        .startsWith("delete_volume shared gluster volume create shared replica 3 n1:");
    var unheard = asked("volume/shared", "n1", "n3").getFirst();
    assertThat(((Check.Refused) unheard.removal()).what()).contains("n2 was not reached");
  }

  @Test
  void hostsLeaveWithTheVolumeAndNotBeforeIt() {
    var early = asked("n2", "n1", "n2", "n3").get(1);
    assertThat(((Check.Refused) early.removal()).what()).contains("bricks of volume shared");
    var all = asked("shared,n2,n3", "n1", "n2", "n3");
    assertThat(all.stream().map(LeftPoolTest::script))
        .satisfiesExactly(
            first -> assertThat(first).startsWith("delete_volume shared"),
            then -> assertThat(then).isEqualTo("detach_peer n2 yes; detach_peer n3 yes"));
  }

  @Test
  void aVolumeOfANameThatIsDeclaredOnOtherHostsIsNeverDeleted() {
    var same = inventory("[]", OTHER.replace("other", "shared"));
    var told = new LeftPool(same, N1, members(), pool("n1"), List.of(SHARED), trace("n1"));
    assertThat(told.departures(known("shared", "n1", "n2", "n3")).getFirst().removal())
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("the inventory declares"));
  }

  @Test
  void aVolumeWithoutOurMarkIsNeverDeletedWhoeverAsks() {
    for (var mark : List.of("", "shared /data/gluster/other", "other /data/gluster/shared")) {
      for (var host : List.of("n1", "n2", "n3")) {
        marks.put(host, mark.isEmpty() ? Set.of() : Set.of(mark));
        assertThat(refused(asked("volume/shared", "n1", "n2", "n3").getFirst()))
            .as("%s carries '%s'", host, mark)
            .contains("shared does not carry our mark");
        marks.put(host, Set.of(OURS));
      }
    }
    marks.replaceAll((_, _) -> Set.of());
    assertThat(refused(asked("shared", "n1", "n2", "n3").getFirst())).contains("our mark");
  }

  @Test
  void aVolumeThatIsStillMountedSomewhereIsNotDeleted() {
    mounted.put(N1, new NameSet(Set.of("other")));
    assertThat(script(asked("volume/shared", "n1", "n2", "n3").getFirst())).contains("delete");
    mounted.put(new HostName("w9"), new NameSet(Set.of("other", "shared")));
    assertThat(refused(asked("volume/shared", "n1", "n2", "n3").getFirst()))
        .isEqualTo("volume shared is still mounted on w9");
  }

  @Test
  void aVolumeIsNotDeletedWhileNobodyKnowsWhetherAHostHasItMounted() {
    unheard.put(new HostName("w9"), "it does not answer");
    assertThat(refused(asked("volume/shared", "n1", "n2", "n3").getFirst()))
        .isEqualTo("nobody knows whether volume shared is mounted on w9");
  }

  private static String refused(Departure departure) {
    assertThat(departure.removal()).isInstanceOf(Check.Refused.class);
    return ((Check.Refused) departure.removal()).what();
  }

  private static final HostName N1 = new HostName("n1");
  private final List<String> dead = new ArrayList<>();

  private static List<HostName> members() {
    return Declared.hosts(1, 2, 3);
  }

  private List<Departure> asked(String words, String... heard) {
    return spokenFor("n1", nobody).departures(known(words, heard));
  }

  private Known known(String words, String... heard) {
    var outputs = new TestKnown();
    for (var host : heard) {
      var _ = outputs.has(new HostName(host), GlusterTrace.TRACE, trace(host));
    }
    mounted.forEach((host, names) -> {
      var _ = outputs.has(host, LeftoverVolumes.MOUNTED, names);
    });
    unheard.forEach((host, reason) -> {
      var _ = outputs.never(host, LeftoverVolumes.MOUNTED, reason);
    });
    return outputs.asked(new Removals(Set.of(words.split(","))));
  }

  private LeftPool spokenFor(String host, Inventory inventory) {
    return LeftPool.spokenForBy(new HostName(host), inventory, trace(host)).orElseThrow();
  }

  private GlusterTrace.Trace trace(String host) {
    var uuid = SHARED.bricks().get(Integer.parseInt(host.substring(1)) - 1).uuid();
    var seen =
        new GlusterHealth.Seen(
            uuid,
            new Reading.Of<>(pool(host)),
            new Reading.Of<>(List.of(SHARED)),
            Optional.empty());
    return new GlusterTrace.Trace(seen, marks.get(host));
  }

  private Pool pool(String self) {
    return new Pool(
        SHARED.bricks().stream()
            .map(brick ->
                brick.host().equals(self)
                    ? new Pool.Peer(brick.uuid(), List.of("localhost"), true, Optional.empty(), "")
                    : new Pool.Peer(
                        brick.uuid(),
                        List.of(brick.host()),
                        !dead.contains(brick.host()),
                        Optional.of(Pool.IN_CLUSTER),
                        "Peer in Cluster"))
            .toList());
  }

  /** Hosts n1 to n3 with these roles. */
  private static Inventory inventory(String roles, String... volume) {
    var all = Declared.inventory(3, volume.length == 0 ? OTHER : volume[0]);
    return all.withEach(host -> roles.equals("[]") ? without(host) : host);
  }

  private static Host without(Host host) {
    assertThat(host.is(Role.STORAGE)).isTrue();
    return ROLELESS.find(host.name()).orElseThrow();
  }

  private static final Inventory ROLELESS = Declared.roleless(3);

  private static Set<Orphan> hosts(String... names) {
    return Set.of(Stream.of(names).map(Orphan::host).toArray(Orphan[]::new));
  }

  private static String script(Departure departure) {
    assertThat(departure.removal()).isInstanceOf(Check.Drift.class);
    return String.join(
        "; ",
        ((Repair.OnHost) ((Check.Drift) departure.removal()).repair())
            .scripts().stream()
                .map(script -> script.call())
                .map(call -> call.function().name() + " " + String.join(" ", call.arguments()))
                .toList());
  }
}

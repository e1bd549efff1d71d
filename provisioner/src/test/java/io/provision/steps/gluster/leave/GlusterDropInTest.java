package io.provision.steps.gluster.leave;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.remote.Shells;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.resource.LocalHost;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Removals;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.step.TestKnown;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.brick.GlusterServer;
import io.provision.steps.gluster.pool.GlusterLook;
import io.provision.steps.kubernetes.Cases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our settings of glusterd are there as long as the host is a storage host or in a pool. */
final class GlusterDropInTest {
  private static final Inventory INVENTORY =
      Cases.inventory(
          Cases.host("n1", 1, Set.of(Role.STORAGE), Map.of()),
          Cases.host("n2", 2, Set.of(Role.WORKER), Map.of()));
  private static final Inventory NOBODY =
      Cases.inventory(Cases.host("n2", 2, Set.of(Role.WORKER), Map.of()));
  private static final Pool.Peer SELF =
      new Pool.Peer("u-self", List.of("localhost"), true, Optional.empty(), "");

  @TempDir Path root;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @Test
  void theyGoOnceTheHostHasLeftThePool() {
    assertGoes(check(INVENTORY, members("localhost", "n1"), SELF));
    assertGoes(check(INVENTORY, members("localhost", "n1"), SELF, peer("n1"), peer("n3")));
    assertGoes(check(NOBODY, new TestKnown(), SELF));
  }

  @Test
  void theyStayWhereAPoolHasTheHostOrNobodyKnows() {
    var stays =
        Map.of(
            "a member still",
            check(INVENTORY, members("localhost", "n1", "n2"), SELF, peer("n1")),
            "in another pool",
            check(INVENTORY, members("localhost", "n1"), SELF, peer("n7")),
            "with others, none of which the inventory has as storage",
            check(NOBODY, new TestKnown(), SELF, peer("n7")),
            "others leave in this run",
            check(NOBODY, removing(), SELF));
    stays.forEach((why, check) -> assertThat(check).as(why).isEqualTo(new Check.InSync()));
  }

  @Test
  void aStorageHostHasThem() {
    var host = INVENTORY.hosts().getFirst();
    assertThat(
            new GlusterDropIn()
                .check(
                    new Target.OnHost(host, INVENTORY),
                    new Observations.Builder().build(),
                    new TestKnown()))
        .isInstanceOf(Check.Skipped.class);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void systemdForgetsThemToo(List<String> shell) throws IOException {
    var file = root.resolve(GlusterServer.DROP_IN_PATH.substring(1));
    java.nio.file.Files.createDirectories(file.getParent());
    java.nio.file.Files.writeString(file, "x");
    var drift = (Check.Drift) check(NOBODY, new TestKnown(), SELF);
    new LocalHost(root)
        .below(root)
        .in(shell.toArray(String[]::new))
        .program(
            "systemctl", "[ \"$*\" = daemon-reload ] && : >%s".formatted(root.resolve("called")))
        .repair(drift.repair());
    assertThat(file.getParent()).doesNotExist();
    assertThat(((Repair.OnHost) drift.repair()).scripts()).hasSize(1);
    assertThat(root.resolve("called")).exists();
  }

  private static void assertGoes(Check check) {
    assertThat(check)
        .isInstanceOfSatisfying(
            Check.Drift.class,
            drift ->
                assertThat(drift.changes())
                    .containsExactly(Change.of(Change.Action.REMOVE, GlusterServer.DROP_IN_PATH)));
  }

  private static Check check(Inventory inventory, Known known, Pool.Peer... peers) {
    var target = new Target.OnHost(inventory.find(new HostName("n2")).orElseThrow(), inventory);
    var file =
        new FileState(
            FileState.Type.FILE,
            false,
            FileMode.PUBLIC,
            new FileState.Owner("0", "0", "root", "root"),
            1,
            Optional.of(Cases.DIGEST),
            Optional.empty());
    var seen =
        new Observations.Builder()
            .put(GlusterLook.UUID, "u-self")
            .put(GlusterLook.PEERS, new Reading.Of<>(new Pool(List.of(peers))))
            .put(GlusterLook.INFO, new Reading.Of<>(List.of()));
    assertThat(
            new GlusterDropIn()
                .check(
                    target,
                    seen.put(Files.at(GlusterServer.DROP_IN_PATH), FileState.ABSENT).build(),
                    known))
        .isEqualTo(new Check.InSync());
    seen.put(Files.at(GlusterServer.DROP_IN_PATH), file);
    return new GlusterDropIn().check(target, seen.build(), known);
  }

  private static Pool.Peer peer(String name) {
    return new Pool.Peer("u-" + name, List.of(name), true, Optional.of(Pool.IN_CLUSTER), "");
  }

  private static Known members(String... names) {
    return new TestKnown()
        .has(new HostName("n1"), GlusterDepartures.MEMBERS, new NameSet(Set.of(names)));
  }

  private static Known removing() {
    return new TestKnown().asked(new Removals(Set.of("host/n7")));
  }
}

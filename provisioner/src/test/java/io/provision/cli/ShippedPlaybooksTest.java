package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.cli.run.Inputs;
import io.provision.engine.Options;
import io.provision.engine.Runner;
import io.provision.engine.TaskGraphRefused;
import io.provision.engine.playbook.Play;
import io.provision.load.bind.Surroundings;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.step.Removals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShippedPlaybooksTest {
  /** Without a storage host, as where the role was taken from all of them. */
  private static final String INVENTORY =
      """
      cluster: { name: lab, distribution: %s %s }
      hosts:
        n1: { address: 192.0.2.1 %s }
        n2: { address: 192.0.2.2 }
      """;

  @TempDir private Path directory;

  /** A host that has lost a role still has what it got for it. */
  @Test
  void whatKnowsOfThePastIsAskedOfEveryHostWhateverItsRoles() throws Exception {
    var surroundings = new Surroundings(Map.of(), Path.of("/home/someone"));
    for (var text :
        List.of(
            INVENTORY.formatted("none", "", ""),
            INVENTORY.formatted(
                "k3s",
                ", version: v1.36.4+k3s1, endpoint: 192.0.2.1",
                ", roles: [control-plane]"))) {
      var file = Files.writeString(directory.resolve("inventory.yml"), text);
      var read = new Inputs(surroundings).read(file, Optional.empty());
      var found = new ArrayList<String>();
      for (var play : read.playbook().plays()) {
        if (play instanceof Play.OnHosts onHosts) {
          for (var item : onHosts.items()) {
            // a node that was one is known by the cluster, and its host is one that leaves
            if (!item.ref().name().startsWith("node-")
                && (!item.step().mayRemove().isEmpty()
                    || item.ref().name().equals("gluster-trace"))) {
              found.add(item.ref().name());
              assertThat(onHosts.hosts())
                  .as(item.ref().toString())
                  .isEqualTo(read.inventory().hosts());
            }
          }
        }
      }
      assertThat(found).contains("gluster-trace", "gluster-unmount", "gluster-departures");
    }
  }

  /**
   * A host that loses its power between two steps comes back with what was written until then: what
   * it is told to read has to be there.
   */
  @Test
  void whatK3sIsToldToReadIsWrittenBeforeItIsToldAndTakenAwayAfterwards() throws Exception {
    var surroundings = new Surroundings(Map.of(), Path.of("/home/someone"));
    var file =
        Files.writeString(
            directory.resolve("inventory.yml"),
            INVENTORY.formatted(
                "k3s", ", version: v1.36.4+k3s1, endpoint: 192.0.2.1", ", roles: [control-plane]"));
    var order = new ArrayList<String>();
    for (var play : new Inputs(surroundings).read(file, Optional.empty()).playbook().plays()) {
      if (play instanceof Play.OnHosts onHosts) {
        onHosts.items().forEach(item -> order.add(item.ref().name()));
      }
    }
    assertThat(order)
        .containsSubsequence(
            "k3s-token", "k3s-settings", "k3s-config", "k3s-settings-left", "k3s-server");
  }

  /** What a host runs is known, and refused, before anything is done to it. */
  @Test
  void everyHostIsLookedAtBeforeAnythingOfItIsChanged() throws Exception {
    var surroundings = new Surroundings(Map.of(), Path.of("/home/someone"));
    for (var distribution : List.of("none", "k3s", "kubeadm")) {
      var isNone = distribution.equals("none");
      var version = distribution.equals("k3s") ? "v1.36.4+k3s1" : "v1.36.4";
      var text =
          INVENTORY.formatted(
              distribution,
              isNone ? "" : ", version: %s, endpoint: 192.0.2.1".formatted(version),
              isNone ? "" : ", roles: [control-plane]");
      var file = Files.writeString(directory.resolve("inventory.yml"), text);
      var read = new Inputs(surroundings).read(file, Optional.empty());
      var first = read.playbook().plays().getFirst();
      assertThat(first)
          .as(distribution)
          .isInstanceOfSatisfying(
              Play.OnHosts.class,
              play -> {
                assertThat(play.hosts()).isEqualTo(read.inventory().hosts());
                assertThat(play.items().getFirst().ref().name()).isEqualTo("host-facts");
              });
    }
  }

  /** What a node that leaves waits for comes before it, on whichever host. */
  @Test
  void aHostLeavesThePoolBeforeTheCluster() throws Exception {
    for (var words : List.of("k3s, version: v1.36.4+k3s1", "kubeadm, version: v1.36.4")) {
      var read = read(STORAGE.formatted(words), Optional.empty());
      assertThat(read.inventory().leaving()).hasSize(1);
      Runner.validate(read.playbook(), read.inventory(), removing(Set.of(), "w1"));
      var order = new ArrayList<String>();
      for (var play : read.playbook().plays()) {
        if (play instanceof Play.OnHosts onHosts) {
          onHosts.items().forEach(item -> order.add(item.ref().name()));
        }
      }
      assertThat(order)
          .containsSubsequence(
              "gluster-trace",
              "gluster-departures",
              "node-leaves",
              "node-departures",
              "node-wiped");
      var reset = read.inventory().without(Set.copyOf(names(read.inventory())));
      var steps = Set.of("node-leaves", "node-wiped");
      Runner.validate(read.playbook(), reset, removing(steps, "cluster/lab"));
    }
  }

  /** Where nobody has to do with GlusterFS a playbook need not either. */
  @Test
  void aPlaybookOfNodesAloneTakesThemOutWhereThereIsNoStorageHost() throws Exception {
    var book =
        Files.writeString(
            directory.resolve("book.yml"),
            """
            - hosts: [control-plane, worker]
              steps: [node-address, k3s-state]
            - hosts: local
              steps: [k3s-artifacts]
            - hosts: [control-plane, worker]
              steps: [k3s-token, k3s-config, k3s-binary, k3s-server, k3s-agent, node-registered]
            - hosts: [control-plane, worker, leaving]
              steps: [node-leaves]
            - hosts: control-plane
              steps: [node-departures]
            - hosts: leaving
              steps: [node-wiped]
            """);
    var storage = STORAGE.formatted("k3s, version: v1.36.4+k3s1");
    var without = read(storage.replace(", storage", ""), Optional.of(book));
    Runner.validate(without.playbook(), without.inventory(), removing(Set.of(), "w1"));
    var with = read(storage, Optional.of(book));
    Runner.validate(with.playbook(), with.inventory(), removing(Set.of()));
    assertThatThrownBy(
            () -> Runner.validate(with.playbook(), with.inventory(), removing(Set.of(), "w1")))
        .isInstanceOf(TaskGraphRefused.class)
        .hasMessageContaining("'node-departures' needs 'gluster-members'");
  }

  private static final String STORAGE =
      """
      cluster: { name: lab, distribution: %s, endpoint: 192.0.2.1 }
      hosts:
        cp1: { address: 192.0.2.1, roles: [control-plane] }
        s1: { address: 192.0.2.2, roles: [worker, storage] }
        w1: { address: 192.0.2.3, roles: [worker, storage] }
      """;

  private Inputs.Read read(String inventory, Optional<Path> playbook) throws Exception {
    var file = Files.writeString(directory.resolve("inventory.yml"), inventory);
    var surroundings = new Surroundings(Map.of(), Path.of("/home/someone"));
    return new Inputs(surroundings).read(file, playbook, Set.of("w1"));
  }

  private static List<HostName> names(Inventory inventory) {
    return inventory.hosts().stream().map(Host::name).toList();
  }

  private static Options removing(Set<String> only, String... words) {
    return new Options(
        Optional.empty(),
        only,
        Set.of(),
        new Removals(Set.of(words)),
        8,
        "me",
        Duration.ofMinutes(1));
  }
}

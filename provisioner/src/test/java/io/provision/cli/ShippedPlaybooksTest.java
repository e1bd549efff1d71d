package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.cli.run.Inputs;
import io.provision.engine.playbook.Play;
import io.provision.load.bind.Surroundings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
}

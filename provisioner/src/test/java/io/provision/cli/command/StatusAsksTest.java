package io.provision.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.cli.run.Inputs;
import io.provision.cli.run.Refused;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.load.bind.Surroundings;
import io.provision.model.Inventory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a status asks behind its playbook is what the areas of the catalog say, and no more. */
class StatusAsksTest {
  private static final String HOSTS =
      """
      hosts:
        a: { address: 10.0.0.1, roles: [control-plane, storage] }
        b: { address: 10.0.0.2, roles: [storage] }
        c: { address: 10.0.0.3, roles: [storage] }
      """;
  private static final String CLUSTER =
      """
      cluster:
        name: home
        distribution: k3s
        version: v1.36.4+k3s1
        network: { node_cidr: 10.0.0.0/24 }
      """;
  private static final String VOLUME =
      """
        storage:
          gluster:
            volumes: [{ name: shared, replica: 3, brick: /data/gluster/shared, mount: /mnt/shared }]
      """;

  @TempDir Path directory;

  @Test
  void everyAreaIsAskedHostsBeforeTheCluster() throws Exception {
    var read = read(CLUSTER + VOLUME + HOSTS);
    assertThat(added(withoutGluster(read.playbook()), read.inventory()))
        .containsExactly("status of storage", "status of mounts", "status of the cluster");
    assertThat(added(read(CLUSTER + HOSTS)))
        .as("without volumes")
        .containsExactly("status of the cluster");
  }

  @Test
  void whatThePlaybookLooksAtItselfIsNotAskedTwice() throws Exception {
    var read = read(CLUSTER + VOLUME + HOSTS);
    var asked = StatusTables.asked(withoutGluster(read.playbook()), read.inventory());
    assertThat(added(asked, read.inventory())).containsExactly("status of the cluster");
  }

  @Test
  void aSafetyCheckLooksAtAllMembersAndRefusesWhereThereIsNothing() throws Exception {
    var inventory = read(CLUSTER + VOLUME + HOSTS).inventory();
    var check = GlusterCheck.playbook(inventory, Optional.of("b"));
    assertThat(check.plays())
        .singleElement()
        .isInstanceOfSatisfying(
            Play.OnHosts.class,
            play -> {
              assertThat(play.hosts()).hasSize(3);
              assertThat(play.items())
                  .extracting(item -> item.ref().name())
                  .containsExactly("gluster-health", "gluster-gate");
            });
    assertThatThrownBy(() -> GlusterCheck.playbook(inventory, Optional.of("bb")))
        .hasMessageContaining("no host with role storage is named 'bb'");
    var none = read(CLUSTER + HOSTS).inventory();
    assertThatThrownBy(() -> GlusterCheck.playbook(none, Optional.empty()))
        .hasMessageContaining("the inventory has no gluster volumes");
  }

  private List<String> added(Inputs.Read read) {
    return added(read.playbook(), read.inventory());
  }

  private static List<String> added(Playbook playbook, Inventory inventory) {
    return StatusTables.asked(playbook, inventory).plays().stream()
        .skip(playbook.plays().size())
        .map(Play::name)
        .toList();
  }

  /** A playbook of somebody who leaves GlusterFS' own steps out. */
  private static Playbook withoutGluster(Playbook playbook) {
    return new Playbook(
        playbook.plays().stream()
            .filter(play ->
                !(play instanceof Play.OnHosts on
                    && on.items().stream()
                        .anyMatch(item -> item.ref().name().startsWith("gluster-"))))
            .toList());
  }

  private Inputs.Read read(String inventory) throws IOException, Refused {
    var file = Files.writeString(directory.resolve("home.yml"), inventory);
    return new Inputs(new Surroundings(Map.of(), directory)).read(file, Optional.empty());
  }
}

package io.provision.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.step.Change;
import io.provision.step.Need;
import io.provision.step.Provider;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubeadm.KubeadmCases;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A step that takes servers away for a while, one after another, waits for something that it
 * provides itself: what another step says of the servers before it was seen before they were worked
 * on, and is known from the first look.
 */
final class OneAfterAnotherTest {
  private static final Set<Change.Action> TAKES_AWAY =
      Set.of(Change.Action.RESTART, Change.Action.DRAIN, Change.Action.UPGRADE, Change.Action.JOIN);

  @TempDir Path directory;

  @Test
  void whoWaitsForTheServersBeforeItWaitsForItsOwnWorkOnThem() throws Exception {
    var k3s = Cases.inventory(Cases.server(1), Cases.server(2));
    var kubeadm = KubeadmCases.inventory("");
    var looked = new TreeSet<String>();
    var wrong = new TreeSet<String>();
    for (var entry : ContractSteps.ALL.entrySet()) {
      if (ContractSteps.bound(entry.getValue(), directory) instanceof Step<?> step
          && isOnHosts(step)) {
        @SuppressWarnings("unchecked")
        var onHosts = (Step<Target.OnHost>) step;
        for (var inventory : List.of(k3s, kubeadm)) {
          look(entry.getKey(), onHosts, inventory, looked, wrong);
        }
      }
    }
    assertThat(looked)
        .contains("k3s-server", "k3s-upgrade", "kubeadm-control-plane", "kubeadm-upgrade")
        .contains("kubeadm-settings")
        .contains("node-certificates");
    assertThat(wrong).isEmpty();
  }

  private static boolean isOnHosts(Step<?> step) {
    return io.provision.load.playbook.PlaybookAssembler.targetOf(step.getClass())
        == Target.OnHost.class;
  }

  private static void look(
      String name,
      Step<Target.OnHost> step,
      Inventory inventory,
      Set<String> looked,
      Set<String> wrong) {
    var servers = Nodes.servers(inventory);
    var target = new Target.OnHost(servers.get(1), inventory);
    if (step.mayDo().stream().noneMatch(TAKES_AWAY::contains)
        || outputsOf(step.needs(target), servers.getFirst()).stream()
            .noneMatch(Nodes.SERVER_UP::equals)) {
      return;
    }
    looked.add(name);
    if (outputsOf(step.needs(target), servers.getFirst()).stream()
        .noneMatch(step.provides(target)::contains)) {
      wrong.add(name);
    }
  }

  private static List<Object> outputsOf(Set<Need> needs, Host provider) {
    var outputs = new ArrayList<Object>();
    for (var need : needs) {
      if (need.of() instanceof Provider.Hosts hosts && hosts.names().contains(provider.name())) {
        outputs.add(need.output());
      }
    }
    return outputs;
  }
}

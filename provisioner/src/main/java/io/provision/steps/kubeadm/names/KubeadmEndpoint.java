package io.provision.steps.kubeadm.names;

import io.provision.resource.BlockOfLines;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import java.util.List;
import java.util.Set;

/**
 * {@code kubeadm-endpoint}: the name by which nodes reach the API stands in /etc/hosts, where the
 * inventory gives none that the operator resolves.
 */
public record KubeadmEndpoint() implements Step<Target.OnHost> {
  private static BlockOfLines block(List<String> lines) {
    return new BlockOfLines("/etc/hosts", "kubeadm", lines);
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return block(List.of()).probes();
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return Set.of(
        Need.some(Nodes.ADDRESS, Nodes.servers(target.inventory())), ApiName.need(target));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var name = ApiName.of(target.cluster(), known);
    if (!ApiName.isOurs(target.cluster()) || !ApiName.isName(name)) {
      return block(List.of()).check(seen);
    }
    var addresses = ApiName.addresses(target, known);
    return addresses.isEmpty()
        ? new Check.Skipped(
            "the address of a control plane is not known: the lines of %s stay as they are"
                .formatted(name))
        : block(addresses.stream().map(address -> address + " " + name).toList()).check(seen);
  }
}

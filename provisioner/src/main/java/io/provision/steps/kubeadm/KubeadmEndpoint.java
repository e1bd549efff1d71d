package io.provision.steps.kubeadm;

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
    return Set.of(Need.some(Nodes.ADDRESS, List.of(Nodes.servers(target.inventory()).getFirst())));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!ApiName.isOurs(target.cluster())) {
      return block(List.of()).check(seen);
    }
    var name = ApiName.of(target.cluster());
    return ApiName.address(target, known)
        .map(address -> block(List.of(address + " " + name)).check(seen))
        .orElseGet(() ->
            new Check.Skipped(
                "the address of the control plane is not known: the line of %s stays as it is"
                    .formatted(name)));
  }
}

package io.provision.steps.kubeadm;

import io.provision.model.Host;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A node that joins is made with what the cluster keeps of its settings. Where that is not what the
 * inventory says, it is changed first: else nothing would tell that this node has the old ones.
 */
final class OtherSettings {
  private OtherSettings() {}

  /** Who tells of that. */
  static Set<Need> needs(Target.OnHost target) {
    return Set.of(
        Need.some(Kubeadm.MADE, Nodes.servers(target.inventory())),
        Need.someSoFar(Kubeadm.SET, before(target)));
  }

  /** Control planes that are worked on before this node. */
  private static List<Host> before(Target.OnHost target) {
    return Nodes.isServer(target.host()) ? Nodes.before(target) : Nodes.servers(target.inventory());
  }

  /** Why it does not join now; empty where it may. */
  static Optional<Check> refusal(Target.OnHost target, Known known) {
    var wanted = MadeWith.wanted(target).settings();
    return Nodes.servers(target.inventory()).stream()
        .filter(server ->
            Optional.ofNullable(known.all(Kubeadm.MADE).get(server.name()))
                .filter(made -> !made.equals(wanted))
                .isPresent())
        .filter(server ->
            !before(target).contains(server) || known.never(Kubeadm.SET).containsKey(server.name()))
        .findFirst()
        .<Check>map(server ->
            new Check.Refused(
                "it would join a cluster whose settings change first, on %s".formatted(server),
                "run again once those are changed; a host that comes after the control planes in"
                    + " the inventory joins in the same run"));
  }
}

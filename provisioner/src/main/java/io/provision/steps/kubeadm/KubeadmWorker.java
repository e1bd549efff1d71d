package io.provision.steps.kubeadm;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.certificates.AuthorityKey;
import io.provision.steps.kubernetes.registration.Registration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code kubeadm-worker}: the host is a node of the cluster; it joins once a control plane answers,
 * by a token that is made for the run and lives for minutes.
 */
public record KubeadmWorker() implements Step<Target.OnHost> {
  private static final KubeadmDistribution KUBEADM = new KubeadmDistribution();

  @Override
  public Probes probes(Target.OnHost target) {
    return Nodes.isServer(target.host())
        ? Probes.NONE
        : Probes.of(KubeadmLooks.BASICS, registration(target));
  }

  private static Question<Registration> registration(Target.OnHost target) {
    return Registration.of(target.host(), KUBEADM);
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var servers = Nodes.servers(target.inventory());
    if (Nodes.isServer(target.host())) {
      return Set.of();
    }
    var needs = new LinkedHashSet<>(OtherSettings.needs(target));
    needs.add(Need.anySoFar(Nodes.SERVER_UP, servers));
    needs.add(Need.anySoFar(Kubeadm.OF_CLUSTER, servers));
    return needs;
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Nodes.isServer(target.host()) ? Set.of() : Set.of(Nodes.AGENT_UP);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.JOIN);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (Nodes.isServer(target.host())) {
      return new Check.Skipped("it is a control plane");
    }
    var basics = seen.of(KubeadmLooks.BASICS);
    if (!basics.isJoined()) {
      return OtherSettings.refusal(target, known).orElseGet(() -> join(target, known));
    }
    if (basics.key().isEmpty()) {
      return new Check.Refused(
          "%s on it holds no certificate, so that nothing there can tell whose node it is"
              .formatted(Kubeadm.AUTHORITY),
          "where %s names this cluster's API ('grep server: /etc/kubernetes/kubelet.conf'), copy the file from a control plane"
              .formatted(target.host().name()));
    }
    var stranger =
        known.all(Kubeadm.OF_CLUSTER).values().stream()
            .noneMatch(it -> basics.authority().filter(it.certificate()::equals).isPresent());
    if (stranger && !known.all(Kubeadm.OF_CLUSTER).isEmpty()) {
      return new Check.Refused(
          "it is a node of another cluster, whose API is at %s: its authority is %s, and that of '%s' is %s"
              .formatted(
                  basics.server(),
                  AuthorityKey.told(basics.key()),
                  target.cluster().name(),
                  AuthorityKey.told(
                      known.all(Kubeadm.OF_CLUSTER).values().iterator().next().key())),
          KubeadmState.takenOut());
    }
    var told = seen.of(registration(target));
    return told == Registration.PRESENT
        ? new Check.InSync(Observed.of(Nodes.AGENT_UP, true))
        : KUBEADM.unheard(target.host(), told.awaited(target.host()));
  }

  private static Check join(Target.OnHost target, Known known) {
    var change =
        Change.of(
            Change.Action.JOIN,
            "cluster " + target.cluster().name(),
            "",
            "node " + target.host().name());
    var up =
        Nodes.servers(target.inventory()).stream()
            .filter(server -> known.all(Nodes.SERVER_UP).containsKey(server.name()))
            .findFirst();
    var scripts =
        up.map(server -> List.of(KubeadmJoin.worker(server.name())))
            .orElse(List.of()); // of a plan: no control plane is up yet
    return new Check.Drift(List.of(change), new Repair.OnHost(scripts, true));
  }
}

package io.provision.steps.kubeadm;

import io.provision.remote.Call;
import io.provision.remote.ShellFunction;
import io.provision.resource.UnitFailure;
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
import io.provision.steps.kubernetes.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * {@code kubeadm-worker}: the host is a node of the cluster; it joins once a control plane answers,
 * by a token that is made for the run and lives for minutes.
 */
public record KubeadmWorker() implements Step<Target.OnHost> {
  private static final KubeadmDistribution KUBEADM = new KubeadmDistribution();
  private static final Duration REGISTER = Duration.ofMinutes(5);

  /** {@code until_kubeadm_joined KUBECTL KUBECONFIG NODE}. */
  private static final ShellFunction UNTIL_JOINED =
      new ShellFunction(
          "until_kubeadm_joined",
          """
          [ -s "$2" ] && [ "$(node_registration "$1" "$2" "$3")" != absent ] && return 0
          unit_has_failed kubelet.service && return 69
          return 1\
          """,
          List.of(Registration.LOOK, UnitFailure.HAS_FAILED));

  /** {@code explain_kubelet}: what it said last. */
  private static final ShellFunction EXPLAIN =
      new ShellFunction(
          "explain_kubelet",
          """
          printf 'reason: %s\\n' "$(unit_last_words kubelet.service | tail -n 1)"
          systemctl --no-pager --full --lines=0 status -- kubelet.service 2>&1 | head -n 6
          journalctl --no-pager -o cat -n 12 -u kubelet.service 2>/dev/null | cut -c 1-400
          return 0\
          """,
          List.of(UnitFailure.LAST_WORDS));

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
    return Nodes.isServer(target.host())
        ? Set.of()
        : Set.of(
            Need.anySoFar(Nodes.SERVER_UP, servers), Need.anySoFar(Kubeadm.OF_CLUSTER, servers));
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
      return join(target, known);
    }
    var stranger =
        known.all(Kubeadm.OF_CLUSTER).values().stream()
            .noneMatch(it -> basics.authority().filter(it.certificate()::equals).isPresent());
    if (stranger && !known.all(Kubeadm.OF_CLUSTER).isEmpty()) {
      return new Check.Refused(
          "it is a node of another cluster, whose API is at %s: its authority is not that of '%s'"
              .formatted(basics.server(), target.cluster().name()),
          KubeadmState.takenOut());
    }
    return switch (seen.of(registration(target))) {
      case ABSENT -> waiting(target);
      case PRESENT, UNTOLD -> new Check.InSync(Observed.of(Nodes.AGENT_UP, true));
    };
  }

  private static Check waiting(Target.OnHost target) {
    var node = target.host().name().value();
    return new Check.NotYet(
        "it to register as node " + node,
        REGISTER,
        Call.of(UNTIL_JOINED, Kubeadm.KUBECTL, Kubeadm.JOINED, node),
        Call.of(EXPLAIN));
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

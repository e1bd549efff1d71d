package io.provision.steps.kubeadm;

import io.provision.render.RenderException;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubeadm.adoption.ForeignNode;
import io.provision.steps.kubeadm.names.ApiName;
import io.provision.steps.kubeadm.runtime.ForeignRuntime;
import io.provision.steps.kubernetes.ApiServer;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.certificates.AuthorityKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code kubeadm-adoption}: a node that somebody else made by kubeadm is taken over as it runs. It
 * is said here before anything is changed, and refused where the inventory says something else of
 * it: what runs is taken over first, and changed then, as every node that lives is. The steps
 * behind this one do it.
 */
public record KubeadmAdoption() implements Step<Target.OnHost> {
  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(KubeadmLooks.BASICS, ForeignNode.QUESTION).and(ForeignRuntime.probes(target));
  }

  /** What of the control planes tells of all nodes. */
  static Set<Need> ofCluster(Target.OnHost target) {
    var servers = Nodes.servers(target.inventory());
    return Set.of(
        ApiName.need(target),
        Need.some(Nodes.ADDRESS, servers),
        Need.some(Nodes.STATE, servers),
        Need.some(Kubeadm.FOUND_AUTHORITY, servers));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var needs = new LinkedHashSet<>(ofCluster(target));
    needs.add(Need.all(Nodes.ADDRESS, List.of(target.host())));
    needs.add(Need.local(Kubeadm.PINNED));
    return needs;
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var refusal = refusal(target, seen, known);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    var foreign = seen.of(ForeignNode.QUESTION);
    return foreign.isThere()
        ? new Check.InSync(Observed.noting(note(target, seen, known)))
        : new Check.InSync();
  }

  /** Why a node is not taken over, or is of another cluster; empty where neither is so. */
  static Optional<Check> refusal(Target.OnHost target, Observations seen, Known known) {
    var basics = seen.of(KubeadmLooks.BASICS);
    var stranger = stranger(target, basics, known);
    if (stranger.isPresent()) {
      return stranger;
    }
    var foreign = seen.of(ForeignNode.QUESTION);
    if (!foreign.isThere()) {
      return Optional.empty();
    }
    if (!foreign.runs() || foreign.node().isEmpty() || foreign.kubelet().isEmpty()) {
      return Optional.of(untold(foreign));
    }
    var refusals = new ArrayList<Check>();
    name(target, foreign).ifPresent(refusals::add);
    version(target, foreign).ifPresent(refusals::add);
    endpoint(target, basics, known).ifPresent(refusals::add);
    flags(foreign).ifPresent(refusals::add);
    try {
      KeptSettings.refusals(target, foreign, known).forEach(refusals::add);
    } catch (RenderException e) {
      refusals.add(
          new Check.Refused(
              "what it runs with cannot be read: " + e.getMessage(),
              "look at /var/lib/kubelet/config.yaml on it, and at the ConfigMaps kubeadm-config, kubelet-config and kube-proxy in kube-system"));
    }
    ForeignRuntime.refusal(target, seen).ifPresent(refusals::add);
    return refusals.isEmpty() ? Optional.empty() : Optional.of(Checks.together(refusals));
  }

  /** One that finds the API by an address is known by its authority alone. */
  private static Optional<Check> stranger(
      Target.OnHost target, KubeadmLooks.Basics basics, Known known) {
    var authorities = known.all(Kubeadm.FOUND_AUTHORITY).values();
    var isMember =
        authorities.stream()
            .anyMatch(it -> basics.authority().filter(it.certificate()::equals).isPresent());
    var seen = known.all(Nodes.STATE).keySet();
    var isUnseen =
        authorities.isEmpty()
            && Nodes.servers(target.inventory()).stream().anyMatch(it -> !seen.contains(it.name()));
    return Nodes.isServer(target.host())
            || !basics.isJoined()
            || basics.key().isEmpty() // told by kubeadm-worker
            || isMember
            || isUnseen
            || ApiName.host(basics.server()).filter(ApiName::isName).isPresent()
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "it is a node of another cluster, whose API is at %s (authority %s); %s"
                    .formatted(
                        basics.server(),
                        AuthorityKey.told(basics.key()),
                        authorities.isEmpty()
                            ? "no control plane of the inventory lives yet"
                            : "that of '%s' is %s"
                                .formatted(
                                    target.cluster().name(),
                                    AuthorityKey.told(authorities.iterator().next().key()))),
                KubeadmState.takenOut()));
  }

  private static Check untold(ForeignNode is) {
    return new Check.Refused(
        "it was made a node by somebody else, and what its kubelet runs with cannot be told: %s"
            .formatted(
                !is.runs()
                    ? "it does not run"
                    : is.node().isEmpty()
                        ? "/var/lib/kubelet/pki/kubelet-client-current.pem holds no certificate of a node"
                        : "/var/lib/kubelet/config.yaml cannot be read"),
        "look at 'systemctl status kubelet' and 'journalctl -u kubelet'; once the node is Ready, run again");
  }

  /** Another name would be another node: what runs on this one, and its volumes, stays behind. */
  private static Optional<Check> name(Target.OnHost target, ForeignNode is) {
    var name = target.host().name();
    return is.node().equals(name.value())
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "the cluster has it as node %s, and the inventory calls it %s"
                    .formatted(is.node(), name),
                "call the host %s in the inventory".formatted(is.node())));
  }

  private static Optional<Check> version(Target.OnHost target, ForeignNode is) {
    var wanted = Nodes.version(target).toString();
    return is.version().equals(wanted)
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "it runs Kubernetes %s, and the inventory says %s"
                    .formatted(
                        is.version().isEmpty() ? "of an unknown version" : is.version(), wanted),
                "write 'version: %s' first, so that it is taken over as it runs; then upgrade"
                    .formatted(is.version().isEmpty() ? "VERSION" : is.version())));
  }

  private static Optional<Check> endpoint(
      Target.OnHost target, KubeadmLooks.Basics basics, Known known) {
    var is = ApiName.host(basics.server()).orElse("");
    var port = ApiName.port(basics.server());
    if (port != ApiServer.PORT) {
      return Optional.of(
          new Check.Refused(
              "its API is at %s, and nodes of provision find theirs at port %d"
                  .formatted(basics.server(), ApiServer.PORT),
              "a cluster with another port cannot be taken over"));
    }
    var cluster = target.cluster();
    var fits =
        is.equals(ApiName.of(cluster, known))
            && (ApiName.isName(is)
                || cluster
                    .endpoint()
                    .map(is::equals)
                    .orElseGet(() -> isOfServer(target, is, known)));
    return fits
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "its nodes find the API at %s, and the inventory says '%s': that cannot be changed while the cluster lives"
                    .formatted(is, cluster.endpoint().orElse(ApiName.of(cluster))),
                "write 'endpoint: %s' under 'cluster'".formatted(is)));
  }

  /** Of the one that began it, which is where nobody said another. */
  private static boolean isOfServer(Target.OnHost target, String address, Known known) {
    return Nodes.servers(target.inventory()).stream()
        .map(server -> known.all(Nodes.ADDRESS).get(server.name()))
        .anyMatch(it -> it != null && it.toString().equals(address));
  }

  private static Optional<Check> flags(ForeignNode is) {
    return is.flags().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "its kubelet has flags by its unit that would be lost: "
                    + String.join(", ", is.flags()),
                "write them into KUBELET_EXTRA_ARGS of /etc/default/kubelet on it, which is read on, take them out of %s, and restart the kubelet"
                    .formatted(is.unit().isEmpty() ? "its unit" : is.unit())));
  }

  private static String note(Target.OnHost target, Observations seen, Known known) {
    var is = seen.of(ForeignNode.QUESTION);
    var basics = seen.of(KubeadmLooks.BASICS);
    var reasons = Kubelet.reasons(target, seen, known);
    var kubelet =
        reasons.isEmpty()
            ? "its kubelet is not restarted"
            : "its kubelet restarts once (%s), which leaves pods running"
                .formatted(String.join(", ", reasons));
    return "it was made by kubeadm by somebody else (cluster with authority %s, API at %s) and is taken over as it runs: node %s, its certificates and its pods stay; %s; %s"
        .formatted(
            AuthorityKey.told(basics.key()),
            basics.server(),
            is.node(),
            kubelet,
            ForeignRuntime.told(target, seen));
  }
}

package io.provision.steps.kubeadm;

import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubeadm.apiserver.KubeadmApiServer;
import io.provision.steps.kubeadm.names.ApiName;
import io.provision.steps.kubernetes.NodeArtifacts;
import io.provision.steps.kubernetes.NodeState;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.VersionSkew;
import io.provision.steps.kubernetes.certificates.AuthorityKey;
import io.provision.steps.kubernetes.encryption.HeldKey;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code kubeadm-state}: what a host is to kubeadm now, and whether the way from there to what the
 * inventory says can be gone. A machine of another cluster is refused by that cluster's name.
 */
public record KubeadmState() implements Step<Target.OnHost> {
  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(KubeadmLooks.BASICS, Files.text(Kubeadm.INIT))
        .and(HeldKey.probes(KubeadmApiServer.ENCRYPTION));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Nodes.isServer(target.host())
        ? Set.of(Nodes.STATE, HeldKey.OUTPUT, Kubeadm.MADE, ApiName.FOUND, Kubeadm.FOUND_AUTHORITY)
        : Set.of(Nodes.STATE, HeldKey.OUTPUT, ApiName.FOUND);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var basics = seen.of(KubeadmLooks.BASICS);
    if (!NodeArtifacts.ARCHITECTURES.contains(basics.arch())) {
      return KubeadmPrograms.noneFor(basics.arch());
    }
    return stranger(target, basics)
        .or(() -> otherRole(target, basics))
        .or(() -> otherVersion(target, basics))
        .orElseGet(() ->
            new Check.InSync(
                made(target, basics, seen)
                    .and(found(target, basics))
                    .and(Nodes.STATE, state(basics))
                    .and(HeldKey.observed(KubeadmApiServer.ENCRYPTION, seen))));
  }

  private static Observed made(
      Target.OnHost target, KubeadmLooks.Basics basics, Observations seen) {
    return Nodes.isServer(target.host()) && basics.isLiving()
        ? MadeWith.of(seen.of(Files.text(Kubeadm.INIT)))
            .map(it -> Observed.of(Kubeadm.MADE, it.settings()))
            .orElse(Observed.NOTHING)
        : Observed.NOTHING;
  }

  private static Observed found(Target.OnHost target, KubeadmLooks.Basics basics) {
    var isServer = Nodes.isServer(target.host());
    if (!basics.livesAs(isServer)) {
      return Observed.NOTHING;
    }
    var found =
        basics
            .authority()
            .filter(_ -> isServer)
            .map(it -> Observed.of(Kubeadm.FOUND_AUTHORITY, new Authority(it, basics.key())))
            .orElse(Observed.NOTHING);
    return ApiName.host(basics.server())
        .filter(host -> !ApiName.isName(host))
        .map(host -> found.and(ApiName.FOUND, host))
        .orElse(found);
  }

  private static NodeState state(KubeadmLooks.Basics basics) {
    return new NodeState(
        basics.arch(),
        basics.isJoined() ? basics.version() : Optional.empty(),
        basics.holdsCluster(),
        basics.ready(),
        basics.left().contains("manifests/kube-apiserver.yaml")
            && !basics.begun()
            && !basics.joining());
  }

  /**
   * What its control plane calls the cluster; workers do not know it, but where its API is. One
   * that finds it by an address is told by its authority, in {@link KubeadmAdoption}.
   */
  private static Optional<Check> stranger(Target.OnHost target, KubeadmLooks.Basics basics) {
    var ours = target.cluster().name();
    var isControlPlane = basics.left().contains("admin.conf");
    var is = basics.cluster();
    if (isControlPlane && !is.isEmpty() && !is.equals(ours)) {
      return Optional.of(
          new Check.Refused(
              "it is a control plane of the cluster '%s' (%s, authority %s), and the inventory's is called '%s'"
                  .formatted(is, basics.server(), AuthorityKey.told(basics.key()), ours),
              "where it is to be taken over, call the cluster '%s' in the inventory ('name' under 'cluster'); else "
                      .formatted(is)
                  + takenOut()));
    }
    var wanted = "https://" + ApiName.of(target.cluster()) + ":";
    var isNamed = ApiName.host(basics.server()).filter(ApiName::isName).isPresent();
    return !isControlPlane
            && isNamed
            && basics.isJoined()
            && !basics.server().isEmpty()
            && !basics.server().startsWith(wanted)
        ? Optional.of(
            new Check.Refused(
                "it is a node of another cluster, whose API is at %s (authority %s); nodes of '%s' find theirs at %s"
                    .formatted(
                        basics.server(),
                        AuthorityKey.told(basics.key()),
                        ours,
                        wanted.substring(0, wanted.length() - 1)),
                takenOut()))
        : Optional.empty();
  }

  static String takenOut() {
    return "correct the host's address; or, where that cluster is not needed any more, take the host"
        + " out of it: 'kubectl delete node NAME' there, then 'kubeadm reset' on the host";
  }

  /** A member of etcd that was stopped would count in its majority for ever. */
  private static Optional<Check> otherRole(Target.OnHost target, KubeadmLooks.Basics basics) {
    var name = target.host().name();
    if (basics.holdsCluster() && !Nodes.isServer(target.host())) {
      return Optional.of(
          new Check.Refused(
              "it is a control plane with a datastore in /var/lib/etcd, and the inventory makes it a"
                  + " worker",
              "give it the role control-plane back; where it is the only one, its datastore is the"
                  + " cluster"));
    }
    return Nodes.isServer(target.host())
            && basics.isJoined()
            && !basics.holdsCluster()
            && !basics.left().contains("admin.conf")
        ? Optional.of(
            new Check.Refused(
                "it is a worker of a cluster, and the inventory makes it a control plane",
                "give it the role worker back; or take it out of the cluster first: 'kubectl drain"
                    + " %1$s', 'kubectl delete node %1$s', then on it 'kubeadm reset'"
                        .formatted(name)))
        : Optional.empty();
  }

  private static Optional<Check> otherVersion(Target.OnHost target, KubeadmLooks.Basics basics) {
    var wanted = Nodes.version(target);
    return Stream.of(basics.version(), basics.apiServer())
        .flatMap(Optional::stream)
        .filter(_ -> basics.isJoined())
        .flatMap(has -> VersionSkew.refusal("Kubernetes", has, wanted).stream())
        .findFirst();
  }
}

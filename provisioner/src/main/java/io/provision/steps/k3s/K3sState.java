package io.provision.steps.k3s;

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
import io.provision.steps.k3s.apiserver.K3sApiServer;
import io.provision.steps.k3s.digests.HeldTokens;
import io.provision.steps.kubernetes.NodeArtifacts;
import io.provision.steps.kubernetes.NodeState;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.VersionSkew;
import io.provision.steps.kubernetes.encryption.HeldKey;
import java.util.Optional;
import java.util.Set;

/** What a host is to k3s now, and whether the way from there to what is wanted can be gone. */
public record K3sState() implements Step<Target.OnHost> {
  @Override
  public Probes probes(Target.OnHost target) {
    var all = Probes.of(K3sLooks.BASICS, Files.at(K3s.SERVER_TOKEN), Files.at(K3s.AGENT_TOKEN));
    return Nodes.isServer(target.host())
        ? all.and(Probes.of(LivingSecrets.QUESTION)).and(HeldKey.probes(K3sApiServer.ENCRYPTION))
        : all;
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Nodes.isServer(target.host())
        ? Set.of(Nodes.STATE, K3s.HELD_TOKENS, HeldKey.OUTPUT)
        : Set.of(Nodes.STATE, K3s.HELD_TOKENS);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var basics = seen.of(K3sLooks.BASICS);
    if (!NodeArtifacts.ARCHITECTURES.contains(basics.arch())) {
      return K3sBinary.noneFor(basics.arch());
    }
    var refusal =
        basics.version().flatMap(has -> VersionSkew.refusal("k3s", has, Nodes.version(target)));
    if (refusal.isPresent()) {
      return refusal.get();
    }
    if (basics.holdsCluster() && !Nodes.isServer(target.host())) {
      return isServer(target);
    }
    var otherKeys = otherKeys(target, seen);
    if (otherKeys.isPresent()) {
      return otherKeys.get();
    }
    var tokens =
        new HeldTokens(
            seen.of(Files.at(K3s.SERVER_TOKEN)).sha256(),
            seen.of(Files.at(K3s.AGENT_TOKEN)).sha256());
    var state =
        new NodeState(
            basics.arch(),
            basics.version(),
            basics.holdsCluster(),
            basics.answers(),
            tokens.server().isPresent());
    var observed = Observed.of(Nodes.STATE, state).and(K3s.HELD_TOKENS, tokens);
    return new Check.InSync(
        Nodes.isServer(target.host()) ? ofServer(target, state, observed, seen) : observed);
  }

  private static Optional<Check> otherKeys(Target.OnHost target, Observations seen) {
    if (!Nodes.isServer(target.host())) {
      return Optional.empty();
    }
    var foreign = seen.of(LivingSecrets.QUESTION);
    return seen.of(K3sLooks.BASICS).holdsCluster() || foreign.isMade()
        ? LivingSecrets.refusal(target, foreign)
        : Optional.empty();
  }

  private static Observed ofServer(
      Target.OnHost target, NodeState state, Observed found, Observations seen) {
    var observed = found.and(HeldKey.observed(K3sApiServer.ENCRYPTION, seen));
    return state.hasLostItsDatastore()
        ? observed.and(
            Observed.noting(
                "it was set up as a server and has no datastore: where it was a member of the cluster, it joins only after 'kubectl delete node %s' on another server"
                    .formatted(target.host().name())))
        : observed;
  }

  /** A member of etcd that was stopped would count in its majority for ever. */
  private static Check isServer(Target.OnHost target) {
    var name = target.host().name();
    return new Check.Refused(
        "it is a server with a datastore in /var/lib/rancher/k3s/server/db, and the inventory makes"
            + " it an agent",
        "give it the role control-plane back; or take it out of the cluster first, where other"
            + " servers run: 'kubectl drain %1$s', 'kubectl delete node %1$s', which takes it out of etcd, then on it 'systemctl disable --now k3s' and 'mv /var/lib/rancher/k3s/server /root/'; where it is the only server, its datastore is the cluster"
                .formatted(name));
  }
}

package io.provision.steps.k3s;

import io.provision.remote.Call;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.ClusterAccess;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.ServerAccess;
import io.provision.steps.kubernetes.ServerHealth;
import io.provision.steps.kubernetes.etcd.UnfinishedRestore;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * k3s runs as a server, with the files that are there, and answers. Servers come one at a time, in
 * the order of the inventory; one that runs is stopped only while the others are well.
 */
public record K3sServer() implements Step<Target.OnHost> {
  private static final K3sDistribution K3S = new K3sDistribution();

  @Override
  public Probes probes(Target.OnHost target) {
    if (!Nodes.isServer(target.host())) {
      return Probes.NONE;
    }
    return new K3sRole(target)
        .probes()
        .and(Probes.of(K3sLooks.IS_READY, CredentialsLook.CREDENTIALS, UnfinishedRestore.QUESTION));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    if (!Nodes.isServer(target.host())) {
      return Set.of();
    }
    var needs = new LinkedHashSet<>(K3sRole.needs(target));
    needs.add(Need.local(K3s.DIGESTS));
    needs.add(Need.some(Nodes.STATE, Nodes.servers(target.inventory())));
    needs.add(Need.someSoFar(Nodes.SERVER_UP, Nodes.before(target)));
    return needs;
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Nodes.isServer(target.host())
        ? Set.of(Nodes.SERVER_UP, Nodes.CREDENTIALS, ClusterAccess.OUTPUT)
        : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return K3sRole.MAY_DO;
  }

  @Override
  public Optional<Change> whenChanged(Target.OnHost target, String subject) {
    return K3sService.of(target, Optional.empty()).whenChanged(subject);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!Nodes.isServer(target.host())) {
      return new Check.Skipped("it is an agent");
    }
    var restore = seen.of(UnfinishedRestore.QUESTION);
    var unfinished = seen.of(K3sLooks.IS_READY) ? Optional.<Check>empty() : restore.refusal(target);
    if (unfinished.isPresent()) {
      return unfinished.get();
    }
    var role = new K3sRole(target);
    var check = restore.behind(role.check(seen, known), K3S.kubectl());
    if (K3sService.restarts(check)) {
      var unhealthyServers = ServerHealth.unhealthy(target, known);
      if (!unhealthyServers.isEmpty()) {
        return new Check.Refused(
            "k3s should be restarted, but %s is not healthy: the cluster could lose its quorum"
                .formatted(String.join(", ", unhealthyServers)),
            "fix that server first, or take it out of the inventory");
      }
    }
    Supplier<Check> rest =
        () ->
            seen.of(K3sLooks.IS_READY)
                ? restore
                    .leftOver(K3S.kubectl())
                    .orElseGet(() -> new Check.InSync(observed(target, seen, known)))
                : K3sService.of(target, Optional.empty())
                    .waiting("its API server to be ready", Call.of(K3sFailure.UNTIL_READY));
    var all = role.goesOn(seen, known) ? Checks.meanwhile(check, rest) : Checks.then(check, rest);
    return all instanceof Check.NotYet waiting ? ServerHealth.waiting(waiting, known) : all;
  }

  private static Observed observed(Target.OnHost target, Observations seen, Known known) {
    var up =
        Observed.of(Nodes.SERVER_UP, true)
            .and(
                ClusterAccess.OUTPUT,
                ServerAccess.of(target, known, K3S, seen.of(CredentialsLook.CREDENTIALS)));
    return seen.of(CredentialsLook.CREDENTIALS)
        .map(credentials -> up.and(Nodes.CREDENTIALS, credentials))
        .orElse(up);
  }
}

package io.provision.steps.k3s;

import io.provision.model.Host;
import io.provision.remote.Call;
import io.provision.remote.Payload;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * k3s runs as a server, with the files that are there, and answers. Servers come one at a time, in
 * the order of the inventory; one that runs is stopped only while the others are well.
 */
public record K3sServer() implements Step<Target.OnHost> {
  private static final ShellFunction UNTIL_READY =
      new ShellFunction(
          "until_k3s_ready",
          """
          k3s_ready && return 0
          k3s_has_failed k3s.service && return 69
          return 1\
          """,
          List.of(K3sLooks.READY, K3sFailure.HAS_FAILED));

  @Override
  public Probes probes(Target.OnHost target) {
    if (!K3s.isServer(target.host())) {
      return Probes.NONE;
    }
    return K3sService.of(target, Optional.empty())
        .probes()
        .and(Probes.of(K3sLooks.BASICS, K3sLooks.IS_READY, CredentialsLook.CREDENTIALS));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    if (!K3s.isServer(target.host())) {
      return Set.of();
    }
    return Set.of(
        Need.local(K3s.DIGESTS),
        Need.some(K3s.NODE_ADDRESS, List.of(target.host())),
        Need.some(K3s.STATE, K3s.servers(target.inventory())),
        Need.someSoFar(K3s.SERVER_UP, K3s.before(target)));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return K3s.isServer(target.host())
        ? Set.of(K3s.SERVER_UP, K3s.CREDENTIALS, ClusterAccess.OUTPUT)
        : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(
        Change.Action.CREATE,
        Change.Action.UPDATE,
        Change.Action.ENABLE,
        Change.Action.START,
        Change.Action.RESTART);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!K3s.isServer(target.host())) {
      return new Check.Skipped("it is an agent");
    }
    var digest = K3sBinary.digest(seen.of(K3sLooks.BASICS), known);
    var service = K3sService.of(target, Optional.of(digest));
    var check = service.check(seen);
    if (K3sService.restarts(check)) {
      var unhealthyServers = unhealthyServers(target, known);
      if (!unhealthyServers.isEmpty()) {
        return new Check.Refused(
            "k3s should be restarted, but %s is not healthy: the cluster could lose its quorum"
                .formatted(String.join(", ", unhealthyServers)),
            "fix that server first, or take it out of the inventory");
      }
    }
    if (!(check instanceof Check.InSync)) {
      return check;
    }
    return seen.of(K3sLooks.IS_READY)
        ? new Check.InSync(observed(target, seen, known))
        : service.waiting("its API server to be ready", Call.of(UNTIL_READY));
  }

  private static Observed observed(Target.OnHost target, Observations seen, Known known) {
    var up =
        Observed.of(K3s.SERVER_UP, true).and(ClusterAccess.OUTPUT, access(target, seen, known));
    return seen.of(CredentialsLook.CREDENTIALS)
        .map(credentials -> up.and(K3s.CREDENTIALS, credentials))
        .orElse(up);
  }

  /** The endpoint is any server's; then the addresses of this one. */
  private static ClusterAccess access(Target.OnHost target, Observations seen, Known known) {
    var host = target.host();
    var servers =
        Stream.of(
                target.cluster().endpoint(),
                Optional.ofNullable(known.all(K3s.NODE_ADDRESS).get(host.name()))
                    .map(Object::toString),
                Optional.of(host.address().value()))
            .flatMap(Optional::stream)
            .map(K3s::url)
            .distinct()
            .toList();
    var kubeconfig = new Payload.Handoff(host.name(), Call.of(K3sScripts.READ, Kubeconfig.SOURCE));
    var identity =
        seen.of(CredentialsLook.CREDENTIALS)
            .map(it -> new ClusterAccess.Identity(it.authority(), it.clientCertificate()));
    return new ClusterAccess(servers, kubeconfig, identity);
  }

  /**
   * Other servers that are known not to be well: also one that was set up as a server and has no
   * datastore any more, which the others still count as a member.
   */
  static Set<String> unhealthyServers(Target.OnHost target, Known known) {
    var unhealthyServers = new TreeSet<String>();
    known.never(K3s.STATE).keySet().forEach(name -> unhealthyServers.add(name.value()));
    known.never(K3s.SERVER_UP).keySet().forEach(name -> unhealthyServers.add(name.value()));
    for (Host server : K3s.servers(target.inventory())) {
      var state = known.all(K3s.STATE).get(server.name());
      var mended = known.all(K3s.SERVER_UP).containsKey(server.name());
      if (state != null && (state.isDeaf() || state.hasLostItsDatastore()) && !mended) {
        unhealthyServers.add(server.name().value());
      }
    }
    unhealthyServers.remove(target.host().name().value());
    return unhealthyServers;
  }
}

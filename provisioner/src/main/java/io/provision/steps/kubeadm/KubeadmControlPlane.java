package io.provision.steps.kubeadm;

import io.provision.remote.Call;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.unit.UnitFailure;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubeadm.names.ApiName;
import io.provision.steps.kubernetes.ClusterInit;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.ServerAccess;
import io.provision.steps.kubernetes.ServerHealth;
import io.provision.steps.kubernetes.certificates.AuthorityKey;
import io.provision.steps.kubernetes.etcd.UnfinishedRestore;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code kubeadm-control-plane}: the control plane was begun, or joined, to the end, and its API
 * server answers. They come one at a time, in the order of the inventory, and only while the others
 * are well: a member more of etcd needs the majority of all. What an earlier run did not end is
 * ended; a control plane whose datastore is gone is refused.
 */
public record KubeadmControlPlane() implements Step<Target.OnHost> {
  private static final KubeadmDistribution KUBEADM = new KubeadmDistribution();
  private static final Duration INIT = Duration.ofMinutes(20);
  private static final Duration START = Duration.ofMinutes(5);

  /**
   * {@code until_kubeadm_ready}: it stops waiting (69) where the kubelet has failed, or the cluster
   * has gone on without it.
   */
  private static final ShellFunction UNTIL_READY =
      new ShellFunction(
          "until_kubeadm_ready",
          """
          kubeadm_ready && return 0
          unit_has_failed kubelet.service && return 69
          etcd_was_removed && return 69
          return 1\
          """,
          List.of(KubeadmLooks.READY, UnitFailure.HAS_FAILED, KubeadmFailure.ETCD_REMOVED));

  @Override
  public Probes probes(Target.OnHost target) {
    return Nodes.isServer(target.host())
        ? Probes.of(KubeadmLooks.BASICS, KubeadmCredentials.QUESTION, UnfinishedRestore.QUESTION)
        : Probes.NONE;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    if (!Nodes.isServer(target.host())) {
      return Set.of();
    }
    var needs = new LinkedHashSet<>(OtherSettings.needs(target));
    needs.add(Need.some(Nodes.ADDRESS, Nodes.servers(target.inventory())));
    needs.add(ApiName.need(target));
    needs.add(Need.some(Nodes.STATE, Nodes.servers(target.inventory())));
    needs.add(Need.someSoFar(Nodes.SERVER_UP, Nodes.before(target)));
    needs.add(Need.someSoFar(Kubeadm.OF_CLUSTER, Nodes.before(target)));
    return needs;
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Nodes.isServer(target.host())
        ? Set.of(Nodes.SERVER_UP, ClusterAccess.OUTPUT, Kubeadm.OF_CLUSTER)
        : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.JOIN, Change.Action.REMOVE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!Nodes.isServer(target.host())) {
      return new Check.Skipped("it is a worker");
    }
    var basics = seen.of(KubeadmLooks.BASICS);
    var restore = seen.of(UnfinishedRestore.QUESTION);
    var unfinished = basics.ready() ? Optional.<Check>empty() : restore.refusal(target);
    if (unfinished.isPresent()) {
      return unfinished.get();
    }
    if (basics.begun()) {
      return restore.behind(begin(target, "begun, and not to the end"), KUBEADM.kubectl());
    }
    if (basics.joining()) {
      return join(target, known, "joined, and not to the end");
    }
    if (basics.isLiving()) {
      var stranger = stranger(target, basics, known);
      if (stranger.isPresent()) {
        return stranger.get();
      }
      return basics.ready()
          ? restore.leftOver(KUBEADM.kubectl()).orElseGet(() -> up(target, seen, known))
          : ServerHealth.waiting(waiting(), known);
    }
    if (basics.left().stream().anyMatch(KubeadmControlPlane::isOfControlPlane)) {
      return new Check.Refused(
          "it was set up as a control plane, and there is no datastore in /var/lib/etcd",
          "mount what belongs there, or restore a snapshot; where the cluster is not needed any more,"
              + " 'kubeadm reset' on it lets it begin anew");
    }
    return ClusterInit.joinServer(target, known).isPresent()
            || ClusterInit.expected(target, known).isPresent()
        ? join(target, known, "")
        : ClusterInit.refusal(target, known, KUBEADM).orElseGet(() -> begin(target, ""));
  }

  /** One that is called the same, as all are that nobody gave a name. */
  private static Optional<Check> stranger(
      Target.OnHost target, KubeadmLooks.Basics basics, Known known) {
    for (var server : Nodes.before(target)) {
      var of = known.all(Kubeadm.OF_CLUSTER).get(server.name());
      if (of != null && basics.authority().filter(of.certificate()::equals).isEmpty()) {
        return Optional.of(
            new Check.Refused(
                "it is a control plane of another cluster that is called '%s' too: its authority is %s, and that of %s is %s"
                    .formatted(
                        target.cluster().name(),
                        AuthorityKey.told(basics.key()),
                        server,
                        AuthorityKey.told(of.key())),
                KubeadmState.takenOut()));
      }
    }
    return Optional.empty();
  }

  private static boolean isOfControlPlane(String file) {
    return file.equals("admin.conf") || file.startsWith("manifests/");
  }

  private static Check begin(Target.OnHost target, String from) {
    return new Check.Drift(
        List.of(
            Change.of(
                Change.Action.CREATE,
                "cluster " + target.cluster().name(),
                from,
                "Kubernetes " + Nodes.version(target))),
        new Repair.OnHost(
            List.of(Script.of(KubeadmRun.INIT, Kubeadm.INIT, Kubeadm.BEGUN).within(INIT)), true));
  }

  private static Check join(Target.OnHost target, Known known, String from) {
    var unhealthy = ServerHealth.unhealthy(target, known);
    if (!unhealthy.isEmpty()) {
      return new Check.Refused(
          "it would join, but %s is not healthy: the cluster could lose its quorum"
              .formatted(String.join(", ", unhealthy)),
          "fix that control plane first, or take it out of the cluster and the inventory");
    }
    var alone = withoutName(known);
    if (alone.isPresent()) {
      return alone.get();
    }
    var older =
        ClusterInit.olderCluster(target, known).or(() -> OtherSettings.refusal(target, known));
    if (older.isPresent()) {
      return older.get();
    }
    var change =
        Change.of(
            Change.Action.JOIN,
            "cluster " + target.cluster().name(),
            from,
            "control plane " + target.host().name());
    var scripts =
        ClusterInit.joinServer(target, known)
            .map(server -> KubeadmJoin.server(server.name()))
            .orElse(List.of()); // of a plan: none is up yet
    return new Check.Drift(List.of(change), new Repair.OnHost(scripts, true));
  }

  /** Of a cluster that was begun elsewhere, with nothing that could stand for several. */
  private static Optional<Check> withoutName(Known known) {
    var found = known.all(ApiName.FOUND).values();
    return known.all(Nodes.ADDRESS).entrySet().stream()
        .filter(it -> found.contains(it.getValue().toString()))
        .findFirst()
        .map(it ->
            new Check.Refused(
                "nodes of this cluster find its API at %s, which is %s alone: another control plane would be none without it, and kubeadm lets none join where nothing stands for several"
                    .formatted(it.getValue(), it.getKey()),
                "make it a worker; for several control planes a cluster has to be begun with a name or a balancer's address (kubeadm's controlPlaneEndpoint), as provision does"));
  }

  static Check.NotYet waiting() {
    return new Check.NotYet(
        "its API server to be ready", START, Call.of(UNTIL_READY), Call.of(KubeadmFailure.EXPLAIN));
  }

  private static Check up(Target.OnHost target, Observations seen, Known known) {
    var credentials = seen.of(KubeadmCredentials.QUESTION);
    var up =
        Observed.of(Nodes.SERVER_UP, true)
            .and(ClusterAccess.OUTPUT, ServerAccess.of(target, known, KUBEADM, credentials));
    var authority = seen.of(KubeadmLooks.BASICS).authority();
    return new Check.InSync(
        authority.isPresent()
            ? up.and(
                Kubeadm.OF_CLUSTER,
                new Authority(authority.get(), seen.of(KubeadmLooks.BASICS).key()))
            : up);
  }
}

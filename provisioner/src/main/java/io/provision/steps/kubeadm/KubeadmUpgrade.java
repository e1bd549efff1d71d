package io.provision.steps.kubeadm;

import io.provision.model.Sha256;
import io.provision.model.Version;
import io.provision.remote.Script;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubeadm.packages.KubernetesPackages;
import io.provision.steps.kubeadm.runtime.ContainerRuntime;
import io.provision.steps.kubeadm.runtime.RuntimePrograms;
import io.provision.steps.kubernetes.NodeUnit;
import io.provision.steps.kubernetes.NodeUpkeep;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.ServerCredentials;
import io.provision.steps.kubernetes.upgrade.UpgradeTurn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code kubeadm-upgrade}: a node of an older version gets the wanted one, as kubeadm's guide has
 * it (kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-upgrade): its static pods by the
 * new kubeadm, then it is drained, its kubelet is replaced, and once that is Ready the node is
 * taken back into use. Pods of a control plane run on while it is upgraded, so that it is drained
 * only for its kubelet. Another container runtime that the inventory declares comes to a node that
 * lives in the same way, and at once with its kubelet. Control planes come one at a time, then
 * workers, of many two at a time; one that fails stops those behind it.
 */
public record KubeadmUpgrade() implements Step<Target.OnHost> {
  private static final KubeadmDistribution KUBEADM = new KubeadmDistribution();
  private static final String CLAIM = "upgrade";

  /** Five minutes for each of four static pods, as kubeadm itself waits, and some. */
  private static final Duration CONTROL_PLANE = Duration.ofMinutes(45);

  private static final Duration WORKER = Duration.ofMinutes(10);

  /** Kubernetes 1.37 brings etcd 3.7, which a member from 3.6.11 on may become. */
  private static final Version BRINGS_ETCD_37 = Version.parse("v1.37.0");

  private static final String BEFORE_ETCD_37 = "3.6.11";
  private static final String PODS = "control plane";

  /** Of a plan, in which it is not known yet by which API: it would leave all as it is. */
  private static final Repair NOTHING = new Repair.OnHost(List.of(), true);

  @Override
  public Probes probes(Target.OnHost target) {
    var probes =
        Probes.of(KubeadmLooks.BASICS, Files.at(Kubeadm.CORDONED))
            .and(new KubeadmPrograms().probes(target))
            .and(new ContainerRuntime().probes(target));
    return Nodes.isServer(target.host())
        ? probes.and(Probes.of(KubeadmCredentials.QUESTION))
        : probes;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var needs = new LinkedHashSet<>(UpgradeTurn.needs(target));
    needs.add(Need.local(Kubeadm.PINNED));
    return needs;
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(UpgradeTurn.CURRENT);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(
        Change.Action.CREATE,
        Change.Action.UPDATE,
        Change.Action.INSTALL,
        Change.Action.UPGRADE,
        Change.Action.DRAIN,
        Change.Action.RESTART,
        Change.Action.START);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var basics = seen.of(KubeadmLooks.BASICS);
    var wanted = Nodes.version(target);
    var cordoned = seen.of(Files.at(Kubeadm.CORDONED)).exists();
    var needsPods = Nodes.isServer(target.host()) && hasOlderPods(basics, wanted);
    var needsKubelet = isOther(basics.version(), wanted);
    var isThere = Nodes.isServer(target.host()) ? basics.isLiving() : basics.isJoined();
    var runtime = runtime(target, seen, known);
    if (!isThere || !needsPods && !needsKubelet && !cordoned && runtime.isEmpty()) {
      return new Check.InSync(Observed.of(UpgradeTurn.CURRENT, true));
    }
    var turn = new UpgradeTurn(target, known);
    var notNow = turn.refusal();
    if (notNow.isPresent()) {
      return notNow.get();
    }
    if (Nodes.isServer(target.host()) && !basics.ready() && !basics.upgrading()) {
      return KubeadmControlPlane.waiting();
    }
    var name = target.host().name();
    var upkeep =
        turn.access(KUBEADM, credentials(target, seen))
            .map(access -> new NodeUpkeep(name, access, Kubeadm.CORDONED, CLAIM));
    if (!needsPods && !needsKubelet && runtime.isEmpty()) {
      var inUse = Change.of(Change.Action.START, "node " + name, "cordoned by us", "in use");
      return new Check.Drift(List.of(inUse), upkeep.map(it -> it.ended(wanted)).orElse(NOTHING));
    }
    var work = new Work(turn, seen, needsPods, needsKubelet, runtime);
    return work.missing()
        .orElseGet(() -> new Check.Drift(work.changes(), upkeep.map(work::repair).orElse(NOTHING)));
  }

  /** Of a host on which nothing lives yet it comes with the other programs. */
  private static Optional<RuntimePrograms.Pending> runtime(
      Target.OnHost target, Observations seen, Known known) {
    var basics = seen.of(KubeadmLooks.BASICS);
    var runtime = RuntimePrograms.of(target);
    var pinned = KubeadmPrograms.pinned(known);
    return !basics.livesAs(Nodes.isServer(target.host()))
            || runtime.isMissing(basics.arch(), pinned)
        ? Optional.empty()
        : runtime.pending(seen, basics.arch(), pinned);
  }

  private static boolean hasOlderPods(KubeadmLooks.Basics basics, Version wanted) {
    return basics.upgrading() || isOther(basics.apiServer(), wanted);
  }

  /** What is not there is brought by others. */
  private static boolean isOther(Optional<Version> has, Version wanted) {
    return has.filter(version -> !version.equals(wanted)).isPresent();
  }

  /** Which version of etcd each member has to be at least; empty where any will do. */
  static String leastEtcd(Version wanted) {
    return wanted.compareTo(BRINGS_ETCD_37) < 0 ? "" : BEFORE_ETCD_37;
  }

  private static Optional<ServerCredentials> credentials(Target.OnHost target, Observations seen) {
    return Nodes.isServer(target.host()) ? seen.of(KubeadmCredentials.QUESTION) : Optional.empty();
  }

  /**
   * What one node needs.
   *
   * @param pods whether its static pods are older than wanted, or half done
   * @param kubelet whether its kubelet is
   * @param runtime another container runtime, where it gets one
   */
  private record Work(
      UpgradeTurn turn,
      Observations seen,
      boolean pods,
      boolean kubelet,
      Optional<RuntimePrograms.Pending> runtime) {
    private Target.OnHost target() {
      return turn.target();
    }

    private Optional<KubernetesPackages> packages() {
      return KubeadmPrograms.packages(target());
    }

    /** Why there are no programs for this host. */
    private Optional<Check> missing() {
      var packages = packages();
      if (packages.isPresent()) {
        return packages.get().refusal(seen);
      }
      var arch = seen.of(KubeadmLooks.BASICS).arch();
      return KubeadmArtifacts.PROGRAMS.stream()
              .allMatch(it -> KubeadmPrograms.digest(target(), arch, it, turn.known()).isPresent())
          ? Optional.empty()
          : Optional.of(KubeadmPrograms.noneFor(arch));
    }

    private List<Change> changes() {
      var name = target().host().name();
      var basics = seen.of(KubeadmLooks.BASICS);
      var changes = new ArrayList<Change>();
      packages().ifPresent(it -> changes.addAll(it.changes(seen)));
      toBring()
          .forEach(program ->
              changes.add(
                  KubeadmPrograms.install(
                      target(),
                      program,
                      seen.of(Files.at(KubeadmPrograms.path(program))),
                      digest(program))));
      if (pods) {
        changes.add(upgrade(PODS + turn.behind(), basics.apiServer()));
      }
      if (switches() && turn.drains()) {
        changes.add(Change.of(Change.Action.DRAIN, "node " + name + turn.behind()));
      }
      runtime.ifPresent(it -> {
        changes.addAll(it.changes());
        changes.add(Change.of(Change.Action.RESTART, "unit " + ContainerRuntime.SERVICE));
      });
      if (kubelet) {
        changes.add(upgrade("kubelet", basics.version()));
        changes.add(Change.of(Change.Action.RESTART, "unit " + Kubeadm.SERVICE));
      }
      return changes;
    }

    /** Whether what runs its pods is another one, for which it is drained. */
    private boolean switches() {
      return kubelet || runtime.isPresent();
    }

    private Change upgrade(String what, Optional<Version> has) {
      return Change.of(
          Change.Action.UPGRADE,
          what,
          has.map(Version::toString).orElse(""),
          turn.wanted().toString());
    }

    /** Those of the three programs that are sent and are not the wanted ones, the kubelet last. */
    private List<String> toBring() {
      if (packages().isPresent()) {
        return List.of();
      }
      return KubeadmArtifacts.PROGRAMS.stream()
          .filter(program ->
              !KubeadmPrograms.isInPlace(
                  seen.of(Files.at(KubeadmPrograms.path(program))), digest(program)))
          .sorted((one, other) -> Boolean.compare(isKubelet(one), isKubelet(other)))
          .toList();
    }

    private static boolean isKubelet(String program) {
      return KubeadmPrograms.path(program).equals(Kubeadm.KUBELET);
    }

    private Sha256 digest(String program) {
      var arch = seen.of(KubeadmLooks.BASICS).arch();
      return KubeadmPrograms.digest(target(), arch, program, turn.known())
          .orElseThrow(() -> new IllegalStateException("no digest is pinned for " + arch));
    }

    private Repair repair(NodeUpkeep upkeep) {
      var parts = new ArrayList<Repair>();
      var first = byKubeadm();
      if (!first.isEmpty()) {
        parts.add(new Repair.OnHost(first, true));
      }
      if (!switches()) {
        parts.add(turn.drains() ? upkeep.ended(turn.wanted()) : upkeep.awaited(turn.wanted()));
        return new Repair.InOrder(parts);
      }
      var switched = new ArrayList<Script>();
      runtime.ifPresent(it -> {
        switched.addAll(it.installed());
        switched.addAll(ContainerRuntime.switched(target(), seen));
      });
      if (kubelet) {
        toBring().stream().filter(Work::isKubelet).map(this::push).forEach(switched::add);
        packages().ifPresent(it -> switched.addAll(it.switched(seen)));
      }
      switched.add(Script.of(NodeUnit.START, Kubeadm.SERVICE));
      if (turn.drains()) {
        parts.add(upkeep.begun(turn.company()));
      }
      parts.add(new Repair.OnHost(switched, true));
      parts.add(turn.drains() ? upkeep.ended(turn.wanted()) : upkeep.awaited(turn.wanted()));
      return new Repair.InOrder(parts);
    }

    private List<Script> byKubeadm() {
      var scripts = new ArrayList<Script>();
      toBring().stream().filter(it -> !isKubelet(it)).map(this::push).forEach(scripts::add);
      packages().ifPresent(it -> scripts.addAll(it.before(seen)));
      runtime.ifPresent(it -> scripts.addAll(it.staged()));
      if (!Nodes.isServer(target().host()) && kubelet) {
        var log = Kubeadm.OURS + "/kubeadm.log";
        scripts.add(Script.of(UpgradeScripts.WORKER, Kubeadm.UPGRADE, log).within(WORKER));
      } else if (pods) {
        scripts.add(
            Script.of(
                    UpgradeScripts.CONTROL_PLANE,
                    target().host().name().value(),
                    turn.wanted().toString(),
                    Kubeadm.UPGRADE,
                    Kubeadm.UPGRADING,
                    leastEtcd(turn.wanted()))
                .within(CONTROL_PLANE));
      }
      return scripts;
    }

    private Script push(String program) {
      var arch = seen.of(KubeadmLooks.BASICS).arch();
      return KubeadmPrograms.push(target(), arch, program, digest(program));
    }
  }
}

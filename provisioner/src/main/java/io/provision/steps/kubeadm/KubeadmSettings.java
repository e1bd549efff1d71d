package io.provision.steps.kubeadm;

import io.provision.model.Host;
import io.provision.remote.Script;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
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
import io.provision.steps.kubeadm.adoption.ForeignNode;
import io.provision.steps.kubeadm.apiserver.ApiServerOptions;
import io.provision.steps.kubeadm.apiserver.KubeadmApiServer;
import io.provision.steps.kubeadm.names.ApiName;
import io.provision.steps.kubeadm.runtime.ContainerRuntime;
import io.provision.steps.kubernetes.NodeUnit;
import io.provision.steps.kubernetes.NodeUpkeep;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.ServerCredentials;
import io.provision.steps.kubernetes.upgrade.NodeTurn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code kubeadm-settings}: a node that lives has the settings of the inventory: options of its API
 * server, its kubelet's and its containerd's; kube-proxy's are the cluster's. The first control
 * plane changes what the cluster keeps of them, and then each its own, one after another; workers
 * two at a time. The API server of one restarts while those of the others serve, a kubelet and
 * containerd leave pods running, and so no node is drained.
 *
 * <p>What was given to a node is kept beside it ({@link Kubeadm#INIT}, {@link
 * Kubeadm#KUBELET_HAS}), and becomes what is wanted once all is done.
 */
public record KubeadmSettings() implements Step<Target.OnHost> {
  private static final KubeadmDistribution KUBEADM = new KubeadmDistribution();
  private static final String NEXT = Kubeadm.OURS + "/init.yaml.next";
  private static final String LOG = Kubeadm.OURS + "/kubeadm.log";
  private static final String WORK = "its settings";

  /** Five minutes for its API server, before and after, three for kube-proxy, and some. */
  private static final Duration CONTROL_PLANE = Duration.ofMinutes(30);

  private static final Duration WORKER = Duration.ofMinutes(10);

  /** Of a plan, in which it is not known yet by which API: it would leave all as it is. */
  private static final Repair NOTHING = new Repair.OnHost(List.of(), true);

  @Override
  public Probes probes(Target.OnHost target) {
    var probes =
        Probes.of(KubeadmLooks.BASICS, Files.text(Kubeadm.KUBELET_HAS), ForeignNode.QUESTION)
            .and(new ContainerRuntime().probes(target));
    return Nodes.isServer(target.host())
        ? probes.and(
            Probes.of(Files.text(Kubeadm.INIT), KubeadmApiServer.LOOK, KubeadmCredentials.QUESTION))
        : probes;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var needs = NodeTurn.needs(target, Kubeadm.SET);
    needs.add(Need.all(Nodes.ADDRESS, List.of(target.host())));
    needs.add(ApiName.need(target));
    return needs;
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(Kubeadm.SET);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE, Change.Action.RESTART);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var basics = seen.of(KubeadmLooks.BASICS);
    var isServer = Nodes.isServer(target.host());
    if (!basics.livesAs(isServer)) {
      return new Check.InSync(Observed.of(Kubeadm.SET, true));
    }
    var files = KubeadmFiles.of(target, known);
    var work = new Work(new NodeTurn(target, known, Kubeadm.SET), files, seen);
    if (ContainerRuntime.isUnknown(target, seen)) { // of a plan: an upgrade brings another kubeadm
      return new Check.Unknown(ContainerRuntime.UNKNOWN, mayDo());
    }
    if (!work.isThere()) {
      return new Check.InSync(Observed.of(Kubeadm.SET, true));
    }
    if (work.isTakenOverAsItRuns()) {
      return new Check.Drift(work.changes(), new Repair.OnHost(work.takenOver(), true));
    }
    var notNow = work.turn().refusal(WORK);
    if (notNow.isPresent() && !basics.changing()) { // what is half done waits for nobody
      return notNow.get();
    }
    if (isServer && !basics.ready() && !basics.changing()) {
      return KubeadmControlPlane.waiting();
    }
    return new Check.Drift(work.changes(), work.repair());
  }

  /** What one node needs. */
  private record Work(NodeTurn turn, KubeadmFiles files, Observations seen) {
    private Target.OnHost target() {
      return turn.target();
    }

    private boolean isServer() {
      return Nodes.isServer(target().host());
    }

    private boolean isThere() {
      return needsKubeadm() || runtime().isPresent() || isForeign();
    }

    /** Of somebody else, and it is not written down yet that it has what the inventory says. */
    private boolean isForeign() {
      return seen.of(ForeignNode.QUESTION).isThere();
    }

    /** Nothing of it starts anew, and so it needs no turn. */
    private boolean isTakenOverAsItRuns() {
      return isForeign() && !needsKubeadm() && runtime().filter(it -> it.restarts()).isEmpty();
    }

    private List<Script> takenOver() {
      var scripts = new ArrayList<Script>();
      runtime().ifPresent(it -> scripts.addAll(it.scripts()));
      scripts.add(files.kubeletHas().write());
      return scripts;
    }

    private boolean needsKubeadm() {
      return goesOn() || needsKubelet() || needsCluster() || needsApiServer();
    }

    private Optional<ContainerRuntime.Left> runtime() {
      return ContainerRuntime.left(target(), seen, turn.behind(turn::isPending));
    }

    /** Of one that is taken over there was nothing for kubeadm to change. */
    private boolean goesOn() {
      return !isForeign() && seen.of(KubeadmLooks.BASICS).changing();
    }

    private boolean needsKubelet() {
      return !isForeign()
          && !seen.of(Files.text(Kubeadm.KUBELET_HAS)).holds(files.kubeletHas().sha256());
    }

    /** What was uploaded of this is another; of a cluster that nothing tells it of, it is not. */
    private boolean needsCluster() {
      return isServer()
          && MadeWith.of(seen.of(Files.text(Kubeadm.INIT)))
              .filter(made -> !made.isSetAs(MadeWith.of(files.init())))
              .isPresent();
    }

    private boolean needsApiServer() {
      if (!isServer() || !seen.of(KubeadmApiServer.LOOK).isLiving()) {
        return false;
      }
      var wanted = ApiServerOptions.of(target().cluster()).options();
      return !seen.of(KubeadmApiServer.LOOK).options().equals(wanted);
    }

    /**
     * The last one: all are of one version by then, as kubeadm has it for what is the cluster's.
     */
    private boolean needsProxies() {
      return isServer()
          && after().noneMatch(this::lives)
          && (goesOn()
              || MadeWith.of(seen.of(Files.text(Kubeadm.INIT)))
                  .filter(made -> !made.proxy().equals(MadeWith.of(files.init()).proxy()))
                  .isPresent());
    }

    /** The first that lives: one before it that is not there yet comes to a cluster that is set. */
    private boolean leads() {
      return isServer() && Nodes.before(target()).stream().noneMatch(this::lives);
    }

    private Stream<Host> after() {
      var servers = Nodes.servers(target().inventory());
      return servers.stream().skip(servers.indexOf(target().host()) + 1L);
    }

    private boolean lives(Host server) {
      var state = turn.known().all(Nodes.STATE).get(server.name());
      return state != null && state.holdsCluster();
    }

    private List<Change> changes() {
      var changes = new ArrayList<Change>();
      var behind = turn.behind(turn::isPending);
      runtime().ifPresent(it -> changes.addAll(it.changes()));
      if (isServer()) {
        if (!isForeign()) { // of which kubeadm-config writes it first
          changes.addAll(changesOf(files.init()));
        }
        if (needsApiServer() || goesOn()) {
          changes.add(
              Change.of(Change.Action.RESTART, "API server of " + target().host().name() + behind));
        }
        if (needsProxies()) {
          changes.add(Change.of(Change.Action.RESTART, "pods of kube-proxy, one after another"));
        }
      }
      if (needsKubelet() || goesOn() || isForeign()) {
        changes.addAll(changesOf(files.kubeletHas()));
      }
      if (needsKubelet() || goesOn()) {
        changes.add(Change.of(Change.Action.RESTART, "unit " + Kubeadm.SERVICE + behind));
      }
      return changes;
    }

    private List<Change> changesOf(ManagedFile file) {
      return file.check(seen.of(Files.text(file.path()))) instanceof Check.Drift drift
          ? drift.changes()
          : List.of();
    }

    private Repair repair() {
      var upkeep =
          turn.access(KUBEADM, credentials())
              .map(it -> new NodeUpkeep(target().host().name(), it, Kubeadm.CORDONED, "settings"));
      if (upkeep.isEmpty()) {
        return NOTHING;
      }
      var parts = new ArrayList<Repair>();
      var scripts = new ArrayList<Script>();
      scripts.add(Script.of(SettingsScripts.BEGIN, Kubeadm.CHANGING));
      runtime().ifPresent(it -> scripts.addAll(it.scripts()));
      if (needsKubeadm()) {
        scripts.addAll(isServer() ? ofControlPlane() : List.of(ofWorker()));
      }
      if (needsKubelet() || goesOn()) {
        scripts.add(Script.of(NodeUnit.START, Kubeadm.SERVICE));
        scripts.add(Script.of(SettingsScripts.AWAIT_KUBELET));
      }
      parts.add(new Repair.OnHost(scripts, true));
      parts.add(upkeep.get().awaited(Nodes.version(target())));
      parts.add(new Repair.OnHost(ended(), true));
      return new Repair.InOrder(parts);
    }

    private List<Script> ofControlPlane() {
      var next = new ManagedFile(NEXT, files.init().content(), files.init().mode(), "root", "root");
      return List.of(
          next.write(),
          Script.of(
                  SettingsScripts.CONTROL_PLANE,
                  target().host().name().value(),
                  NEXT,
                  Kubeadm.SETTINGS,
                  LOG,
                  leads() || goesOn() ? "yes" : "no",
                  needsProxies() ? MadeWith.of(files.init()).proxyDigest() : "",
                  goesOn() ? "yes" : "no")
              .within(CONTROL_PLANE));
    }

    private static Script ofWorker() {
      return Script.of(UpgradeScripts.WORKER, Kubeadm.SETTINGS, LOG).within(WORKER);
    }

    /** The record becomes what is wanted: nothing is left to do from then on. */
    private List<Script> ended() {
      var scripts = new ArrayList<Script>();
      if (isServer()) {
        scripts.add(files.init().write());
      }
      scripts.add(files.kubeletHas().write());
      scripts.add(Script.of(SettingsScripts.END, Kubeadm.CHANGING, NEXT));
      return scripts;
    }

    private Optional<ServerCredentials> credentials() {
      return isServer() ? seen.of(KubeadmCredentials.QUESTION) : Optional.empty();
    }
  }
}

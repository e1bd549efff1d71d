package io.provision.engine;

import io.provision.desk.Desk;
import io.provision.desk.DeskException;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.TargetName;
import io.provision.engine.session.Arriving;
import io.provision.engine.session.ClusterSession;
import io.provision.engine.session.DeskLook;
import io.provision.engine.session.HostKeyPrompts;
import io.provision.engine.session.HostSession;
import io.provision.engine.session.KeptSecrets;
import io.provision.engine.session.LookScript;
import io.provision.engine.session.Patience;
import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterException;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.remote.Transport;
import io.provision.step.ClusterAccess;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Logs in to hosts and looks; keeps what was seen, and who could not be asked. */
final class Survey implements AutoCloseable {
  /** Why something was left out. */
  static final String INTERRUPTED = "the run was interrupted";

  private final Transport transport;
  private final Desk desk;
  private final RunListener listener;
  private final Options options;
  private final ClusterSession cluster;
  private final KeptSecrets secrets;
  private final Waits waits;
  private final Semaphore forks;
  private final Map<HostName, HostSession> machines = new ConcurrentHashMap<>();
  private final Map<TargetName, Observations> seen = new ConcurrentHashMap<>();
  private final Map<TargetName, Outcome> gone = new ConcurrentHashMap<>();

  Survey(
      Transport transport,
      Desk desk,
      ClusterSession cluster,
      RunListener listener,
      Options options,
      Waits waits) {
    this.waits = waits;
    this.cluster = cluster;
    this.secrets = new KeptSecrets(machines);
    this.transport = transport;
    this.desk = desk;
    this.listener = listener;
    this.options = options;
    this.forks = new Semaphore(options.forks());
  }

  /** The operator's machine. */
  Desk desk() {
    return desk;
  }

  Map<HostName, HostSession> machines() {
    return machines;
  }

  HostSession machine(HostName name) {
    var machine = machines.get(name);
    if (machine == null) {
      throw new IllegalStateException("not connected: " + name);
    }
    return machine;
  }

  /** What was seen of each target that answered. */
  Map<TargetName, Observations> seen() {
    return seen;
  }

  /** Why a target did not answer. */
  Map<TargetName, Outcome> gone() {
    return gone;
  }

  void lookAtHost(Host host, List<Task> tasks, HostKeyPrompts prompts) throws InterruptedException {
    var target = TargetName.of(host.name());
    try {
      var aside = tasks.stream().noneMatch(Task::selected);
      var machine = waits.during(login(target), () -> connect(host, prompts, aside));
      machines.put(host.name(), machine);
      listener.on(new RunEvent.Connected(target, machine.shell().connection().costs()));
      lookAgain(target, tasks);
    } catch (RemoteException e) {
      gone.put(target, Troubles.of(e));
    } catch (InterruptedException e) {
      interrupted(target, e);
    }
  }

  /** What an end that was asked for left out; any other interruption is not ours. */
  void interrupted(TargetName target, InterruptedException reason) throws InterruptedException {
    if (!waits.interrupt().requested()) {
      throw reason;
    }
    seen.remove(target);
    gone.putIfAbsent(target, new Outcome.Skipped(INTERRUPTED));
  }

  private Waits.Subject login(TargetName target) {
    var turn = forks.availablePermits() > 0 ? "" : "its turn (--forks), then ";
    var what = turn + "its login";
    return options.arrival().isPositive()
        ? Waits.Subject.of(target, what, options.arrival())
        : Waits.Subject.of(target, what);
  }

  private HostSession connect(Host host, HostKeyPrompts prompts, boolean aside)
      throws RemoteException, InterruptedException {
    HostSession machine;
    try {
      machine = login(host, aside);
    } catch (RemoteException.HostKeyUnknown e) {
      if (!prompts.unknown(e)) {
        throw e;
      }
      return login(host, aside);
    } catch (RemoteException | RuntimeException | Error | InterruptedException e) {
      prompts.known();
      throw e;
    }
    prompts.known();
    return machine;
  }

  private HostSession login(Host host, boolean aside) throws RemoteException, InterruptedException {
    Consumer<String> notes =
        text -> listener.on(new RunEvent.Note(TargetName.of(host.name()), text));
    return new Arriving(options.arrival(), waits.interrupt(), notes)
        .during(() ->
            HostSession.connect(
                transport,
                host,
                forks,
                aside ? new Patience(Optional.of(options.asideLimit())) : Patience.ENDLESS,
                aside ? options.asideLimit() : options.lookLimit(),
                notes));
  }

  /**
   * Asks a host now, by a login of its own: whoever works on it is not disturbed, and what it
   * answered before counts for nothing.
   */
  Observations ask(Host host, Probes probes) throws RemoteException, InterruptedException {
    var patience = new Patience(Optional.of(options.asideLimit()));
    try (var machine =
        HostSession.connect(transport, host, forks, patience, options.lookLimit(), _ -> {})) {
      return machine.look(new LookScript(List.of(probes)));
    }
  }

  /**
   * Has a host keep something in mind of another one, by a login of its own and without its lock.
   *
   * @return why it could not
   */
  Optional<Failure> tell(Host host, Script script) throws RemoteException, InterruptedException {
    var patience = new Patience(Optional.of(options.asideLimit()));
    try (var machine =
        HostSession.connect(transport, host, forks, patience, options.asideLimit(), _ -> {})) {
      return machine.tell(script);
    }
  }

  /** Asks a connected host everything, in one exec. */
  void lookAgain(TargetName target, List<Task> tasks) throws RemoteException, InterruptedException {
    var begin = System.nanoTime();
    var script = new LookScript(tasks.stream().map(Task::probes).toList());
    var machine = machine(target.host().orElseThrow());
    var subject = Waits.Subject.of(target, "its answers", options.lookLimit());
    seen.put(target, waits.during(subject, () -> machine.look(script)));
    listener.on(
        new RunEvent.Looked(
            target, Duration.ofNanos(System.nanoTime() - begin), script.questions()));
  }

  /** As {@link #lookAgain}; who does not answer any more is given up. */
  void lookAgainOrLose(TargetName target, List<Task> tasks) throws InterruptedException {
    try {
      lookAgain(target, tasks);
    } catch (RemoteException e) {
      lost(target, e);
    } catch (InterruptedException e) {
      interrupted(target, e);
    }
  }

  /** As {@link #lookAgain}, through the session that holds the lock. */
  void lookLocked(TargetName target, List<Task> tasks)
      throws RemoteException, InterruptedException {
    var probes = tasks.stream().map(Task::probes).toList();
    seen.put(target, machine(target.host().orElseThrow()).lookLocked(probes));
  }

  /** Gives a target up in the middle. */
  void lost(TargetName target, RemoteException reason) {
    seen.remove(target);
    gone.put(target, Troubles.of(reason));
  }

  /** Leaves a target out although it answers. */
  void refused(TargetName target, Failure failure) {
    seen.remove(target);
    gone.put(target, new Outcome.Failed(failure));
  }

  void lookAtDesk(List<Task> tasks) {
    try {
      seen.put(
          TargetName.DESK, DeskLook.at(desk.view(), tasks.stream().map(Task::probes).toList()));
    } catch (DeskException e) {
      gone.put(TargetName.DESK, new Outcome.Failed(new Failure(e.what(), e.remedy())));
    }
  }

  /**
   * Asks the cluster's API, once a control plane was seen to serve it. Where none was, there is
   * nothing to see yet, and what waits for it says so.
   */
  void lookAtCluster(List<Task> tasks, Outputs outputs) throws InterruptedException {
    seen.put(TargetName.CLUSTER, new Observations.Builder().build());
    var access = access(tasks);
    if (access.isEmpty()) {
      return;
    }
    var probes = tasks.stream().map(Task::probes).toList();
    try {
      var subject = Waits.Subject.of(TargetName.CLUSTER, "the cluster's API");
      waits.during(
          subject,
          () -> {
            cluster.lookEarly(probes);
            lookAtCluster(access, probes, outputs);
            return true;
          });
    } catch (InterruptedException e) {
      interrupted(TargetName.CLUSTER, e);
    }
  }

  private void lookAtCluster(List<Need> access, List<Probes> probes, Outputs outputs)
      throws InterruptedException {
    if (outputs.await(access) instanceof Outputs.Resolution.Ready(var known)) {
      try {
        cluster.know(known.all(ClusterAccess.OUTPUT).values());
        seen.put(TargetName.CLUSTER, cluster.first(access(known), secrets, probes));
      } catch (ClusterException e) {
        var unasked = ClusterSession.unasked(probes, e.what());
        unasked.ifPresentOrElse(
            it -> seen.put(TargetName.CLUSTER, it), () -> goneCluster(e.what(), e.remedy()));
      } catch (DeskException e) {
        goneCluster(e.what(), e.remedy());
      }
    }
  }

  /** Asks the cluster's API anew, where it was asked before. */
  void lookAtClusterAgain(List<Task> tasks) throws InterruptedException {
    var probes = tasks.stream().map(Task::probes).toList();
    try {
      cluster.again(probes).ifPresent(now -> seen.put(TargetName.CLUSTER, now));
    } catch (ClusterException e) {
      goneCluster(e.what(), e.remedy());
    }
  }

  /** Asks the cluster more once it is known what; whoever else is asked was asked everything. */
  Evaluation.Asking asking(TargetName target) {
    return probes -> target.equals(TargetName.CLUSTER) ? askCluster(probes) : Optional.empty();
  }

  private Optional<Observations> askCluster(Probes probes)
      throws ClusterException, InterruptedException {
    var more = cluster.again(List.of(probes));
    more.ifPresent(
        it -> seen.computeIfPresent(TargetName.CLUSTER, (_, first) -> first.updated(it)));
    return more;
  }

  private void goneCluster(String what, String remedy) {
    seen.remove(TargetName.CLUSTER);
    gone.put(TargetName.CLUSTER, new Outcome.Failed(new Failure(what, remedy)));
  }

  /** The API, as a control plane hands it over. */
  ClusterApi open(Known known) throws ClusterException, DeskException, InterruptedException {
    cluster.know(known.all(ClusterAccess.OUTPUT).values());
    return cluster.open(access(known), secrets);
  }

  /** The API that a server was seen to serve. */
  ClusterApi open(ClusterAccess access)
      throws ClusterException, DeskException, InterruptedException {
    return cluster.open(access, secrets);
  }

  private static ClusterAccess access(Known known) {
    return known.all(ClusterAccess.OUTPUT).values().iterator().next();
  }

  /** What must be there before the API can be asked; empty where nothing is asked of it. */
  static List<Need> access(List<Task> tasks) {
    return tasks.stream()
        .flatMap(task -> task.needs().stream())
        .filter(need -> need.output().equals(ClusterAccess.OUTPUT))
        .distinct()
        .toList();
  }

  KeptSecrets secrets() {
    return secrets;
  }

  /** Tells what each connection has cost. */
  void part() {
    machines.forEach((name, machine) ->
        listener.on(
            new RunEvent.Parted(
                TargetName.of(name), machine.shell().connection().costs(), machine.requests())));
  }

  @Override
  public void close() {
    cluster.close();
    machines.values().forEach(HostSession::close);
  }
}

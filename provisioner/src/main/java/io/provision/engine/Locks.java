package io.provision.engine;

import io.provision.engine.event.Failure;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.TargetName;
import io.provision.engine.session.HostSession;
import io.provision.engine.session.LocksAtOnce;
import io.provision.kube.Time;
import io.provision.remote.Claim;
import io.provision.remote.LockOwner;
import io.provision.remote.RemoteException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The locks of the hosts of one wave: taken before any of them is changed, so that of two runs one
 * gets them all ({@link LocksAtOnce}). Whoever is locked is looked at again.
 */
final class Locks {
  /** So long a run takes at most to give back what it took with us: some trips over a slow way. */
  private static final Duration MEETING = Duration.ofSeconds(3);

  private static final Duration BETWEEN = Duration.ofMillis(200);

  private final Survey survey;
  private final TaskGraph graph;
  private final Options options;
  private final RunListener listener;
  private final Waits waits;
  private final boolean begun;
  private final Set<TargetName> opened = new LinkedHashSet<>();
  private final Set<TargetName> held = new LinkedHashSet<>();

  /**
   * @param begun whether the run has changed something already: then a host whose lock another run
   *     holds is left out, instead of all
   */
  Locks(
      Survey survey,
      TaskGraph graph,
      Options options,
      RunListener listener,
      Waits waits,
      boolean begun) {
    this.begun = begun;
    this.waits = waits;
    this.survey = survey;
    this.graph = graph;
    this.options = options;
    this.listener = listener;
  }

  boolean holds(TargetName target) {
    return target.host().isEmpty() || held.contains(target);
  }

  /** Takes the locks that are missing; where one is held by another run, gives all back. */
  Optional<Report.Stop> takeFor(Collection<TargetName> targets) throws InterruptedException {
    var missing = targets.stream().filter(target -> !holds(target)).sorted().toList();
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    opened.addAll(missing);
    open(missing);
    var stop = lock(missing);
    if (stop.isPresent()) {
      giveBack();
      return stop;
    }
    PerTarget.forEach(
        missing,
        target ->
            attempt(
                target,
                "its answers",
                () -> {
                  var tasks = graph.tasks().getOrDefault(target, List.of());
                  survey.lookLocked(target, tasks);
                }));
    listener.on(new RunEvent.Locked(Set.copyOf(held)));
    return Optional.empty();
  }

  private void open(Collection<TargetName> targets) throws InterruptedException {
    PerTarget.forEach(
        targets, target -> attempt(target, "root's shell", () -> machine(target).openSession()));
  }

  private Optional<Report.Stop> lock(List<TargetName> missing) throws InterruptedException {
    var places = new OnHosts();
    if (begun) { // in their order, and nothing is waited for: what is held is left out
      for (var target : missing) {
        places
            .take(List.of(target))
            .forEach((name, holder) -> {
              var _ = taken(name, holder);
            });
      }
      return Optional.empty();
    }
    return LocksAtOnce.take(missing, places).flatMap(held -> taken(held.name(), held.holder()));
  }

  /** The locks of hosts whose sessions are open. */
  private final class OnHosts implements LocksAtOnce.Places<TargetName> {
    /** With each that is waited for, from when it is. */
    private final Map<TargetName, Time.Patience> patience = new HashMap<>();

    @Override
    public Map<TargetName, LockOwner> take(List<TargetName> targets) throws InterruptedException {
      var holders = new ConcurrentHashMap<TargetName, LockOwner>();
      var taken = ConcurrentHashMap.<TargetName>newKeySet();
      try {
        PerTarget.forEach(
            targets,
            target -> {
              if (!survey.gone().containsKey(target)) {
                lock(target, taken::add).ifPresent(holder -> holders.put(target, holder));
              }
            });
      } finally {
        taken.stream().sorted().forEach(held::add);
      }
      return holders;
    }

    @Override
    public void giveBack(List<TargetName> targets) throws InterruptedException {
      held.removeAll(targets);
      PerTarget.forEach(targets, target -> machine(target).unlock());
      open(targets);
    }

    @Override
    public boolean await(TargetName target, LockOwner holder) throws InterruptedException {
      if (holder.owner().equals(options.owner())
          || survey.desk().isGone(holder.owner())
          || held.stream().anyMatch(behind -> behind.compareTo(target) > 0)) { // of a round before
        return false;
      }
      var most =
          patience.computeIfAbsent(
              target,
              _ -> {
                var subject = Waits.Subject.of(target, "its lock", MEETING);
                var by = "%s; it may give it back".formatted(holder.owner());
                waits.tell(subject, by, Instant.now());
                return waits.interrupt().patience(MEETING);
              });
      if (most.isOver()) {
        return false;
      }
      waits.interrupt().pause(BETWEEN);
      return true;
    }
  }

  /**
   * Takes one, and waits for what a run that is gone has begun there.
   *
   * @param taken told where it is taken
   * @return by whom it is held
   */
  private Optional<LockOwner> lock(TargetName target, Consumer<TargetName> taken)
      throws InterruptedException {
    var machine = machine(target);
    var subject = Waits.Subject.of(target, "its lock", HostSession.LOCK_PATIENCE);
    var begin = Instant.now();
    var told = new AtomicBoolean();
    Consumer<LockOwner> waiting =
        holder -> {
          if (told.compareAndSet(false, true)) {
            waits.tell(
                subject,
                "%s; that run is gone, and what it had begun still works".formatted(holder.owner()),
                begin);
          }
        };
    try {
      var holder =
          waits.interrupt().idle(machine::abandon, () -> machine.lock(options.owner(), waiting));
      if (holder.isPresent() && survey.desk().isGone(holder.get().owner())) {
        holder = anew(target, holder.get(), waiting);
      }
      if (holder.isEmpty()) {
        taken.accept(target);
      }
      return holder;
    } catch (RemoteException e) {
      survey.lost(target, e);
      return Optional.empty();
    }
  }

  /**
   * A run of this machine that was killed while the host was away has left it claimed. What it had
   * begun there may still hold the lock itself, which is not touched.
   */
  private Optional<LockOwner> anew(TargetName target, LockOwner gone, Consumer<LockOwner> waiting)
      throws RemoteException, InterruptedException {
    var machine = machine(target);
    if (machine.tell(Claim.endedOf(gone.owner())).isPresent()) {
      return Optional.of(gone);
    }
    var holder =
        waits.interrupt().idle(machine::abandon, () -> machine.lock(options.owner(), waiting));
    if (holder.isEmpty()) {
      listener.on(
          new RunEvent.Note(
              target, "taken over from %s, which lives no more".formatted(gone.owner())));
    }
    return holder;
  }

  /** Another run holds it, and may for long. Who waited for it with locks could wait for ever. */
  private Optional<Report.Stop> taken(TargetName target, LockOwner holder) {
    var own = holder.owner().equals(options.owner());
    var what =
        own
            ? "the same machine as another host of this run, which holds its lock"
            : "locked by " + holder.owner();
    var remedy =
        own
            ? "take one of the two names out of the inventory, or correct its address"
            : "wait for it; if its controller is gone: provision unlock";
    if (!begun) {
      return Optional.of(new Report.Stop.Locked("%s is %s".formatted(target, what), remedy));
    }
    survey.refused(target, new Failure("it is " + what, remedy));
    return Optional.empty();
  }

  private HostSession machine(TargetName target) {
    return survey.machine(target.host().orElseThrow());
  }

  private interface Attempt {
    void run() throws RemoteException, InterruptedException;
  }

  /** When an end is asked for, what is not done by then is left undone. */
  private void attempt(TargetName target, String what, Attempt attempt)
      throws InterruptedException {
    if (survey.gone().containsKey(target)) {
      return;
    }
    try {
      waits.during(
          Waits.Subject.of(target, what, options.lookLimit()),
          () -> machine(target).abandon(),
          () -> {
            attempt.run();
            return true;
          });
    } catch (RemoteException e) {
      survey.lost(target, e);
    }
  }

  /** Gives back what turned out not to be needed; none is taken after that. */
  void giveBackBut(Set<TargetName> needed) throws InterruptedException {
    var others = opened.stream().filter(target -> !needed.contains(target)).toList();
    PerTarget.forEach(others, target -> machine(target).unlock());
  }

  void giveBack() throws InterruptedException {
    giveBackBut(Set.of());
  }
}

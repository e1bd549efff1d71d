package io.provision.engine;

import io.provision.remote.RemoteException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The locks of the hosts that a run will change: taken in the order of names before anything is
 * changed, so that of two runs one gets them all. Whoever is locked is looked at again.
 */
final class Locks {
  private final Survey survey;
  private final Agenda agenda;
  private final Options options;
  private final RunListener listener;
  private final Set<TargetName> held = new LinkedHashSet<>();

  Locks(Survey survey, Agenda agenda, Options options, RunListener listener) {
    this.survey = survey;
    this.agenda = agenda;
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
    // logging in to root's shell takes longest, and needs no order
    Crew.forEach(missing, target -> attempt(target, () -> machine(target).openSession()));
    for (var target : missing) {
      if (survey.gone().containsKey(target)) {
        continue;
      }
      var stop = lock(target);
      if (stop.isPresent()) {
        giveBack();
        return stop;
      }
    }
    Crew.forEach(
        missing,
        target ->
            attempt(
                target,
                () -> {
                  var tasks = agenda.tasks().getOrDefault(target, java.util.List.of());
                  survey.lookLocked(target, tasks);
                }));
    listener.on(new RunEvent.Locked(held.size()));
    return Optional.empty();
  }

  private Optional<Report.Stop> lock(TargetName target) throws InterruptedException {
    try {
      var holder = machine(target).lock(options.owner());
      if (holder.isEmpty()) {
        held.add(target);
        return Optional.empty();
      }
      return Optional.of(
          new Report.Stop.Locked(
              "%s is locked by %s".formatted(target, holder.get().owner()),
              "wait for it; if its controller is gone: provision unlock"));
    } catch (RemoteException e) {
      survey.lost(target, e);
      return Optional.empty();
    }
  }

  private Machine machine(TargetName target) {
    return survey.machine(target.host().orElseThrow());
  }

  private interface Attempt {
    void run() throws RemoteException, InterruptedException;
  }

  private void attempt(TargetName target, Attempt attempt) throws InterruptedException {
    if (survey.gone().containsKey(target)) {
      return;
    }
    try {
      attempt.run();
    } catch (RemoteException e) {
      survey.lost(target, e);
    }
  }

  void giveBack() {
    survey.machines().values().forEach(Machine::unlock);
    held.clear();
  }
}

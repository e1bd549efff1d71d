package io.provision.engine;

import io.provision.desk.DeskException;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.session.Interrupt;
import io.provision.engine.session.TargetExecutor;
import io.provision.engine.session.WaitFailure;
import io.provision.kube.ClusterException;
import io.provision.remote.RemoteException;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Wait;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Brings one step about on one target and is the only one who says "changed": it looks, repairs,
 * looks again.
 */
final class Converger {
  /** More than any host has to wait for, one after the other: 256 volumes at most are mounted. */
  private static final int MOST_WAITS_IN_ALL = 300;

  /** A state that keeps asking for the same wait is not coming. */
  private static final int MOST_WAITS = 5;

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final Task task;
  private final TargetExecutor executor;
  private final Optional<Set<Change.Action>> allowed;
  private final Consumer<String> doing;
  private final Consumer<String> progress;
  private final Interrupt interrupt;
  private final List<Change> made;
  private Observations seen;
  private boolean repaired;

  /**
   * @param made what was changed for it already, together with others: it was looked at since
   * @param allowed the kinds of change a saved plan announced; empty where there is no plan
   */
  Converger(
      Task task,
      TargetExecutor executor,
      Observations seen,
      List<Change> made,
      Optional<Set<Change.Action>> allowed,
      Consumer<String> doing,
      Consumer<String> progress,
      Interrupt interrupt) {
    this.interrupt = interrupt;
    this.task = task;
    this.executor = executor;
    this.seen = seen;
    this.made = made;
    this.allowed = allowed;
    this.doing = doing;
    this.progress = progress;
  }

  /** What was seen last, of this task and of all it looked at again. */
  Observations seen() {
    return seen;
  }

  /** Whether a repair ran, however it ended. */
  boolean repaired() {
    return repaired;
  }

  /** The outcome, with the check it rests on. */
  record Result(Outcome outcome, Optional<Check> check) {
    static Result failed(Failure failure) {
      return new Result(new Outcome.Failed(failure), Optional.empty());
    }
  }

  /**
   * @param first what comparing gives now
   * @param asked all that this task asks
   * @param lookAgain what to ask again after a repair, this task's own questions among it
   * @param everything what to ask again after one that can bring files of others along, or while
   *     others changed the host
   */
  Result converge(
      Check first,
      Known known,
      Probes asked,
      Collection<Probes> lookAgain,
      Collection<Probes> everything)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    var done = made;
    var waits = new HashMap<Wait, Integer>();
    var waited = 0;
    var check = first;
    while (true) {
      switch (Leaving.rest(check)) {
        case Check.InSync _, Check.Skipped _ -> {
          return new Result(
              done.isEmpty() ? new Verdict.Said(task, check).planned() : new Outcome.Changed(done),
              Optional.of(check));
        }
        case Check.Leaving _ -> throw new IllegalStateException("what is left is not leaving");
        case Check.Refused refused -> {
          return Result.failed(Troubles.of(refused));
        }
        case Check.Unknown(var awaiting, _) -> {
          return Result.failed(
              new Failure("it still cannot be said: " + awaiting, "run the same command again"));
        }
        case Check.NotYet notYet -> {
          if (waits.merge(notYet.by(), 1, Integer::sum) > MOST_WAITS
              || ++waited > MOST_WAITS_IN_ALL) {
            return Result.failed(new Failure("still waiting for " + notYet.awaited(), "run again"));
          }
          doing.accept(waiting(notYet));
          var again =
              notYet.by() instanceof Wait.OnHost how && how.othersChangeIt()
                  ? everything
                  : lookAgain;
          var late = await(notYet, known, asked, again);
          if (late.isPresent()) {
            return Result.failed(late.get());
          }
        }
        case Check.Drift(var changes, var repair, _) -> {
          var refusal =
              repaired ? Optional.of(stillDiffers(changes)) : notAnnounced(allowed, changes);
          if (refusal.isPresent()) {
            return Result.failed(refusal.get());
          }
          doing.accept(describe(changes));
          repaired = true;
          done = Stream.concat(made.stream(), changes.stream()).distinct().toList();
          var again = repair.canBringFiles() ? everything : lookAgain;
          switch (executor.repair(repair, again, progress)) {
            case TargetExecutor.Result.Seen(var newer) -> seen = seen.updated(newer);
            case TargetExecutor.Result.Broke(var failure) -> {
              return Result.failed(failure);
            }
          }
        }
      }
      check = task.comparison().check(seen, known);
    }
  }

  /** Waits until it has come; a failure where it does not. */
  private Optional<Failure> await(
      Check.NotYet notYet, Known known, Probes asked, Collection<Probes> lookAgain)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    return switch (notYet.by()) {
      case Wait.OnHost how -> {
        var awaited = new TargetExecutor.Awaited(notYet.awaited(), notYet.deadline(), how);
        yield switch (executor.await(awaited, lookAgain)) {
          case TargetExecutor.Result.Seen(var newer) -> {
            seen = seen.updated(newer);
            yield Optional.empty();
          }
          case TargetExecutor.Result.Broke(var failure) -> Optional.of(failure);
        };
      }
      case Wait.Asking _ -> ask(notYet.deadline(), known, asked);
    };
  }

  /** Asks until something else is to be said; a failure where that does not come. */
  private Optional<Failure> ask(Duration deadline, Known known, Probes asked)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    var patience = interrupt.patience(deadline);
    while (true) {
      if (!(Leaving.rest(task.comparison().check(seen, known)) instanceof Check.NotYet now)
          || !(now.by() instanceof Wait.Asking how)) {
        return Optional.empty();
      }
      if (patience.isOver()) {
        return Optional.of(WaitFailure.of(now.awaited(), deadline, how));
      }
      interrupt.pause(BETWEEN_LOOKS);
      seen = seen.updated(executor.look(List.of(asked)));
    }
  }

  private static String waiting(Check.NotYet notYet) {
    return "waiting for %s (%d s at most)"
        .formatted(notYet.awaited(), notYet.deadline().toSeconds());
  }

  /**
   * @param allowed the kinds of change a saved plan announced; empty where there is no plan
   */
  static Optional<Failure> notAnnounced(
      Optional<Set<Change.Action>> allowed, List<Change> changes) {
    return allowed.flatMap(kinds ->
        changes.stream()
            .filter(change -> !kinds.contains(change.action()))
            .findFirst()
            .map(change ->
                new Failure(
                    "it would have to %s, which the plan does not name"
                        .formatted(describe(List.of(change))),
                    "make a new plan")));
  }

  static Failure stillDiffers(List<Change> changes) {
    return new Failure(
        "after its repair it still differs: " + describe(changes),
        "something changes it back, or the repair has a bug: look at the host");
  }

  static String describe(List<Change> changes) {
    var first = changes.getFirst();
    var text = first.action().name().toLowerCase(java.util.Locale.ROOT) + " " + first.subject();
    var from =
        first.detail() instanceof Change.Detail.Value(var is, var should)
            ? " (%s -> %s)".formatted(is, should)
            : "";
    return text + from + (changes.size() > 1 ? " and %d more".formatted(changes.size() - 1) : "");
  }
}

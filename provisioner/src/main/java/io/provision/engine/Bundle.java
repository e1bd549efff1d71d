package io.provision.engine;

import io.provision.desk.DeskException;
import io.provision.engine.event.Failure;
import io.provision.engine.session.TargetExecutor;
import io.provision.kube.ClusterException;
import io.provision.remote.Payload;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Repairs of steps that follow each other on one host and need no look between them: they go over
 * in one exec, with one look behind all of them, by which each is judged as by a look of its own.
 * The order of the list is kept; what stands between two of them is in sync, and nothing that is
 * repaired before it can change that.
 *
 * @param members one at least
 */
record Bundle(List<Member> members) {

  /**
   * A step that differs, and what mends it.
   *
   * @param known what it was compared with
   */
  record Member(Task task, Known known, Check.Drift drift, Repair.OnHost repair) {
    /** Nobody waits for it, and nothing comes along with it that would have to be looked at. */
    private boolean canBeFollowed() {
      return !repair.bringsFiles() && task.provides().isEmpty();
    }

    /**
     * What is fetched elsewhere, asked for only now or takes its time goes on its own: it can fail
     * before anything is sent. Nothing is shown of what runs beside a secret.
     */
    private boolean isLight() {
      return repair.scripts().stream()
          .flatMap(script -> script.payloads().stream())
          .allMatch(payload -> payload instanceof Payload.Bytes && !payload.isSecret());
    }
  }

  /** What became of one of them. */
  sealed interface Made {
    /** From its begin to that of the next; the look behind all of them counts for the last. */
    Duration took();

    /** What it came to is for the look to say. */
    record Done(Member member, Duration took) implements Made {}

    record Broke(Failure failure, Duration took) implements Made {}
  }

  /**
   * The first step of a list and those that can go with it; empty where it goes alone.
   *
   * @param list steps of one host, one at least
   */
  static Optional<Bundle> from(List<Task> list, Observations seen, Ahead ahead)
      throws InterruptedException {
    var members = new ArrayList<Member>();
    var planned = new Planned();
    for (var task : list) {
      var known = ahead.known(task);
      if (known.isEmpty()) {
        break;
      }
      var check = task.comparison().check(seen, known.get());
      var member = member(task, known.get(), check).filter(it -> ahead.mayDo(task, it.drift()));
      if (member.isPresent() && canJoin(member.get(), members, planned)) {
        members.add(member.get());
        planned.add(task.ref(), member.get().drift());
        if (!member.get().canBeFollowed()) {
          break;
        }
      } else if (members.isEmpty() || !hangsOnNothing(task) || !planned.leaves(task, check, seen)) {
        break;
      }
    }
    return members.size() < 2 ? Optional.empty() : Optional.of(new Bundle(members));
  }

  private static Optional<Member> member(Task task, Known known, Check check) {
    return Leaving.rest(check) instanceof Check.Drift drift
            && drift.repair() instanceof Repair.OnHost repair
            && !repair.scripts().isEmpty() // else it only wants to be looked at
        ? Optional.of(new Member(task, known, drift, repair)).filter(Member::isLight)
        : Optional.empty();
  }

  /**
   * Whether it stays as it is whatever is repaired before it, and nobody waits for it: a command
   * that is to be run, or a unit, can hang on files that it does not name.
   */
  private static boolean hangsOnNothing(Task task) {
    return task.provides().isEmpty()
        && task.probes().questions().stream().allMatch(question -> question.kind().standsAlone());
  }

  /** The first was looked at just now; what comes behind it must be right without a look. */
  private static boolean canJoin(Member member, List<Member> before, Planned planned) {
    return before.isEmpty()
        || member.repair().scripts().stream().allMatch(Script::standsAlone)
            && !planned.touches(member.task());
  }

  /**
   * What a run of them came to.
   *
   * @param seen behind all of them; empty where one broke, for then nothing was looked at
   */
  record Ran(Optional<Observations> seen, Map<Task, Made> made) {}

  /**
   * Runs them.
   *
   * @param again what to ask behind them
   * @param begins told of each as its turn comes, of the first before anything is sent
   * @param says told what each says while it runs
   */
  Ran run(
      TargetExecutor executor,
      Collection<Probes> again,
      Consumer<Member> begins,
      BiConsumer<Task, String> says)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    var begun = new long[members.size() + 1];
    var parts = new ArrayList<TargetExecutor.Part>();
    for (var i = 0; i < members.size(); i++) {
      var at = i;
      var member = members.get(i);
      Runnable begin =
          () -> {
            if (begun[at] == 0) {
              begun[at] = System.nanoTime();
              begins.accept(member);
            }
          };
      parts.add(
          new TargetExecutor.Part(
              member.repair(), begin, text -> says.accept(member.task(), text)));
    }
    parts.getFirst().begins().run();
    var result = executor.bundled(parts, again);
    Arrays.setAll(begun, i -> begun[i] == 0 ? System.nanoTime() : begun[i]);
    var made = new HashMap<Task, Made>();
    return switch (result) {
      case TargetExecutor.Bundled.Seen(var seen) -> {
        done(members.size(), begun, made);
        yield new Ran(Optional.of(seen), made);
      }
      case TargetExecutor.Bundled.Broke(var at, var failure) -> {
        done(at, begun, made);
        made.put(members.get(at).task(), new Made.Broke(failure, took(at, begun)));
        yield new Ran(Optional.empty(), made);
      }
    };
  }

  private void done(int count, long[] begun, Map<Task, Made> made) {
    for (var i = 0; i < count; i++) {
      var member = members.get(i);
      made.put(member.task(), new Made.Done(member, took(i, begun)));
    }
  }

  private static Duration took(int member, long[] begun) {
    return Duration.ofNanos(begun[member + 1] - begun[member]);
  }
}

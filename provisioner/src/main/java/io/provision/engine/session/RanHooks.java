package io.provision.engine.session;

import io.provision.desk.DeskException;
import io.provision.desk.Outside;
import io.provision.engine.event.Failure;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.step.Repair;
import io.provision.step.Repair.HookRun;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs hooks of a user's. They change something: an end that is asked for waits for each. Where all
 * are to run, all do.
 */
record RanHooks(Outside outside, Interrupt interrupt, Consumer<String> progress) {
  private static final String NOTE = "note: ";

  private static final String REMEDY =
      "run it by hand to see why, then the same command again; it must be able to run twice";

  /** What runs a script on the host, and says why it failed. */
  @FunctionalInterface
  interface OnHost {
    Optional<Failure> run(Script script)
        throws RemoteException, DeskException, InterruptedException;
  }

  /** Why the first of them failed; the others are told. */
  Optional<Failure> all(Repair.RunHooks run, OnHost host)
      throws RemoteException, DeskException, InterruptedException {
    Optional<Failure> first = Optional.empty();
    Optional<RemoteException> lost = Optional.empty();
    for (var hook : run.hooks()) {
      if (!run.all() && interrupt.requested()) {
        throw new InterruptedException("an end was asked for");
      }
      Optional<Failure> failure;
      try {
        failure = one(hook, host);
      } catch (RemoteException e) {
        if (!run.all()) {
          throw e;
        }
        progress.accept(
            "%sthe hook '%s' %s: %s".formatted(NOTE, hook.name(), hook.when(), e.what()));
        lost = lost.or(() -> Optional.of(e));
        continue;
      }
      if (failure.isPresent() && !run.all()) {
        return failure;
      }
      if (first.isPresent()) {
        failure.ifPresent(it -> progress.accept(NOTE + it.what()));
      } else {
        first = failure;
      }
    }
    if (lost.isPresent()) {
      throw lost.get();
    }
    return first;
  }

  private Optional<Failure> one(HookRun hook, OnHost host)
      throws RemoteException, DeskException, InterruptedException {
    progress.accept(
        "running the hook '%s' %s %s (since %s, %d s at most)"
            .formatted(
                hook.name(),
                hook.when(),
                switch (hook.way()) {
                  case HookRun.Way.Here _ -> "here";
                  case HookRun.Way.There _ -> "on it";
                },
                LocalTime.now().truncatedTo(ChronoUnit.SECONDS),
                hook.within().toSeconds()));
    return switch (hook.way()) {
      case HookRun.Way.Here(var command, var occasion) ->
          here(hook, command, outside.run(command, hook.within(), occasion));
      case HookRun.Way.There(var script) -> host.run(script).map(it -> named(hook, it));
    };
  }

  private static Optional<Failure> here(HookRun hook, List<String> command, Outside.Ended ended) {
    return switch (ended) {
      case Outside.Ended.Exited(var status, _) when status == 0 -> Optional.empty();
      case Outside.Ended.Exited(var status, var lines) ->
          Optional.of(
              failure(
                  hook,
                  command,
                  "exited %d%s"
                      .formatted(
                          status,
                          lines.isEmpty() ? " without a word" : " (%s)".formatted(lines.getLast())),
                  status,
                  lines));
      case Outside.Ended.Late(var lines) ->
          Optional.of(
              failure(
                  hook,
                  command,
                  "had not ended after %d s, and was ended".formatted(hook.within().toSeconds()),
                  -1,
                  lines));
      case Outside.Ended.Unstarted(var why) ->
          Optional.of(failure(hook, command, "was not started: " + why, -1, List.of()));
    };
  }

  private static Failure failure(
      HookRun hook, List<String> command, String what, int exit, List<String> lines) {
    return new Failure(
        "the hook '%s' %s %s".formatted(hook.name(), hook.when(), what),
        REMEDY,
        String.join(" ", command),
        exit,
        lines);
  }

  private static Failure named(HookRun hook, Failure failure) {
    return new Failure(
        "the hook '%s' %s failed: %s".formatted(hook.name(), hook.when(), failure.what()),
        failure.remedy(),
        failure.command(),
        failure.exit(),
        failure.lines(),
        failure.kind());
  }
}

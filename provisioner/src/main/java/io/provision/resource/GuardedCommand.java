package io.provision.resource;

import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A command that is run where its guard says so: while {@code creates} is not there, or while the
 * command {@code unless} fails. Argument lists, no shell. {@code unless} is run by every look and
 * must change nothing.
 */
public record GuardedCommand(
    List<String> run, Optional<String> creates, List<String> unless, Duration deadline)
    implements Piece {
  private static final ShellFunction LOOK =
      new ShellFunction("look_guard", "\"$@\" >/dev/null 2>&1 </dev/null");

  private static final ShellFunction RUN =
      new ShellFunction(
          "run_command",
          """
          try "$@" </dev/null >&2\
          """);

  private static final Kind<Boolean> KIND = Kind.single(LOOK, Frame::ok);

  public GuardedCommand {
    run = List.copyOf(run);
    unless = List.copyOf(unless);
    if (run.isEmpty() || run.getFirst().isBlank()) {
      throw new IllegalArgumentException(
          "a command needs 'run', a list of a program and its arguments");
    }
    if (creates.isPresent() != unless.isEmpty()) {
      throw new IllegalArgumentException(
          "a command needs one guard: 'creates' (a path) or 'unless' (a command that changes"
              + " nothing), so that it is known whether it is still to be run");
    }
    creates.ifPresent(HostPath::require);
  }

  @Override
  public Probes probes() {
    return creates.map(path -> Probes.of(Files.ofOthers(path))).orElseGet(() -> Probes.of(guard()));
  }

  private Question<Boolean> guard() {
    return new Question<>(KIND, unless);
  }

  @Override
  public Check check(Observations seen) {
    var done =
        creates
            .map(path -> seen.of(Files.ofOthers(path)).exists())
            .orElseGet(() -> seen.of(guard()));
    if (done) {
      return new Check.InSync();
    }
    var why = creates.map(it -> it + " is not there").orElse(String.join(" ", unless) + " fails");
    return new Check.Drift(
        List.of(Change.of(Change.Action.RUN, String.join(" ", run), why, "run")),
        new Repair.OnHost(
            List.of(Script.of(RUN, run.toArray(String[]::new)).within(deadline)), true));
  }
}

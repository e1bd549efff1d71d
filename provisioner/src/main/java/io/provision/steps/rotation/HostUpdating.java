package io.provision.steps.rotation;

import io.provision.model.Cluster;
import io.provision.model.rotation.Hook;
import io.provision.model.rotation.HostUpdate;
import io.provision.model.rotation.RotationChoice;
import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.packages.Upgrades;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is run on a host between its drain and its reboot, and whether it would do anything there: a
 * host on which it would is rebooted whether its system wants that or not.
 */
public record HostUpdating(Optional<HostUpdate> update) {
  /** Packages of a whole system, on a slow disk. */
  private static final Duration LIMIT = Duration.ofHours(2);

  /** Of a plan that is longer only the beginning is told. */
  private static final int TOLD = 3;

  private static final String CODE = "exit code ";

  /** Where it prints nothing: grep ends with 1 where there is nothing. */
  private static final List<String> NOTHING = List.of("0", "1");

  /** Of timeout(1) and a shell: not ended, killed, or a program that is not there. */
  private static final List<String> CUT_OFF = List.of("124", "126", "127", "137", "143");

  /**
   * {@code look_update_plan COMMAND}: what it prints, then a line of its exit code unless it prints
   * more than fits. A minute at most.
   */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_update_plan",
          """
          cd / || return
          {
            if command -v timeout >/dev/null 2>&1; then
              timeout -k 5 60 sh -c "$1" 2>/dev/null </dev/null
            else
              sh -c "$1" 2>/dev/null </dev/null
            fi
            printf '\\nexit code %s\\n' "$?"
          } | head -c 20000
          return 0\
          """);

  private static final Kind<Optional<List<String>>> KIND = Kind.single(LOOK, HostUpdating::planned);

  /** {@code run_update SECONDS HOST CLUSTER PHASE sh -c COMMAND} */
  private static final ShellFunction RUN =
      new ShellFunction(
          "run_update",
          """
          say "running the command before its reboot"
          run_hook "$@"\
          """,
          List.of(HookScript.RUN));

  public HostUpdating(RotationChoice choice) {
    this(choice.update());
  }

  public Probes probes() {
    return update
        .map(it ->
            switch (it) {
              case HostUpdate.Packages _ -> Upgrades.probes();
              case HostUpdate.Command(_, var plan) ->
                  plan.map(by -> Probes.of(question(by))).orElse(Probes.NONE);
            })
        .orElse(Probes.NONE);
  }

  private static Question<Optional<List<String>>> question(String plan) {
    return Question.of(KIND, plan);
  }

  /**
   * A line for each thing that it would do; none where nobody knows before.
   *
   * @return empty where the host should say and does not
   */
  private Optional<List<String>> pending(Observations seen) {
    return update
        .map(it ->
            switch (it) {
              case HostUpdate.Packages _ -> Upgrades.pending(seen);
              case HostUpdate.Command(_, var plan) ->
                  plan.map(by -> seen.of(question(by))).orElse(Optional.of(List.of()));
            })
        .orElse(Optional.of(List.of()));
  }

  /** Why a host cannot go: what is to be run there does not say what it would do. */
  public Optional<Check> refusal(Observations seen) {
    if (pending(seen).isPresent()) {
      return Optional.empty();
    }
    return update.map(it ->
        switch (it) {
          case HostUpdate.Packages _ ->
              new Check.Refused(
                  "it does not say what there is to upgrade",
                  "--upgrade knows apt-get: see what 'apt-get -s upgrade' says there; elsewhere"
                      + " write --command and --command-plan");
          case HostUpdate.Command(_, var plan) ->
              new Check.Refused(
                  "'%s' fails on it, or does not end within a minute".formatted(plan.orElse("")),
                  "it prints what --command would do, and nothing where that is nothing: try it"
                      + " there as root");
        });
  }

  /** Why it is to be run, for people; none where there is nothing for it to do. */
  List<String> reasons(Observations seen) {
    var pending = pending(seen).orElse(List.of());
    if (pending.isEmpty()) {
      return List.of();
    }
    var told = String.join(", ", pending.subList(0, Math.min(TOLD, pending.size())));
    var more = pending.size() > TOLD ? ", and %d more".formatted(pending.size() - TOLD) : "";
    return List.of("to update: " + told + more);
  }

  /** For a plan. */
  public List<Change> changes(Observations seen) {
    return update
        .map(it ->
            switch (it) {
              case HostUpdate.Packages _ ->
                  pending(seen).filter(List::isEmpty).isPresent()
                      ? List.<Change>of()
                      : List.of(
                          Change.of(
                              Change.Action.UPGRADE,
                              "packages",
                              String.join("\n", pending(seen).orElse(List.of())),
                              "upgraded"));
              case HostUpdate.Command(var command, _) ->
                  List.of(
                      Change.of(
                          Change.Action.RUN,
                          command,
                          String.join("\n", pending(seen).orElse(List.of())),
                          "run"));
            })
        .orElse(List.of());
  }

  /**
   * Runs it, on a host that is out of use.
   *
   * @param givenUp what takes it back into use where that fails
   */
  public List<Repair> run(Target.OnHost target, Observations seen, Repair givenUp) {
    return update
        .flatMap(it -> script(it, target, seen))
        .<List<Repair>>map(it ->
            List.of(
                new Repair.Guarded(
                    List.of(new Repair.OnHost(List.of(it), true)), List.of(givenUp))))
        .orElse(List.of());
  }

  private static Optional<Script> script(
      HostUpdate update, Target.OnHost target, Observations seen) {
    return switch (update) {
      case HostUpdate.Packages _ ->
          Upgrades.pending(seen)
              .filter(it -> !it.isEmpty())
              .flatMap(_ -> Upgrades.call(seen))
              .map(it -> new Script(it, List.of(), LIMIT));
      case HostUpdate.Command(var command, _) ->
          Optional.of(
              HookScript.of(
                  RUN,
                  new Hook(command, List.of("sh", "-c", command), Hook.Place.HOST, LIMIT),
                  target.host().name().value(),
                  target.inventory().cluster().map(Cluster::name).orElse(""),
                  Phase.BEFORE_REBOOT));
    };
  }

  /** What it printed; empty where that does not say what is to be done. */
  private static Optional<List<String>> planned(Frame frame) {
    var lines = frame.output().lines().map(String::strip).filter(it -> !it.isEmpty()).toList();
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    var last = lines.getLast();
    if (!last.startsWith(CODE)) {
      return Optional.of(lines); // it prints more than fits
    }
    var printed = lines.subList(0, lines.size() - 1);
    var code = last.substring(CODE.length());
    return (printed.isEmpty() ? NOTHING.contains(code) : !CUT_OFF.contains(code))
        ? Optional.of(printed)
        : Optional.empty();
  }
}

package io.provision.cli.rotation;

import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.cli.run.RunRequest;
import io.provision.console.Problem;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Position;
import io.provision.step.Observed;
import io.provision.steps.Catalog;
import io.provision.steps.kubernetes.placement.SpreadLook;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code rotate --advise} prints: what workloads lack so that their nodes can go, as a file
 * for {@code kubectl}. It looks, as a plan does.
 */
public final class RotationAdvice {
  /** The only step that is asked for. */
  public static final String STEP = SpreadLook.NAME;

  private static final Position AT = new Position("provision rotate --advise", 1, 1);

  private RotationAdvice() {}

  /** The playbook, and behind it the look that gives the advice. */
  public static Playbook behind(Playbook playbook) {
    var plays = new ArrayList<Play>(playbook.plays());
    var ref = new StepRef(STEP, 0, AT);
    plays.add(new Play.OnCluster("advice", List.of(new Item<>(ref, Catalog.advice()))));
    return new Playbook(plays);
  }

  /**
   * Looks and prints.
   *
   * @throws Refused where the cluster did not say
   */
  public static void print(Context context, RunRequest request) throws Refused {
    context.display().onlyCounts();
    var result = context.program().plan(request.quietly());
    var advice =
        Optional.ofNullable(result.seen().get(TargetName.CLUSTER))
            .map(Observed::values)
            .map(it -> it.get(Catalog.adviceText()));
    if (advice.isEmpty()) {
      var code = ExitCode.of(result.report());
      throw new Refused(
          List.of(Problem.error(AT.file(), why(result))),
          code == ExitCode.DONE ? ExitCode.FAILED : code);
    }
    context.display().raw(advice.get().toString());
  }

  private static String why(RunResult result) {
    return "the cluster's API was not asked: "
        + result.plan().findings().stream()
            .filter(it -> it.target().equals(TargetName.CLUSTER) && it.step().name().equals(STEP))
            .findFirst()
            .map(it ->
                switch (it.outcome()) {
                  case Outcome.Skipped(var reason) -> reason;
                  case Outcome.Failed(var failure) -> failure.what();
                  case Outcome.Pending(var awaiting, _) -> "first comes " + awaiting;
                  case Outcome.Unreachable(var failure) -> failure.what();
                  case Outcome.Lost(var failure) -> failure.what();
                  case Outcome.Ok _, Outcome.Changed _, Outcome.WouldChange _, Outcome.Leaving _ ->
                      "see 'provision plan'";
                })
            .orElse("see 'provision plan'");
  }
}

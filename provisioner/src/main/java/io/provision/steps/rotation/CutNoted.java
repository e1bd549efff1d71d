package io.provision.steps.rotation;

import io.provision.model.HostName;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.Optional;
import java.util.Set;

/**
 * {@code power-cut-noted}: what a host has kept in mind of another one that has no power: that we
 * cut it, since when, and by which run. It only looks.
 */
public record CutNoted(HostName cut) implements Step<Target.OnHost> {
  public static final String NAME = "power-cut-noted";

  /** In words; empty where it has nothing in mind, or another thing. */
  public static final Output<String> NOTE = new Output<>(NAME, String.class);

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(AwayNotes.QUESTION);
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(NOTE);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var note =
        Optional.ofNullable(seen.of(AwayNotes.QUESTION).get(cut))
            .filter(AwayNotes.Away::isCut)
            .map(AwayNotes.Away::toString);
    return new Check.InSync(Observed.of(NOTE, note.orElse("")));
  }
}

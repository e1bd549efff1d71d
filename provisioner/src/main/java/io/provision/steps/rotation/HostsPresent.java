package io.provision.steps.rotation;

import io.provision.model.Host;
import io.provision.resource.kernel.RebootWanted;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.Optional;
import java.util.Set;

/**
 * {@code hosts-present}: while a host is away by another run nobody goes, and that is said with
 * since when and by whom: by those that want a reboot, and by one at least.
 */
public record HostsPresent() implements Step<Target.OnHost> {
  public static final String NAME = "hosts-present";

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(RebootWanted.QUESTION, AwayNotes.QUESTION);
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return Set.of(Need.some(HostInUse.IN_USE, target.inventory().otherThanNodes()));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var gone = known.never(HostInUse.IN_USE).keySet();
    var first =
        target.inventory().otherThanNodes().stream()
            .map(Host::name)
            .filter(it -> !gone.contains(it))
            .findFirst();
    if (seen.of(RebootWanted.QUESTION) instanceof RebootWanted.No
        && !first.equals(Optional.of(target.host().name()))) {
      return new Check.InSync();
    }
    var notes = seen.of(AwayNotes.QUESTION);
    var away =
        gone.stream()
            .filter(notes::containsKey)
            .map(it -> "%s is not there: %s".formatted(it, notes.get(it)))
            .toList();
    return away.isEmpty()
        ? new Check.InSync()
        : new Check.Refused(
            String.join("; ", away),
            "wait for that run. where it was killed, run the same command again once the host is"
                + " back; where the host never comes back, take it out of the inventory");
  }
}

package io.provision.steps.rotation;

import io.provision.resource.kernel.AutomaticReboot;
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

/** {@code self-reboots}: whether a host reboots itself after upgrades. It only looks. */
public record SelfReboots() implements Step<Target.OnHost> {
  public static final String NAME = "self-reboots";

  public static final Output<When> WHEN = new Output<>("self-reboots", When.class);

  /**
   * When a host does.
   *
   * @param at a time of the day, or {@code now} for as soon as it has upgraded; empty for never
   */
  public record When(Optional<String> at) {}

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(AutomaticReboot.QUESTION);
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(WHEN);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return new Check.InSync(Observed.of(WHEN, new When(seen.of(AutomaticReboot.QUESTION))));
  }

  /** Why no host is rebooted by us while one of these reboots itself; empty where none does. */
  public static Optional<Check> refusal(Known known) {
    return known.all(WHEN).entrySet().stream()
        .filter(each -> each.getValue().at().isPresent())
        .findFirst()
        .map(each ->
            new Check.Refused(
                "unattended-upgrades reboots %s by itself after upgrades (%s), and asks nobody"
                    .formatted(each.getKey(), each.getValue().at().get()),
                "set Unattended-Upgrade::Automatic-Reboot to \"false\" in /etc/apt/apt.conf.d there"));
  }
}

package io.provision.steps.os;

import io.provision.model.Role;
import io.provision.resource.kernel.RebootWanted;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code reboot-if-required}: a host that wants a reboot, as Debian and Ubuntu say it by {@code
 * /run/reboot-required}, is rebooted. Not one that others rely on: a node of a cluster or a storage
 * host is rebooted by what drains it and asks the storage first.
 */
public record RebootIfRequired() implements Step<Target.OnHost> {
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  @Override
  public List<Check.Refused> refusals(Target.OnHost target) {
    var roles = target.host().roles();
    return roles.isEmpty()
        ? List.of()
        : List.of(
            new Check.Refused(
                "%s is a %s, and others rely on it"
                    .formatted(
                        target.host(),
                        roles.stream().sorted().map(Role::key).collect(Collectors.joining(", "))),
                "name hosts without a role. a node is drained before it is rebooted: 'provision"
                    + " rotate'"));
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(RebootWanted.QUESTION);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.RESTART);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return switch (seen.of(RebootWanted.QUESTION)) {
      case RebootWanted.No _ -> new Check.InSync();
      case RebootWanted.Unknown _ ->
          new Check.Refused(
              "this system does not say whether it wants a reboot",
              "take 'reboot-if-required' out for this host: it knows Debian and Ubuntu");
      case RebootWanted.Yes(var reasons) ->
          new Check.Drift(
              List.of(
                  Change.of(Change.Action.RESTART, "host", String.join(", ", reasons), "rebooted")),
              new Repair.Reboot(PATIENCE));
    };
  }
}

package io.provision.steps.os;

import io.provision.model.Role;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
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

  static final ShellFunction LOOK =
      new ShellFunction(
          "look_reboot_required",
          """
          command -v apt-get >/dev/null || {
            echo unknown
            return 0
          }
          [ -e /run/reboot-required ] || {
            echo no
            return 0
          }
          echo required
          [ ! -f /run/reboot-required.pkgs ] || head -c 4000 /run/reboot-required.pkgs | sort -u | head -n 20\
          """);

  /** Whether it wants one, and the packages for which. */
  private static final Question<List<String>> QUESTION =
      Question.of(Kind.single(LOOK, RebootIfRequired::says));

  private static List<String> says(Frame frame) {
    return frame.output().lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

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
                "name hosts without a role; nodes are to be drained, and the storage asked, before"
                    + " a reboot, which is not built yet"));
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(QUESTION);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.RESTART);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var says = seen.of(QUESTION);
    if (says.equals(List.of("no"))) {
      return new Check.InSync();
    }
    if (says.isEmpty() || !says.getFirst().equals("required")) {
      return new Check.Refused(
          "this system does not say whether it wants a reboot",
          "take 'reboot-if-required' out for this host: it knows Debian and Ubuntu");
    }
    var why = String.join(", ", says.subList(1, says.size()));
    return new Check.Drift(
        List.of(Change.of(Change.Action.RESTART, "host", why, "rebooted")),
        new Repair.Reboot(PATIENCE));
  }
}

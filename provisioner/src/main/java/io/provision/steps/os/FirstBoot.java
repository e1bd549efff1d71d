package io.provision.steps.os;

import io.provision.remote.Call;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.step.Wait;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * {@code first-boot}: cloud-init has set the machine up. sshd answers before it has: until then it
 * installs packages, and writes names, users and network settings that others would undo, or be
 * undone by.
 */
public record FirstBoot() implements Step<Target.OnHost> {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /**
   * {@code cloud_init_runs}: whether it is at work, or will be in this boot. It leaves {@code
   * result.json} when it has ended, well or not (docs.cloud-init.io/en/latest/explanation/
   * return_codes.html); where no unit of it is on its way none will come. Nothing is started.
   */
  private static final ShellFunction RUNS =
      new ShellFunction(
          "cloud_init_runs",
          """
          [ -e /run/cloud-init/enabled ] && [ ! -e /run/cloud-init/result.json ] || return 1
          systemctl show -p ActiveState -p Job -- cloud-init-local.service cloud-init-main.service \\
            cloud-init-network.service cloud-init.service cloud-config.service cloud-final.service 2>/dev/null |
            head -c 10000 | grep -q -e '^ActiveState=activating$' -e '^Job=[1-9]'\
          """);

  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_first_boot",
          """
          if cloud_init_runs; then echo running; else echo over; fi\
          """,
          List.of(RUNS));

  private static final Question<String> STATE =
      Question.of(Kind.volatileSingle(LOOK, frame -> frame.output().strip()));

  /** {@code until_first_boot}. */
  private static final ShellFunction UNTIL =
      new ShellFunction("until_first_boot", "! cloud_init_runs", List.of(RUNS));

  /** {@code explain_first_boot}: what its programs said last. */
  private static final ShellFunction EXPLAIN =
      new ShellFunction(
          "explain_first_boot",
          """
          log=/var/log/cloud-init-output.log
          printf 'reason: cloud-init is not done yet: %s\\n' "$(tail -c 4000 "$log" 2>/dev/null | tr -d '\\000' | grep -v '^[[:space:]]*$' | tail -n 1 | cut -c 1-400)"
          echo "hint: look at what it waits for: $log, and 'cloud-init status --long' there"
          return 0\
          """);

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(STATE);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return switch (seen.of(STATE)) {
      case "over" -> new Check.InSync();
      case "running" ->
          new Check.NotYet(
              "cloud-init to have set it up",
              PATIENCE,
              new Wait.OnHost(Call.of(UNTIL), Call.of(EXPLAIN), true));
      default ->
          new Check.Refused(
              "whether it is still being set up could not be read",
              "log in by hand and see what stops '/bin/sh' there");
    };
  }
}

package io.provision.steps.os;

import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.resource.Machine;
import io.provision.resource.Packages;
import io.provision.resource.Piece;
import io.provision.resource.Pieces;
import io.provision.resource.Unit;
import io.provision.resource.UnitState;
import io.provision.resource.Units;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import java.time.Duration;
import java.util.List;

/**
 * {@code clock-sync}: the clock follows a time server. Any service that does it is left as it is;
 * where there is none systemd-timesyncd is installed. A container's clock belongs to the machine
 * below.
 */
public record ClockSync() implements Step<Target.OnHost> {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Services of Debian and Ubuntu that set the clock; the last is the one we offer. */
  private static final List<String> SERVICES =
      List.of(
          "chrony.service",
          "ntpsec.service",
          "ntp.service",
          "openntpd.service",
          "systemd-timesyncd.service");

  private static final ShellFunction IS_SYNCHRONISED =
      new ShellFunction(
          "clock_is_synchronised",
          "[ \"$(timedatectl show -p NTPSynchronized)\" = NTPSynchronized=yes ]");

  private static final ShellFunction EXPLAIN =
      new ShellFunction(
          "explain_clock",
          """
          timedatectl timesync-status || chronyc -n sources
          journalctl --no-pager -o cat -n 5 -u systemd-timesyncd -u chrony -u ntpsec
          echo "no time server answers: name one in /etc/systemd/timesyncd.conf (NTP=), or --skip clock-sync"
          return 0\
          """);

  private static final Question<Boolean> SYNCHRONISED =
      Question.of(Kind.volatileSingle(IS_SYNCHRONISED, Frame::ok));

  private static final Piece OURS =
      Pieces.all(Packages.of("systemd-timesyncd"), Unit.running("systemd-timesyncd"));

  @Override
  public Probes probes(Target.OnHost target) {
    return SERVICES.stream()
        .map(Units::of)
        .map(question -> Probes.of(question))
        .reduce(Probes.of(SYNCHRONISED, Machine.question()).and(OURS.probes()), Probes::and);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (seen.of(Machine.question()).isContainer()) {
      return new Check.Skipped("the clock " + Machine.BELONGS_BELOW);
    }
    if (SERVICES.stream().map(Units::of).map(seen::of).noneMatch(UnitState::isRunning)) {
      return OURS.check(seen);
    }
    return seen.of(SYNCHRONISED)
        ? new Check.InSync()
        : new Check.NotYet(
            "the clock to be in sync", PATIENCE, Call.of(IS_SYNCHRONISED), Call.of(EXPLAIN));
  }
}

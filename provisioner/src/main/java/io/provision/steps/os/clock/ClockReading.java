package io.provision.steps.os.clock;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What one look can tell of a host's clock. It reads what time services have left, and asks those
 * that run; it starts none.
 *
 * @param synchronised whether a time service says that the clock follows a server
 * @param settling whether such a service was started within the last twenty seconds
 * @param ahead how far it is ahead of this machine's clock (behind where negative), at least: the
 *     time that the look was under way counts for the host
 */
record ClockReading(boolean synchronised, boolean settling, Duration ahead) {

  /**
   * Whether a time service says that the clock is right. chronyd on its own clock (reference
   * 7F7F0101, which {@code local} gives it) says so of nothing but itself.
   */
  private static final ShellFunction IS_SYNCHRONISED =
      new ShellFunction(
          "clock_is_synchronised",
          """
          [ ! -e /run/systemd/timesync/synchronized ] || return 0
          said=$(timeout 5 chronyc -n tracking | head -c 4096)
          case $said in
            *7F7F0101*) ;;
            *'Leap status'*': Not sync'*) ;;
            *'Leap status'*) return 0 ;;
          esac
          said=$(timeout 5 ntpq -n -c rv | head -c 4096)
          case $said in
            *leap_alarm*) ;;
            *sync_ntp* | *sync_uhf_radio* | *sync_pps*) return 0 ;;
          esac
          said=$(timeout 5 ntpctl -s status | head -c 4096)
          case $said in
            *'clock synced'*) return 0 ;;
          esac
          return 1\
          """);

  /**
   * Units that systemd started less than twenty seconds ago, by the link it makes at each start.
   */
  private static final ShellFunction IS_SETTLING =
      new ShellFunction(
          "clock_is_settling",
          """
          for service in systemd-timesyncd chrony ntpsec ntp openntpd; do
            link=/run/systemd/units/invocation:$service.service
            [ -L "$link" ] || continue
            [ -z "$(find "$link" -newermt '20 seconds ago')" ] || return 0
          done
          return 1\
          """);

  /** Succeeds where there is nothing more to wait for. */
  static final ShellFunction IS_SETTLED =
      new ShellFunction(
          "clock_is_settled",
          "clock_is_synchronised || ! clock_is_settling",
          List.of(IS_SYNCHRONISED, IS_SETTLING));

  /** Succeeds once the clock follows a server. */
  static final ShellFunction FOLLOWS = IS_SYNCHRONISED;

  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_clock",
          """
          date +%s.%N
          clock_is_synchronised && echo synchronised
          clock_is_settling && echo settling
          return 0\
          """,
          List.of(IS_SYNCHRONISED, IS_SETTLING));

  static final ShellFunction EXPLAIN =
      new ShellFunction(
          "explain_clock",
          """
          timeout 5 chronyc -n sources
          timeout 5 ntpq -pn
          journalctl --no-pager -o cat -n 5 -u systemd-timesyncd -u chrony -u ntpsec
          date -u '+its clock says %F %T UTC, and no time server has set it:'
          echo "name one that it reaches in the inventory, 'time: { servers: [...] }'"
          return 0\
          """);

  private static final Question<ClockReading> QUESTION =
      Question.of(Kind.volatileSingle(LOOK, ClockReading::read));

  static Question<ClockReading> question() {
    return QUESTION;
  }

  static ClockReading read(Frame frame) {
    var lines = frame.output().lines().toList();
    return new ClockReading(
        lines.contains("synchronised"),
        lines.contains("settling"),
        lines.isEmpty() ? Duration.ZERO : ahead(lines.getFirst(), frame.window()));
  }

  /** A clock that cannot be read differs by nothing that is known. */
  private static Duration ahead(String said, Frame.Window window) {
    if (!said.matches("\\d{1,11}\\.\\d{9}") || window.equals(Frame.Window.ANY)) {
      return Duration.ZERO;
    }
    var dot = said.indexOf('.');
    var clock =
        Instant.ofEpochSecond(
            Long.parseLong(said.substring(0, dot)), Long.parseLong(said.substring(dot + 1)));
    if (clock.isAfter(window.arrived())) {
      return Duration.between(window.arrived(), clock);
    }
    return clock.isBefore(window.sent()) ? Duration.between(window.sent(), clock) : Duration.ZERO;
  }

  /** Whether it is further from this machine's clock than this. */
  boolean isApartBy(Duration most) {
    return ahead.abs().compareTo(most) > 0;
  }

  /** For a sentence that begins with whose clock it is; rounded to the nearest. */
  String difference() {
    var apart = ahead.abs();
    var text =
        apart.toSeconds() < 120
            ? nearest(apart, Duration.ofSeconds(1)) + " s"
            : apart.toMinutes() < 120
                ? nearest(apart, Duration.ofMinutes(1)) + " min"
                : apart.toHours() < 48
                    ? nearest(apart, Duration.ofHours(1)) + " h"
                    : nearest(apart, Duration.ofDays(1)) + " days";
    return "%s %s this machine's".formatted(text, ahead.isNegative() ? "behind" : "ahead of");
  }

  private static long nearest(Duration apart, Duration unit) {
    return apart.plus(unit.dividedBy(2)).dividedBy(unit);
  }
}

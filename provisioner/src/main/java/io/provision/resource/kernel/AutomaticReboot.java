package io.provision.resource.kernel;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.Optional;

/**
 * Whether a host reboots itself after upgrades: {@code Unattended-Upgrade::Automatic-Reboot} of
 * {@code unattended-upgrades}, whose timer is {@code apt-daily-upgrade.timer}. It drains nothing,
 * and asks nobody.
 */
public final class AutomaticReboot {
  /** Of what {@code apt-config} takes for true (apt-pkg's {@code StringToBool}). */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_automatic_reboot",
          """
          command -v unattended-upgrade >/dev/null && command -v apt-config >/dev/null || return 0
          [ "$(systemctl is-enabled apt-daily-upgrade.timer 2>/dev/null | head -c 20)" != disabled ] || return 0
          apt-config dump --no-empty --format '%f=%v%n' Unattended-Upgrade 2>/dev/null | head -c 100000 |
            awk -F = '
              $1 == "Unattended-Upgrade::Automatic-Reboot" { reboots = tolower($2) ~ /^(true|yes|on|with|enable|[1-9][0-9]*)$/ }
              $1 == "Unattended-Upgrade::Automatic-Reboot-Time" { at = $2 }
              END { if (reboots) print "at " (at ~ /^[0-9:]+$/ ? at : "now") }'\
          """);

  /** When, for people: a time of the day, or {@code now} for as soon as it has upgraded. */
  public static final Question<Optional<String>> QUESTION =
      Question.of(Kind.single(LOOK, AutomaticReboot::read));

  private AutomaticReboot() {}

  private static Optional<String> read(Frame frame) {
    var said = frame.output().strip();
    return said.startsWith("at ") ? Optional.of(said.substring(3)) : Optional.empty();
  }
}

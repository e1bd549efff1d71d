package io.provision.resource.kernel;

import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import java.util.List;

/** Switches a host off, but the one that the command runs on. */
public final class PowerOff {
  /**
   * {@code power_off}: a moment later, so that this answer still arrives; by systemd, which the end
   * of this session does not end, and without the lock's descriptor. Prints {@code here} where it
   * is left on.
   */
  private static final ShellFunction ORDER =
      new ShellFunction(
          "power_off",
          """
          [ "$(look_asked_from_here)" != here ] || {
            echo here
            return 0
          }
          systemd-run --quiet --collect --on-active=2 systemctl poweroff 9>&- && return 0
          echo "it could not be ordered from systemd" >&2
          return 1\
          """,
          List.of(AskedFromHere.LOOK));

  private PowerOff() {}

  public static Script ordered() {
    return Script.of(ORDER);
  }

  /** Whether it was left on, since the command runs on it. */
  public static boolean isLeftOn(Frame answer) {
    return answer.output().strip().equals("here");
  }
}

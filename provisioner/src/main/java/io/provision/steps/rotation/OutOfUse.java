package io.provision.steps.rotation;

import io.provision.remote.Script;
import io.provision.remote.ShellFunction;

/** That a host may be out of use by us stands in a file on it, where a look finds it. */
public final class OutOfUse {
  /** There while a host is out of use for its reboot. */
  public static final String MARKER = "/var/lib/provision/rotating";

  private static final ShellFunction MARK =
      new ShellFunction("mark_out_of_use", "try mkdir -p -- \"${1%/*}\" && : >\"$1\"");
  private static final ShellFunction UNMARK =
      new ShellFunction("mark_in_use", "try rm -f -- \"$1\"");

  private static final ShellFunction ON_DISK =
      new ShellFunction("mark_on_disk", "try sync \"$1\" \"${1%/*}\"");

  private OutOfUse() {}

  /** Of that it is out of use nothing may be lost with what is in memory. */
  public static Script onDisk(String file) {
    return Script.of(ON_DISK, file);
  }

  public static Script marked(String file) {
    return Script.of(MARK, file);
  }

  public static Script unmarked(String file) {
    return Script.of(UNMARK, file);
  }
}

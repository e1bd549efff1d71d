package io.provision.resource;

import io.provision.remote.ShellFunction;
import java.util.List;

/** What the kernel says is mounted at a path: the last mount there, which is what is seen. */
public final class Mounts {

  /**
   * {@code mount_word N PATH}: the Nth word after the hyphen of its line in proc_pid_mountinfo(5),
   * where space, tab, newline and backslash of a path stand as {@code \040} and the like.
   */
  private static final ShellFunction WORD =
      new ShellFunction(
          "mount_word",
          """
          nth=$1 at=$2 awk '
            BEGIN { at = ENVIRON["at"]; gsub(/\\\\/, "\\\\134", at); gsub(/ /, "\\\\040", at); gsub(/\\t/, "\\\\011", at); gsub(/\\n/, "\\\\012", at) }
            $5 == at { for (i = 7; i < NF && $i != "-"; i++); word = $(i + ENVIRON["nth"]) }
            END { print word }' /proc/self/mountinfo\
          """);

  /** {@code mount_type PATH}: such as {@code fuse.glusterfs}; nothing where it is no mount. */
  public static final ShellFunction TYPE =
      new ShellFunction("mount_type", "mount_word 1 \"$1\"", List.of(WORD));

  /** {@code mount_source PATH}: such as {@code /dev/vdb}; nothing where it is no mount. */
  public static final ShellFunction SOURCE =
      new ShellFunction("mount_source", "mount_word 2 \"$1\"", List.of(WORD));

  private Mounts() {}
}

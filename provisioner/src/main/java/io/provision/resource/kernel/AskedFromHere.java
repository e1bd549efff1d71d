package io.provision.resource.kernel;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;

/**
 * Whether the login that asks a host comes from the host itself: then whoever works on it runs
 * there, and ends with it. What is behind a jump host comes from that one.
 */
public final class AskedFromHere {
  /**
   * What sshd puts into the environment of a login (sshd(8), SSH_CONNECTION) is taken away by sudo,
   * so that parents are asked for theirs.
   */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_asked_from_here",
          """
          from=${SSH_CONNECTION:-} pid=$PPID left=50
          while [ -z "$from" ] && [ "${pid:-0}" -gt 1 ] && [ "$left" -gt 0 ]; do
            left=$((left - 1))
            from=$(tr '\\0' '\\n' 2>/dev/null <"/proc/$pid/environ" | sed -n 's/^SSH_CONNECTION=//p' | head -c 200 | head -n 1)
            pid=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status" 2>/dev/null | head -n 1)
          done
          from=${from%% *}
          from=${from%%%*}
          [ -n "$from" ] || return 0
          ip -o address show 2>/dev/null | head -c 1000000 |
            from=$from awk '{ sub(/\\/.*/, "", $4) } $4 == ENVIRON["from"] { found = 1 } END { if (found) print "here" }'
          return 0\
          """);

  /** Whether it does. */
  public static final Question<Boolean> QUESTION =
      Question.of(Kind.single(LOOK, AskedFromHere::read));

  private AskedFromHere() {}

  private static boolean read(Frame frame) {
    return frame.output().strip().equals("here");
  }
}

package io.provision.steps.kubernetes.shutdown;

import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Output;
import io.provision.step.Question;
import io.provision.steps.rotation.OutOfUse;
import java.util.Arrays;
import java.util.List;

/**
 * What a host says of a shutdown, in a file that is there from before the first change until after
 * the last: so whoever is killed in between is gone on from, in either direction.
 *
 * @param since when it was begun, in UTC; empty where it was not
 * @param booted whether the host has booted since it said so: what is enabled has begun by itself,
 *     and of volumes not all that should
 */
public record ShutdownMark(ShutdownPhase phase, String since, boolean booted) {
  public static final String FILE = "/var/lib/provision/stopped";

  /** As it was found when a run began. */
  static final Output<ShutdownMark> FOUND = new Output<>("shutdown-found", ShutdownMark.class);

  /** Of a boot: the kernel's id of it, and when its first process began (proc(5), field 22). */
  private static final ShellFunction BOOT =
      new ShellFunction(
          "shutdown_boot",
          """
          printf '%s-%s' "$(head -c 36 /proc/sys/kernel/random/boot_id)" \\
            "$(sed 's/^.*) //' /proc/1/stat | cut -d ' ' -f 20)"\
          """);

  /** {@code look_shutdown FILE}: a line {@code PHASE SINCE}, and one {@code booted}. */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_shutdown",
          """
          [ -f "$1" ] || return 0
          head -c 200 "$1" | {
            read -r phase since boot
            printf '%s %s\\n' "$phase" "$since"
            [ "$boot" = "$(shutdown_boot)" ] || echo booted
          }\
          """,
          List.of(BOOT));

  /**
   * {@code mark_shutdown FILE PHASE}: when it was begun stays. What is stopped may lose its power
   * at any moment.
   */
  private static final ShellFunction MARK =
      new ShellFunction(
          "mark_shutdown",
          """
          since=$(sed -n '1s/^[a-z]* \\([^ ]*\\).*/\\1/p' "$1" 2>/dev/null | head -c 40)
          [ -n "$since" ] || since=$(date -u +%Y-%m-%dT%H:%M:%SZ)
          try mkdir -p -- "${1%/*}" || return
          printf '%s %s %s\\n' "$2" "$since" "$(shutdown_boot)" >"$1.fresh" &&
            try mv -f -- "$1.fresh" "$1" || return
          [ "$2" != stopped ] || try sync\
          """,
          List.of(BOOT));

  /** Asks for it. */
  static final Question<ShutdownMark> QUESTION =
      Question.of(Kind.single(LOOK, ShutdownMark::read), FILE);

  /** What is there and cannot be read is of a shutdown too. */
  private static ShutdownMark read(Frame frame) {
    var lines = frame.output().strip().lines().toList();
    if (lines.isEmpty()) {
      return new ShutdownMark(ShutdownPhase.NONE, "", false);
    }
    var words = lines.getFirst().strip().split(" ", 2);
    var phase =
        Arrays.stream(ShutdownPhase.values())
            .filter(it -> it != ShutdownPhase.NONE && it.word().equals(words[0]))
            .findFirst()
            .orElse(ShutdownPhase.BEGUN);
    return new ShutdownMark(
        phase, words.length > 1 ? words[1] : "", lines.getLast().equals("booted"));
  }

  boolean isNone() {
    return phase == ShutdownPhase.NONE;
  }

  /** Whether what serves volumes there has to be begun, on it and on all others. */
  boolean isOut() {
    return booted || phase.isAtLeast(ShutdownPhase.EMPTY);
  }

  /** Has the host say nothing more of it. */
  static Script gone() {
    return OutOfUse.unmarked(FILE);
  }

  /** Has the host say that. */
  static Script of(ShutdownPhase phase) {
    return Script.of(MARK, FILE, phase.word());
  }
}

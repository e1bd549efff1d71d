package io.provision.resource.kernel;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.List;

/**
 * Whether a host wants a reboot: as Debian and Ubuntu say it by {@code /run/reboot-required}, and
 * by a newer kernel that they have installed since it booted.
 */
public sealed interface RebootWanted {
  ShellFunction LOOK =
      new ShellFunction(
          "look_reboot_required",
          """
          command -v apt-get >/dev/null || {
            echo unknown
            return 0
          }
          kernel=$(look_newer_kernel)
          [ -e /run/reboot-required ] || [ -n "$kernel" ] || {
            echo no
            return 0
          }
          echo required
          [ -z "$kernel" ] || printf '%s\\n' "$kernel"
          [ ! -f /run/reboot-required.pkgs ] || head -c 4000 /run/reboot-required.pkgs | sort -u | head -n 20\
          """,
          List.of(NewerKernel.LOOK));

  Question<RebootWanted> QUESTION = Question.of(Kind.single(LOOK, RebootWanted::read));

  /** It wants none. */
  record No() implements RebootWanted {}

  /**
   * It wants one.
   *
   * @param reasons a newer kernel, and packages, where it says so
   */
  record Yes(List<String> reasons) implements RebootWanted {
    public Yes {
      reasons = List.copyOf(reasons);
    }
  }

  /** This system does not say. */
  record Unknown() implements RebootWanted {}

  private static RebootWanted read(Frame frame) {
    var lines = frame.output().lines().map(String::strip).filter(it -> !it.isEmpty()).toList();
    if (lines.equals(List.of("no"))) {
      return new No();
    }
    return !lines.isEmpty() && lines.getFirst().equals("required")
        ? new Yes(lines.subList(1, lines.size()))
        : new Unknown();
  }
}

package io.provision.steps.rotation;

import io.provision.model.rotation.Hook;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A hook of the user's that runs on a host, as root, without a shell. */
final class HookScript {
  /** Until the host has ended it itself: between a request and the end are ten seconds. */
  private static final Duration MORE = Duration.ofSeconds(30);

  /**
   * {@code run_hook SECONDS HOST CLUSTER PHASE PROGRAM WORD...}: with {@code timeout} of coreutils
   * the host ends it by itself, and all of its group, also where nobody listens any more; the
   * script's own deadline is behind that. It runs in {@code /}, and says what it says on stderr, of
   * which the end is kept.
   */
  static final ShellFunction RUN =
      new ShellFunction(
          "run_hook",
          """
          hook_most=$1 PROVISION_HOST=$2 PROVISION_CLUSTER=$3 PROVISION_PHASE=$4
          export PROVISION_HOST PROVISION_CLUSTER PROVISION_PHASE
          shift 4
          cd / || return
          if ! command -v "$1" >/dev/null 2>&1; then
            echo "hint: put it there, give its whole path, and make it executable" >&2
            echo "there is no program '$1' on it" >&2
            return 127
          fi
          if ! command -v timeout >/dev/null 2>&1; then
            try "$@" </dev/null >&2 9>&-
            return
          fi
          timeout -k 10 "$hook_most" "$@" </dev/null >&2 9>&-
          hook_code=$?
          case $hook_code in
            0) return 0 ;;
            124 | 137 | 143)
              echo "it had not ended after $hook_most s, or was killed" >&2
              return "$hook_code"
              ;;
          esac
          ran "$hook_code" "$@"\
          """);

  private HookScript() {}

  static Script of(Hook hook, String host, String cluster, Phase phase) {
    return of(RUN, hook, host, cluster, phase);
  }

  /** By a function that is called as {@link #RUN} is. */
  static Script of(ShellFunction run, Hook hook, String host, String cluster, Phase phase) {
    var words = new ArrayList<>(List.of(seconds(hook), host, cluster, phase.word()));
    words.addAll(hook.command());
    return Script.of(run, words.toArray(String[]::new)).within(hook.within().plus(MORE));
  }

  private static String seconds(Hook hook) {
    return Long.toString(hook.within().toSeconds());
  }
}

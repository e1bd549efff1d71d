package io.provision.resource.unit;

import io.provision.remote.ShellFunction;
import java.util.List;

/** When a unit that does not come up has failed for good, and what it said of it. */
public final class UnitFailure {

  /**
   * {@code unit_last_words UNIT [SINCE]}: of each run that ended (since that second), the line that
   * says why, the newest last: that it never said that it is up; {@code level=fatal} or {@code
   * Error:} and their like where there is one, and not what was said beside or after it; else its
   * last line; else systemd's word on it. k3s says {@code Shutdown request received} where its
   * kubelet ended, and exits with 0 then: that it ended is what counts. That systemd gave up
   * starting it is no run.
   */
  public static final ShellFunction LAST_WORDS =
      new ShellFunction(
          "unit_last_words",
          """
          journalctl --no-pager -b -o cat -n 6000 ${2:+"--since=@$2"} -u "$1" 2>/dev/null | tail -c 4000000 | awk '
            function bare(line) {
              if (line ~ /^".*"$/) { line = substr(line, 2, length(line) - 2); gsub(/\\\\"/, "\\"", line) }
              return line
            }
            function plain(line) {
              sub(/^time="[^"]*" level=[a-z]+ msg=/, "", line)
              sub(/^[A-Z]+\\[[0-9T:+-]*\\] */, "", line)
              sub(/^[EF][0-9]+ [0-9:.]+ +[0-9]+ [a-z_]+\\.go:[0-9]+\\] */, "", line)
              sub(/^"command failed" err=/, "", line)
              line = bare(line)
              if (sub(/^Shutdown request received: /, "", line)) line = bare(line)
              return substr(line, 1, 400)
            }
            /level=fatal|Shutdown request received|^FATA\\[|^Error: |^error: |^panic: |Incorrect Usage|"command failed" err=/ {
              said = plain($0)
            }
            /: Main process exited, / { exited = $0; sub(/^.*: Main process exited, /, "", exited); next }
            /: start operation timed out/ { late = "start operation timed out: it never said that it is up" }
            /: Start request repeated too quickly/ { given_up = 1; next }
            /: (Deactivated successfully|Failed with result)/ {
              if (given_up) { given_up = 0; next }
              if (late != "") said = late
              if (said == "") said = last
              if (said == "") said = exited
              print (said == "" ? "it ended" : said)
              said = last = exited = late = ""
              next
            }
            /^(Start|Stopp)(ing|ed) |: (Scheduled restart job|Consumed|Unit process|Found left-over process)|^This usually indicates / { next }
            { last = plain($0) }'\
          """);

  /**
   * {@code unit_has_failed UNIT}: whether it has restarted three times with the same last words,
   * and these are not of a server that it cannot reach yet: that one may only be starting. Of one
   * that systemd does not start any more nothing else is asked. What made it fail before may have
   * been mended since, so that during a wait it must have ended once more; and while it runs once
   * more only what ended during this wait counts, and nothing outside of one. Yet one that is
   * started again within a moment is hardly ever seen between two runs.
   */
  public static final ShellFunction HAS_FAILED =
      new ShellFunction(
          "unit_has_failed",
          """
          shown=$(systemctl show -p NRestarts,SubState -- "$1" 2>/dev/null | head -c 1000)
          since=
          case $shown in
            *SubState=failed*) return 0 ;;
            *SubState=start* | *SubState=running*)
              since=${wait_began-}
              [ -n "$since" ] || return 1
              ;;
          esac
          restarts=$(printf '%s\\n' "$shown" | sed -n 's/^NRestarts=\\([0-9]\\{1,9\\}\\)$/\\1/p' | head -n 1)
          [ "${restarts:-0}" -ge 3 ] || return 1
          [ -z "${wait_began-}" ] || [ -n "$(unit_last_words "$1" "$wait_began")" ] || return 1
          unit_last_words "$1" $since | tail -n 3 | awk '
            /connection refused|i\\/o timeout|deadline exceeded|no route to host|no such host|TLS handshake timeout|Client.Timeout|server is not ready|not ready|unhealthy cluster|too many learner|: EOF|unexpected EOF|50[0234] / { other = 1 }
            { gsub(/[0-9]+/, "#"); if (NR > 1 && $0 != before) other = 1; before = $0 }
            END { exit other || NR != 3 }'\
          """,
          List.of(LAST_WORDS));

  private UnitFailure() {}
}

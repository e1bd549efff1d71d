package io.provision.remote;

import java.time.Duration;
import java.util.List;

/**
 * A lock that outlives a reboot of its host: a file on its disk with the time until which it holds,
 * in seconds since 1970, and the owner. Whoever takes the lock looks there, see {@link Session};
 * one whose time is over holds nothing.
 */
public final class Claim {
  private static final String FILE = "/var/lib/provision/claim";

  /** {@code claim_host FILE OWNER SECONDS}. */
  static final ShellFunction TAKE =
      new ShellFunction(
          "claim_host",
          """
          try mkdir -p -- "${1%/*}" || return
          over=$(($(date +%s) + $3))
          printf '%s\\n%s\\n' "$over" "$2" >"$1" && sync "$1" && return 0
          echo "$1 cannot be written: is the disk full?" >&2
          return 1\
          """);

  /** {@code end_claim FILE}. */
  static final ShellFunction END = new ShellFunction("end_claim", "try rm -f -- \"$1\"");

  /**
   * {@code end_claim_of FILE OWNER}: that of another one stays, and so does one since which the
   * host has not booted and less than three minutes have gone by: the reboot for which it was
   * claimed may still come. Since when it runs says its first process (proc(5), field 22, in
   * hundredths of a second).
   */
  static final ShellFunction END_OF =
      new ShellFunction(
          "end_claim_of",
          """
          [ "$(sed -n 2p "$1" 2>/dev/null)" = "$2" ] || return 0
          written=$(stat -L -c %Y "$1") booted=$(sed -n 's/^btime //p' /proc/stat)
          ticks=$(sed 's/^.*) //' /proc/1/stat | cut -d ' ' -f 20)
          [ "$written" -lt $((booted + ticks / 100)) ] || [ $(($(date +%s) - written)) -ge 180 ] || return 0
          try rm -f -- "$1"\
          """);

  /** {@code claim_holds}: whether there is one whose time is not over. */
  static final ShellFunction HOLDS =
      new ShellFunction(
          "claim_holds",
          """
          [ -s %1$s ] || return 1
          read -r over <%1$s
          case $over in '' | *[!0-9]* | ????????????*) return 1 ;; esac
          [ "$over" -gt "$(date +%%s)" ]\
          """
              .formatted(FILE));

  private Claim() {}

  /**
   * Claims a host whose lock is held.
   *
   * @param owner one line
   */
  public static Script of(String owner, Duration time) {
    return Script.of(TAKE, FILE, owner, String.valueOf(time.toSeconds()));
  }

  /** Ends that of a run which lives no more, on a host whose lock nobody holds. */
  public static Script endedOf(String owner) {
    return Script.of(END_OF, FILE, owner);
  }

  /** Gives it back. */
  public static List<Script> ended() {
    return List.of(Script.of(END, FILE));
  }
}

package io.provision.steps.rotation;

import io.provision.model.HostName;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a host keeps in mind of others that are away for their reboot, or because their power was
 * cut by us: since when, and by which run. A host that is away cannot say it itself. Nothing is
 * decided by it: whoever can be asked says itself whether it is out of use, so that a note that was
 * left behind means nothing.
 */
final class AwayNotes {
  private static final String DIRECTORY = "/var/lib/provision/away";

  /** What a note says besides where the power was cut. */
  static final String CUT = "cut";

  /** {@code note_away OWNER FILE [cut]}. */
  static final ShellFunction NOTE =
      new ShellFunction(
          "note_away",
          """
          try mkdir -p -- "${2%/*}" || return
          new="${2%/*}/.${2##*/}.new"
          printf '%s\\n%s\\n%s\\n' "$(date +%s)" "$1" "${3:-rebooted}" >"$new" && mv -f -- "$new" "$2" && return 0
          echo "$2 cannot be written: is the disk full?" >&2
          return 1\
          """);

  /** {@code end_away OWNER FILE}: whose it is, for the host's lock is ours. */
  static final ShellFunction END = new ShellFunction("end_away", "try rm -f -- \"$2\"");

  /**
   * {@code look_away DIRECTORY}: a line each, of the host, seconds since 1970, how it came to be
   * away, and the owner.
   */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_away",
          """
          for file in "$1"/*; do
            [ -f "$file" ] || continue
            head -c 1000 "$file" | {
              read -r since && read -r owner || exit 0
              read -r how && [ "$how" = cut ] || how=rebooted
              echo "${file##*/} $since $how $owner"
            }
          done
          return 0\
          """);

  /** Who is kept in mind on a host. */
  static final Question<Map<HostName, Away>> QUESTION =
      Question.of(Kind.single(LOOK, AwayNotes::read), DIRECTORY);

  private AwayNotes() {}

  /**
   * Of one that is away.
   *
   * @param owner the run, as it is said to those who find its locks
   * @param isCut whether its power was to be cut
   */
  record Away(Instant since, String owner, boolean isCut) {
    @Override
    public String toString() {
      return "it is away %s since %s, by %s"
          .formatted(isCut ? "for a drill that cuts its power" : "for its reboot", since, owner);
    }
  }

  static String file(HostName host) {
    return DIRECTORY + "/" + host;
  }

  private static Map<HostName, Away> read(Frame frame) {
    var notes = new TreeMap<HostName, Away>();
    frame
        .output()
        .lines()
        .forEach(line -> {
          var words = line.strip().split(" ", 4);
          if (words.length == 4 && words[1].matches("\\d{1,11}")) {
            name(words[0])
                .ifPresent(it ->
                    notes.put(
                        it,
                        new Away(
                            Instant.ofEpochSecond(Long.parseLong(words[1])),
                            words[3],
                            words[2].equals(CUT))));
          }
        });
    return notes;
  }

  private static Optional<HostName> name(String word) {
    try {
      return Optional.of(new HostName(word));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}

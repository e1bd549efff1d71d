package io.provision.desk;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who holds the lock of a host, as it stands there: one line, no secrets.
 *
 * @param process on that machine
 * @param run its journal's name
 */
public record RunOwner(String user, String machine, long process, String run, Instant since) {
  private static final Pattern GRAMMAR =
      Pattern.compile("([^@]*)@([^,]*), process (\\d{1,18}), run ([A-Za-z0-9-]+), since (\\S+)");

  @Override
  public String toString() {
    return "%s@%s, process %d, run %s, since %s".formatted(user, machine, process, run, since);
  }

  /** Empty where it is no such line. */
  public static Optional<RunOwner> of(String line) {
    var matcher = GRAMMAR.matcher(line);
    try {
      return matcher.matches()
          ? Optional.of(
              new RunOwner(
                  matcher.group(1),
                  matcher.group(2),
                  Long.parseLong(matcher.group(3)),
                  matcher.group(4),
                  Instant.parse(matcher.group(5))))
          : Optional.empty();
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}

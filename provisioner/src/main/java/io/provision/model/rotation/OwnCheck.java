package io.provision.model.rotation;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Something of the user's that must be so for a host to go, and to be given back; asked from the
 * machine that runs the program.
 *
 * @param name by which it is told
 * @param within how long one answer may take
 */
public record OwnCheck(String name, Asked asked, Duration within) {

  /** Who is asked what. */
  public sealed interface Asked {}

  /**
   * A web server.
   *
   * @param status which it must answer with; any of 200 to 299 where nothing is said
   */
  public record Web(URI url, Optional<Integer> status) implements Asked {}

  /** A program, without a shell, which must exit 0. */
  public record Program(List<String> command) implements Asked {
    public Program {
      command = List.copyOf(command);
    }
  }

  /**
   * A Prometheus.
   *
   * @param server its URL, without {@code /api/v1}
   */
  public record Metric(URI server, String query, Wanted wanted) implements Asked {}

  /** What the answer to a query must be. */
  public sealed interface Wanted {
    /** Values, each below that. */
    record Below(double limit) implements Wanted {}

    /** Values, each above that. */
    record Above(double limit) implements Wanted {}

    /** No series at all: as of an alert that does not fire. */
    record Nothing() implements Wanted {}
  }

  /** The same, with no longer an answer than that. */
  public OwnCheck atMost(Duration longest) {
    return within.compareTo(longest) <= 0 ? this : new OwnCheck(name, asked, longest);
  }

  @Override
  public String toString() {
    return name;
  }
}

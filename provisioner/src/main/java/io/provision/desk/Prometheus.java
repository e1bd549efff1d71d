package io.provision.desk;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A Prometheus, or what answers as one does, asked by its HTTP API
 * (https://prometheus.io/docs/prometheus/latest/querying/api/). It is only asked. For any thread.
 */
public interface Prometheus {

  /**
   * Which one.
   *
   * @param base its URL, without {@code /api/v1}; a path in front of that is kept
   * @param within how long one answer may take, all in all
   */
  record Server(URI base, Duration within) {}

  /**
   * What a query comes to now: a series each, in the order of the answer; a plain number is one
   * without labels.
   *
   * @throws DeskException where it does not answer, refuses the query, or answers with what is no
   *     number
   */
  Answer<Sample> query(Server server, String query) throws DeskException, InterruptedException;

  /**
   * What a query came to over a time.
   *
   * @throws DeskException as {@link #query}
   */
  Answer<Series> range(Server server, String query, Range range)
      throws DeskException, InterruptedException;

  /**
   * What was answered.
   *
   * @param warnings why it may not be all, such as a store that was not reached
   */
  record Answer<S>(List<S> series, List<String> warnings) {
    public Answer {
      series = List.copyOf(series);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * A time with its steps; a server takes 11,000 of them at most.
   *
   * @param from the first, in seconds
   * @param until the last, which is among them where a step falls on it
   */
  record Range(Instant from, Instant until, Duration step) {
    public Range {
      if (step.toMillis() <= 0 || until.isBefore(from)) {
        throw new IllegalArgumentException("from %s until %s by %s".formatted(from, until, step));
      }
    }
  }

  /** One value of a series. It may be infinite, or none ({@link Double#isNaN}). */
  record Sample(Map<String, String> labels, Instant at, double value) {
    public Sample {
      labels = Map.copyOf(labels);
    }
  }

  /** The values of a series, in their order. */
  record Series(Map<String, String> labels, List<Point> points) {
    public Series {
      labels = Map.copyOf(labels);
      points = List.copyOf(points);
    }
  }

  /** A value at a time. */
  record Point(Instant at, double value) {}
}

package io.provision.engine.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

/** How fast something goes to one host, once it was seen. */
final class Wire {
  /**
   * In bytes a second. A file of 64 MiB, of which gzip leaves 40 %, came to one host and to ten in
   * half the time through 100 Mbit/s, as soon through 1 Gbit/s, and later without any limit.
   */
  private static final long SLOW = 16L << 20;

  /** Processors that are busier than this part of their time are what things wait for. */
  private static final double BUSY = 0.9;

  private static final Path STAT = Path.of("/proc/stat");

  private volatile Optional<Long> rate = Optional.empty();

  /** Since this machine began: what its processors did, and all they could have done. */
  record Processors(long worked, long all) {
    /** Nothing where the system does not say it. */
    static Optional<Processors> now() {
      try (var lines = Files.lines(STAT)) {
        return lines.findFirst().flatMap(Processors::parse);
      } catch (IOException _) {
        return Optional.empty(); // it is not Linux
      }
    }

    /**
     * Of the line {@code cpu}; proc_stat(5): the times of user, nice, system, idle, iowait, irq,
     * softirq and steal. What is nice gives way.
     */
    static Optional<Processors> parse(String line) {
      if (!line.matches("cpu( +\\d{1,15}){8,}")) {
        return Optional.empty();
      }
      var ticks =
          Arrays.stream(line.split(" +")).skip(1).limit(8).mapToLong(Long::parseLong).toArray();
      var all = LongStream.of(ticks).sum();
      return Optional.of(new Processors(all - ticks[1] - ticks[3] - ticks[4], all));
    }

    /** From 0 to 1. */
    OptionalDouble load(Processors since) {
      return all > since.all
          ? OptionalDouble.of((worked - since.worked) / (double) (all - since.all))
          : OptionalDouble.empty();
    }
  }

  boolean isKnown() {
    return rate.isPresent();
  }

  /** Whether it is worth the time of processors that less goes over it. */
  boolean isSlow() {
    return rate.filter(it -> it < SLOW).isPresent();
  }

  /** In bytes a second. */
  Optional<Long> rate() {
    return rate;
  }

  /**
   * This much went over it.
   *
   * @param load of this machine's processors meanwhile: where they were the limit, it was not the
   *     wire
   */
  void took(long bytes, Duration time, OptionalDouble load) {
    rate =
        Optional.of(
            load.orElse(0) > BUSY ? Long.MAX_VALUE : bytes * 1000 / Math.max(time.toMillis(), 1));
  }
}

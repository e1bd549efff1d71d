package io.provision.model.quiet;

import io.provision.model.window.Occurrence;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * How much was going on, whatever it counts.
 *
 * @param from since when it was asked for
 * @param to until when
 * @param step between two samples, where none is missing
 * @param samples of finite numbers, in their order, each of the step that ends then, as a rate is
 */
public record Load(Instant from, Instant to, Duration step, NavigableMap<Instant, Double> samples) {
  /** Less of them say nothing of a time: what was not measured may be what went on. */
  private static final double ENOUGH = 0.75;

  public Load {
    samples = Collections.unmodifiableNavigableMap(new TreeMap<>(samples));
    if (!samples.values().stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("a sample is not a finite number");
    }
  }

  /** Of numbers that may be NaN or infinite, as PromQL has them: those say nothing. */
  public static Load of(Instant from, Instant to, Duration step, Map<Instant, Double> samples) {
    var finite = new TreeMap<>(samples);
    finite.values().removeIf(value -> !Double.isFinite(value));
    return new Load(from, to, step, finite);
  }

  /** Of all that was measured. */
  OptionalDouble mean() {
    return mean(samples);
  }

  /** Whether it was asked for all of this time. */
  boolean covers(Occurrence opening) {
    return !opening.begin().isBefore(from) && !opening.end().isAfter(to);
  }

  /** While this was open; empty where too little was measured then. */
  OptionalDouble mean(Occurrence opening) {
    var within = samples.subMap(opening.begin(), false, opening.end(), true);
    var whole = Duration.between(opening.begin(), opening.end()).dividedBy(step);
    return within.size() < Math.max(1, ENOUGH * whole) ? OptionalDouble.empty() : mean(within);
  }

  private static OptionalDouble mean(Map<Instant, Double> samples) {
    return samples.values().stream().mapToDouble(Double::doubleValue).average();
  }
}

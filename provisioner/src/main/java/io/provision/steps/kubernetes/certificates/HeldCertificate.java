package io.provision.steps.kubernetes.certificates;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * One on a host.
 *
 * @param path of its file
 * @param until from when on nobody takes it any more
 */
record HeldCertificate(String path, Instant until) {

  /** Less than this is soon: a cluster that nobody looks at for a quarter of a year lives on. */
  static final Duration SOON = Duration.ofDays(90);

  boolean endsSoon(Instant now) {
    return until.isBefore(now.plus(SOON));
  }

  boolean hasEnded(Instant now) {
    return !now.isBefore(until);
  }

  /** The day of its end, by UTC. */
  LocalDate day() {
    return LocalDate.ofInstant(until, ZoneOffset.UTC);
  }
}

package io.provision.cli.rotation.report;

import io.provision.cli.rotation.report.HostStory.Healing;
import io.provision.cli.rotation.report.HostStory.Measured;
import io.provision.cli.rotation.report.HostStory.State;
import io.provision.cli.run.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rotations that have ended, for tests of what is told of them. */
final class Stories {
  static final Instant BEGAN = Instant.parse("2026-01-02T02:00:00Z");
  static final Instant ENDED = Instant.parse("2026-01-02T02:20:00.250Z");

  private Stories() {}

  static HostStory rebooted(String host) {
    return new HostStory(
        host,
        true,
        true,
        State.REBOOTED,
        "",
        Optional.of(List.of("libc6")),
        Optional.of(BEGAN.plusSeconds(60)),
        Optional.of(BEGAN.plusSeconds(245)),
        new Measured<>(Optional.of("6.1.0-1"), Optional.of("6.1.0-2")),
        new Measured<>(Optional.of(12), Optional.of(4)),
        new Healing(Optional.of(0L), Optional.of(37L), Optional.of(Duration.ofSeconds(125))));
  }

  static HostStory of(String host, State state, String why, String... reasons) {
    return new HostStory(
        host,
        true,
        false,
        state,
        why,
        Optional.of(List.of(reasons)),
        state == State.FAILED ? Optional.of(BEGAN.plusSeconds(300)) : Optional.empty(),
        Optional.empty(),
        new Measured<>(Optional.empty(), Optional.empty()),
        new Measured<>(Optional.empty(), Optional.empty()),
        new Healing(Optional.empty(), Optional.empty(), Optional.empty()));
  }

  static RunEnd end(ExitCode code, HostStory... hosts) {
    return new RunEnd("home", Optional.of("r1"), BEGAN, ENDED, code, "", List.of(hosts));
  }
}

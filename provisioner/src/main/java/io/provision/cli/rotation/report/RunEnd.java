package io.provision.cli.rotation.report;

import io.provision.cli.run.ExitCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a rotation ended.
 *
 * @param run its id; empty where it was refused before it began
 * @param said what is told of it besides what is told of its hosts
 */
record RunEnd(
    String cluster,
    Optional<String> run,
    Instant began,
    Instant ended,
    ExitCode code,
    String said,
    List<HostStory> hosts) {
  RunEnd {
    hosts = List.copyOf(hosts);
  }

  boolean isDone() {
    return code == ExitCode.DONE;
  }
}

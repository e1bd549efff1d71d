package io.provision.engine;

import io.provision.engine.event.HostKeyPrompt;
import io.provision.engine.event.RunListener;
import io.provision.engine.session.Interrupt;
import io.provision.kube.Clusters;
import io.provision.remote.Transport;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Runs as most tests want them: nobody is asked, nothing is left out, nothing is interrupted. */
final class TestRuns {
  static final Options OPTIONS =
      new Options(Optional.empty(), Set.of(), Set.of(), 8, "me", Duration.ofMinutes(1));

  private TestRuns() {}

  static Runner runner(Transport transport, Clusters clusters, RunListener listener) {
    return new Runner(
        transport, new NoDesk(), clusters, listener, new Interrupt(), HostKeyPrompt.REFUSE);
  }
}

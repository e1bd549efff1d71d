package io.provision.cli;

import io.provision.cli.run.ExitCode;
import io.provision.cli.run.UnderWay;
import io.provision.console.Display;
import io.provision.engine.session.Interrupt;
import org.jline.utils.Signals;

/**
 * Ctrl-C once asks a run for an end, twice leaves. SIGTERM and SIGHUP ask as well. Where no run is
 * under way (input is being read from a pipe that nobody writes to, say) the first one leaves.
 */
final class InterruptKeys {
  private final Interrupt interrupt;
  private final UnderWay underWay;
  private final Display display;

  private InterruptKeys(Interrupt interrupt, UnderWay underWay, Display display) {
    this.interrupt = interrupt;
    this.underWay = underWay;
    this.display = display;
  }

  static void listen(Interrupt interrupt, UnderWay underWay, Display display) {
    var keys = new InterruptKeys(interrupt, underWay, display);
    for (var signal : new String[] {"INT", "TERM", "HUP"}) {
      Signals.register(signal, keys::pressed);
    }
  }

  private void pressed() {
    if (!interrupt.request() || !underWay.running()) {
      display.abandon(ExitCode.INTERRUPTED.code());
      // Not exit: nothing may hold up who wants to leave at once.
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
    }
    display.remark("Stopping: finishing the steps in progress first. Ctrl-C again exits at once.");
  }
}

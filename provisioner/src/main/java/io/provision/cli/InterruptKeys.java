package io.provision.cli;

import io.provision.console.Display;
import io.provision.engine.Interrupt;
import org.jline.utils.Signals;

/** Ctrl-C once asks for an end, twice leaves. SIGTERM and SIGHUP ask as well. */
final class InterruptKeys {
  private final Interrupt interrupt;
  private final Display display;

  private InterruptKeys(Interrupt interrupt, Display display) {
    this.interrupt = interrupt;
    this.display = display;
  }

  static void listen(Interrupt interrupt, Display display) {
    var keys = new InterruptKeys(interrupt, display);
    for (var signal : new String[] {"INT", "TERM", "HUP"}) {
      Signals.register(signal, keys::pressed);
    }
  }

  private void pressed() {
    if (!interrupt.request()) {
      display.abandon(ExitCode.INTERRUPTED.code());
      // Not exit: nothing may hold up who wants to leave at once.
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
    }
    display.remark("Stopping: finishing the steps in progress first. Ctrl-C again exits at once.");
  }
}

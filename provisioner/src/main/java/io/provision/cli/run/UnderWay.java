package io.provision.cli.run;

import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;

/** Whether a run has begun and not ended: outside of that, nothing is lost by leaving at once. */
public final class UnderWay {
  private volatile boolean running;

  public boolean running() {
    return running;
  }

  /** Notices what passes by. */
  RunListener before(RunListener listener) {
    return event -> {
      if (event instanceof RunEvent.Started) {
        running = true;
      }
      listener.on(event);
      if (event instanceof RunEvent.Finished) {
        running = false;
      }
    };
  }
}

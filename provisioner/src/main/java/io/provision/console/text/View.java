package io.provision.console.text;

import io.provision.engine.event.RunEvent;
import java.time.Instant;

/** Shows events. Called by one thread only, off the execution path. */
public interface View {
  void on(RunEvent event, Instant at);

  /** All events that were there have been given; now is the time to draw or to flush. */
  default void pause(Instant now) {}
}

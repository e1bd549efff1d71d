package io.provision.model.window;

import java.time.Duration;
import java.time.LocalTime;

/** How long a window stays open. */
public sealed interface Length {

  /** Until the clock on the wall says this; where that is not behind the begin, of the next day. */
  record Until(LocalTime end) implements Length {}

  /** For so long, whatever is done to the clock meanwhile; a day at most. */
  record Lasting(Duration elapsed) implements Length {}
}

package io.provision.engine;

import java.util.concurrent.atomic.AtomicBoolean;

/** Asks a run to finish the steps in hand and start no others. */
public final class Interrupt {
  private final AtomicBoolean requested = new AtomicBoolean();

  /**
   * @return whether this was the first request
   */
  public boolean request() {
    return requested.compareAndSet(false, true);
  }

  public boolean requested() {
    return requested.get();
  }
}

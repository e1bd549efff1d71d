package io.provision.remote;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Gives a process up when it takes too long, so that whoever reads from it wakes up. */
final class Watchdog implements AutoCloseable {
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicBoolean bitten = new AtomicBoolean();

  Watchdog(RemoteProcess process, Duration limit) {
    Thread.ofVirtual()
        .name("watchdog")
        .start(() -> {
          try {
            if (!over.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
              bitten.set(true);
              process.close();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  boolean bitten() {
    return bitten.get();
  }

  @Override
  public void close() {
    over.countDown();
  }
}

package io.provision.remote;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Does something every now and then, on a thread of its own, until it is closed. */
final class Ticking implements AutoCloseable {
  private final CountDownLatch over = new CountDownLatch(1);

  private Ticking() {}

  static Ticking every(Duration interval, Runnable task) {
    var ticking = new Ticking();
    Thread.ofVirtual().name("ticking").start(() -> ticking.run(interval, task));
    return ticking;
  }

  private void run(Duration interval, Runnable task) {
    try {
      while (!over.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
        task.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    over.countDown();
  }
}

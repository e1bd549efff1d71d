package io.provision.lab;

/** Waiting that an interrupt ends. */
final class Pause {
  private Pause() {}

  static void milliseconds(long count) {
    try {
      Thread.sleep(count);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

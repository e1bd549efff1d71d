package io.provision.engine.event;

/** Takes events: a terminal, JSON Lines, a journal. Called from many threads, never blocking. */
@FunctionalInterface
public interface RunListener {
  void on(RunEvent event);
}

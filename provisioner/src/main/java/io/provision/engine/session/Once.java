package io.provision.engine.session;

import io.provision.desk.DeskException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** What is had once a run, by what it is asked for with. For any threads. */
final class Once<K, V> {
  /** One who fetches at a time, and what was fetched. */
  private static final class Slot<V> {
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<V> had = Optional.empty();

    /** How it failed last, for those who waited for that. */
    private Optional<DeskException> failure = Optional.empty();

    private volatile int failures;
  }

  /** Where it comes from. */
  @FunctionalInterface
  interface Source<V> {
    V fetch() throws DeskException;
  }

  private final Map<K, Slot<V>> slots = new ConcurrentHashMap<>();

  /**
   * What was fetched before, or now. Where that fails, it has failed for all who waited for it, and
   * the next who asks tries again: a hundred hosts do not wait a hundred times for what does not
   * answer.
   */
  V of(K key, Source<V> source) throws DeskException {
    var slot = slots.computeIfAbsent(key, _ -> new Slot<>());
    var failures = slot.failures;
    slot.lock.lock();
    try {
      if (slot.had.isEmpty() && slot.failures > failures) {
        var failure = slot.failure.orElseThrow();
        throw new DeskException(failure.what(), failure.remedy(), failure);
      }
      if (slot.had.isEmpty()) {
        slot.had = Optional.of(fetch(slot, source));
      }
      return slot.had.get();
    } finally {
      slot.lock.unlock();
    }
  }

  private static <V> V fetch(Slot<V> slot, Source<V> source) throws DeskException {
    try {
      return source.fetch();
    } catch (DeskException e) {
      if (!Thread.currentThread().isInterrupted()) { // that one alone was told to end
        slot.failure = Optional.of(e);
        slot.failures = slot.failures + 1;
      }
      throw e;
    }
  }
}

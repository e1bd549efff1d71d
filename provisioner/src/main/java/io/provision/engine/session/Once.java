package io.provision.engine.session;

import io.provision.desk.DeskException;
import io.provision.model.Secret;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Secrets that are had once a run, by what they are asked for with. For any threads. */
final class Once<K> {
  /** One who fetches at a time, and what was fetched. */
  private static final class Slot {
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Secret> secret = Optional.empty();
  }

  /** Where it comes from. */
  @FunctionalInterface
  interface Source {
    Secret fetch() throws DeskException;
  }

  private final Map<K, Slot> slots = new ConcurrentHashMap<>();

  /** What was fetched before, or now; where that fails, the next who asks tries again. */
  Secret of(K key, Source source) throws DeskException {
    var slot = slots.computeIfAbsent(key, _ -> new Slot());
    slot.lock.lock();
    try {
      if (slot.secret.isEmpty()) {
        slot.secret = Optional.of(source.fetch());
      }
      return slot.secret.get();
    } finally {
      slot.lock.unlock();
    }
  }
}

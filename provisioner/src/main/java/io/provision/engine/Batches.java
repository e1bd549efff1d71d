package io.provision.engine;

import io.provision.engine.event.TargetName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/**
 * The order of repairs in plays that say {@code serial}: a batch begins when the one before it is
 * through, and a batch in which something failed ends the play. Targets with nothing to repair in a
 * play stop nobody.
 */
final class Batches {
  private static final class Batch {
    private final Set<TargetName> open = new HashSet<>();
    private final CompletableFuture<Optional<String>> ended = new CompletableFuture<>();
    private Optional<String> failure = Optional.empty();
  }

  /** By segment, the batches in order. */
  private final Map<Integer, List<Batch>> batches = new HashMap<>();

  private final Map<Integer, Map<TargetName, Integer>> places = new HashMap<>();

  /**
   * @param working for each segment, the targets that have something to repair in it, in order
   */
  Batches(List<Integer> serial, Map<Integer, List<TargetName>> working) {
    for (var segment = 0; segment < serial.size(); segment++) {
      var size = serial.get(segment);
      var targets = working.getOrDefault(segment, List.of());
      if (size > 0) {
        batches.put(segment, new ArrayList<>());
        places.put(segment, new HashMap<>());
        for (var i = 0; i < targets.size(); i++) {
          if (i % size == 0) {
            batches.get(segment).add(new Batch());
          }
          batches.get(segment).getLast().open.add(targets.get(i));
          places.get(segment).put(targets.get(i), i / size);
        }
      }
    }
  }

  /** Where a target stands in line: 0 for the first batch, empty where it need not wait. */
  Optional<Integer> place(int segment, TargetName target) {
    return Optional.ofNullable(places.getOrDefault(segment, Map.of()).get(target));
  }

  /**
   * Waits for the batch before.
   *
   * @return why the play ended instead
   */
  Optional<String> await(int segment, TargetName target) throws InterruptedException {
    var place = place(segment, target).orElse(0);
    if (place == 0) {
      return Optional.empty();
    }
    try {
      return batch(segment, place - 1).ended.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Says that a target is through with a segment; telling twice changes nothing. */
  void leave(int segment, TargetName target, Optional<String> failure) {
    var place = place(segment, target);
    if (place.isEmpty()) {
      return;
    }
    var batch = batch(segment, place.get());
    synchronized (batch) {
      if (!batch.open.remove(target)) {
        return;
      }
      batch.failure = batch.failure.or(() -> failure);
      if (batch.open.isEmpty()) {
        var _ = batch.ended.complete(batch.failure);
      }
    }
  }

  private Batch batch(int segment, int place) {
    return batches.getOrDefault(segment, List.of()).get(place);
  }

  /** Whether there are any at all. */
  boolean any() {
    return !batches.isEmpty();
  }

  /** The targets of the batch before this one's. */
  Set<TargetName> before(int segment, TargetName target) {
    var own = places.getOrDefault(segment, Map.of());
    var place = own.getOrDefault(target, 0);
    return own.entrySet().stream()
        .filter(each -> each.getValue() == place - 1)
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether this target's turn can only come after the other one's. */
  boolean later(int segment, TargetName waiting, TargetName provider) {
    var own = place(segment, waiting);
    var other = place(segment, provider);
    return own.isPresent() && other.isPresent() && other.get() > own.get();
  }
}

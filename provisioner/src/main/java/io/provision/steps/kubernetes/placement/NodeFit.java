package io.provision.steps.kubernetes.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether the pods of a node fit on the others.
 *
 * @param pods how many would go
 * @param placement where to
 * @param holds what keeps them from going at all
 * @param orphans those that nothing would bring back
 * @param unknown those that ask for nothing
 */
public record NodeFit(
    String node,
    int pods,
    Placement.Result placement,
    List<Budgets.Hold> holds,
    List<String> orphans,
    List<String> unknown) {
  private static final int MOST_NAMES = 10;

  public NodeFit {
    holds = List.copyOf(holds);
    orphans = List.copyOf(orphans);
    unknown = List.copyOf(unknown);
  }

  /** Why its drain would not come to its end; empty where nothing is known of that. */
  public Optional<String> stuck() {
    var words = new ArrayList<String>();
    if (!orphans.isEmpty()) {
      words.add("nothing would bring back " + named(orphans));
    }
    var forGood = holds.stream().filter(Budgets.Hold::isForGood).toList();
    if (!forGood.isEmpty()) {
      words.add("cannot be evicted: " + named(forGood));
    }
    return joined(words);
  }

  /** Which of its pods have no room anywhere; empty where that is certain of none. */
  public Optional<String> crowded() {
    var words = new ArrayList<String>();
    var without = placement.misses().stream().filter(it -> !it.isItsOwnWish()).toList();
    if (!without.isEmpty()) {
      words.add(
          "%d of its %d pods fit on no other node: %s"
              .formatted(without.size(), pods, named(without)));
    }
    placement.together().filter(_ -> placement.isProven()).ifPresent(words::add);
    return joined(words);
  }

  /** Why no place was found for all of its pods; a way that was not tried may be there. */
  public Optional<String> unplaced() {
    return crowded().or(placement::together);
  }

  /** What people should know before it is drained. */
  public List<String> notes() {
    var notes = new ArrayList<String>();
    if (placement.allFit()) {
      notes.add(
          pods == 0
              ? "no pod of it would go anywhere"
              : "its pods (%d) fit on other nodes, by what they ask for".formatted(pods));
    }
    var own = placement.misses().stream().filter(Placement.Miss::isItsOwnWish).toList();
    if (!own.isEmpty()) {
      notes.add(
          "%d of its %d pods want no other node, and are away until it is back: %s"
              .formatted(own.size(), pods, named(own)));
    }
    crowded().ifPresent(notes::add);
    placement.together().filter(_ -> !placement.isProven()).ifPresent(notes::add);
    var now = holds.stream().filter(it -> !it.isForGood()).toList();
    if (!now.isEmpty()) {
      notes.add("would be waited for, as it is now: " + named(now));
    }
    if (!unknown.isEmpty()) {
      notes.add(
          "pods of it (%d) that ask for neither CPU nor memory, so that what they need is unknown: %s"
              .formatted(unknown.size(), named(unknown)));
    }
    return notes;
  }

  private static Optional<String> joined(List<String> words) {
    return words.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", words));
  }

  private static String named(List<?> all) {
    return all.stream().limit(MOST_NAMES).map(Object::toString).collect(Collectors.joining(", "))
        + (all.size() > MOST_NAMES ? " and %d more".formatted(all.size() - MOST_NAMES) : "");
  }
}

package io.provision.kube;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Carries {@link ClusterAction.AwaitPresent} out: so many of some nodes may be missing, whatever
 * for, and one more would be too many.
 */
record PresentNodes(
    ClusterApi.Work work, ClusterAction.AwaitPresent asked, Time time, Consumer<String> progress) {
  /** How many are named. */
  private static final int MOST_NAMES = 5;

  /** Nobody works on those that are not there for any other reason. */
  private static final Duration BY_OTHERS = Duration.ofMinutes(1);

  private record Missing(String name, String why, boolean isOurs) {
    @Override
    public String toString() {
      return "%s (%s)".formatted(name, why);
    }
  }

  void await() throws ClusterException, InterruptedException {
    var patience = time.patience(asked.timeout());
    var others = time.patience(BY_OTHERS);
    var told = "";
    while (true) {
      var missing = missing();
      if (missing.size() < asked.company().most()) {
        return;
      }
      var ours = missing.stream().filter(it -> !it.isOurs()).count() < asked.company().most();
      if (ours) {
        others = time.patience(BY_OTHERS);
      }
      var names = named(missing);
      if (patience.isOver() || others.isOver()) {
        throw ClusterException.unsafe(
            "%s does not go: %s, and no more than %d may be missing besides (asked for %d s)"
                .formatted(
                    asked.node(), names, asked.company().most() - 1, patience.passed().toSeconds()),
            "look at what is named, then run the same command again");
      }
      if (!names.equals(told)) {
        told = names;
        progress.accept(
            "waiting until no more than %d of the nodes beside %s are missing, %d s at most: %s"
                .formatted(
                    asked.company().most() - 1,
                    asked.node(),
                    (ours ? patience : others).left().toSeconds(),
                    names));
      }
      time.pause(Time.BETWEEN_LOOKS);
    }
  }

  private static String named(List<Missing> missing) {
    return missing.stream()
            .limit(MOST_NAMES)
            .map(Missing::toString)
            .collect(Collectors.joining("; "))
        + (missing.size() > MOST_NAMES
            ? " and %d more".formatted(missing.size() - MOST_NAMES)
            : "");
  }

  /** Who, and why; an API that does not answer tells of nobody that is there. */
  private List<Missing> missing() {
    var missing = new ArrayList<Missing>();
    for (var other : asked.company().beside()) {
      try {
        missing(other).ifPresent(missing::add);
      } catch (ClusterException e) {
        missing.add(new Missing(other, e.what(), false));
      }
    }
    return missing;
  }

  private Optional<Missing> missing(String other) throws ClusterException {
    var node = work.read(ObjectRef.of("v1", "Node", other));
    if (node.filter(NodeClaim::isTaken).isPresent()) {
      return Optional.of(new Missing(other, "it is out of use by us", true));
    }
    return asked
        .there()
        .missing(node.map(ObjectStates.State::of))
        .map(why -> new Missing(other, why, false));
  }
}

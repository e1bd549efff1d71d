package io.provision.kube;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Carries {@link ClusterAction.AwaitPresent} out: so many of some nodes may be missing, whatever
 * for, and one more would be too many.
 */
record PresentNodes(
    ClusterApi.Work work, ClusterAction.AwaitPresent asked, Time time, Consumer<String> progress) {
  /** How many are named. */
  private static final int MOST_NAMES = 5;

  void await() throws ClusterException, InterruptedException {
    var patience = time.patience(asked.timeout());
    var told = "";
    while (true) {
      var missing = missing();
      if (missing.size() < asked.company().most()) {
        return;
      }
      var names = named(missing);
      if (patience.isOver()) {
        throw ClusterException.unsafe(
            "%s does not go: %s, and no more than %d may be missing besides (asked for %d s)"
                .formatted(
                    asked.node(), names, asked.company().most() - 1, asked.timeout().toSeconds()),
            "look at what is named, then run the same command again");
      }
      if (!names.equals(told)) {
        told = names;
        progress.accept(
            "waiting until no more than %d of the nodes beside %s are missing, %d s at most: %s"
                .formatted(
                    asked.company().most() - 1, asked.node(), asked.timeout().toSeconds(), names));
      }
      time.pause(Time.BETWEEN_LOOKS);
    }
  }

  private static String named(List<String> missing) {
    return String.join("; ", missing.stream().limit(MOST_NAMES).toList())
        + (missing.size() > MOST_NAMES
            ? " and %d more".formatted(missing.size() - MOST_NAMES)
            : "");
  }

  /** Who, and why; an API that does not answer tells of nobody that is there. */
  private List<String> missing() {
    var missing = new ArrayList<String>();
    for (var other : asked.company().beside()) {
      try {
        why(other).ifPresent(why -> missing.add("%s (%s)".formatted(other, why)));
      } catch (ClusterException e) {
        missing.add("%s (%s)".formatted(other, e.what()));
      }
    }
    return missing;
  }

  private Optional<String> why(String other) throws ClusterException {
    var node = work.read(ObjectRef.of("v1", "Node", other));
    if (node.filter(NodeClaim::isTaken).isPresent()) {
      return Optional.of("it is out of use by us");
    }
    return asked.there().missing(node.map(ObjectStates.State::of));
  }
}

package io.provision.simulated;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Watches a trace event by event and knows nothing else: neither the world's state nor the code
 * that works in it. What came to be so less than a minute ago may not be known yet to whoever asked
 * in time.
 */
final class SafetyWatch {
  /** How old what was asked may be, in milliseconds. */
  static final long FRESH = 60_000;

  /** How long ago pods may have come to be not Ready without being seen, in milliseconds. */
  private static final long SEEN = 10_000;

  /** How long what runs on a host takes to end before its reboot, in milliseconds. */
  private static final long ENDING = 40_000;

  /**
   * Since when a node has to be gone so that whoever asks right before a reboot knows, in
   * milliseconds: it counts as Ready for 40 seconds still.
   */
  private static final long GONE = 40_000 + ENDING;

  private static final Set<String> OTHERS = Set.of("admin", "world");
  private static final long NEVER = Long.MIN_VALUE / 2;

  /** What was violated, and how. */
  record Violation(Property property, String how) {}

  private static final class Node {
    private final boolean isNode;
    private final boolean isServer;
    private String cordonedBy = "";
    private long uncordonedSince = NEVER;
    private boolean claimed;
    private boolean emptied;
    private boolean marked;
    private boolean brickEndedByUs;
    private boolean apiEndedByUs;
    private boolean ordered;
    private boolean rebooted;
    private long upSince = NEVER;
    private long downSince = NEVER;
    private long serverDownSince = NEVER;
    private long kubeletDownSince = NEVER;
    private long brickDownSince = NEVER;
    private long pendingSince = NEVER;
    private final Map<String, Long> passed = new HashMap<>();

    private Node(boolean isNode, boolean isServer) {
      this.isNode = isNode;
      this.isServer = isServer;
    }

    private boolean isAwayByUs() {
      return claimed && emptied || brickEndedByUs || ordered;
    }
  }

  private static final class Pod {
    private final String workload;
    private final String node;
    private boolean ready;
    private boolean evicted;
    private long since;

    private Pod(String of) {
      this.workload = of.split(" ")[0];
      this.node = of.split(" ")[1];
    }
  }

  private final int most;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private long stoodStill;
  private long shutSince = NEVER;

  /** Whose turn it is. */
  private List<String> leased = List.of();

  private final List<Violation> violations = new ArrayList<>();

  /**
   * @param most how many nodes may be away at a time
   */
  SafetyWatch(int most) {
    this.most = most;
  }

  void node(String name, boolean isNode, boolean isServer) {
    nodes.put(name, new Node(isNode, isServer));
  }

  List<Violation> violations() {
    return violations;
  }

  private void violated(Property property, Happening by) {
    violations.add(new Violation(property, by.toString()));
  }

  private void hold(boolean holds, Property property, Happening by) {
    if (!holds) {
      violated(property, by);
    }
  }

  private static boolean isOurs(Happening it) {
    return !OTHERS.contains(it.by());
  }

  private boolean none(String but, Predicate<Node> is) {
    return nodes.entrySet().stream()
        .noneMatch(it -> !it.getKey().equals(but) && is.test(it.getValue()));
  }

  void on(Happening it) {
    var node = Optional.ofNullable(nodes.get(it.node()));
    node.ifPresent(is -> onNode(it, is));
    switch (it.what()) {
      case LEASE -> {
        leased = names(it.detail());
        hold(
            names(it.node()).stream()
                    .filter(before -> !leased.isEmpty() && !leased.contains(before))
                    .map(nodes::get)
                    .noneMatch(has -> has.claimed || has.isAwayByUs())
                && leased.size() <= most,
            Property.ONE_HAS_THE_LEASE,
            it);
      }
      case POD_READY, POD_UNREADY -> {
        var pod = pods.computeIfAbsent(it.node(), _ -> new Pod(it.detail()));
        pod.ready = it.what() == Happening.What.POD_READY;
        pod.since = it.at();
      }
      case EVICTED -> {
        hold(isSpared(it), Property.LAST_REPLICA_STAYS, it);
        var again = pods.containsKey(it.node()) && pods.get(it.node()).evicted;
        Optional.ofNullable(pods.get(it.node())).ifPresent(pod -> pod.evicted = true);
        hold(
            leased.stream().map(nodes::get).anyMatch(has -> has.claimed),
            Property.PODS_MOVE_IN_A_TURN,
            it);
        var of = nodes.get(it.detail()); // none where it was gone by then
        if (of != null && !again && (isCordoned(it, of) || !isSpread(it))) {
          of.emptied = true;
          hold(isCordoned(it, of), Property.ONLY_CORDONED_ARE_EMPTIED, it);
          oneAtATime(it, it.detail());
        }
      }
      case WINDOW_SHUT -> shutSince = it.at();
      case WINDOW_OPENED -> shutSince = NEVER;
      case STOOD_STILL -> stoodStill += Long.parseLong(it.detail());
      default -> {} // of nodes
    }
  }

  /** Whether another pod of the same workload is Ready, or was a moment ago. */
  private boolean isSpared(Happening it) {
    var pod = pods.get(it.node());
    return pod == null
        || !pod.ready
        || pods.values().stream()
            .anyMatch(other ->
                other != pod
                    && other.workload.equals(pod.workload)
                    && (other.ready || !other.evicted && it.at() - other.since < SEEN));
  }

  /** Whether it was one of two beside each other, of a workload that was whole a moment ago. */
  private boolean isSpread(Happening it) {
    var pod = pods.get(it.node());
    return pod != null
        && pods.values().stream()
            .filter(
                other -> other.workload.equals(pod.workload) && (other == pod || !other.evicted))
            .allMatch(other -> other.ready || it.at() - other.since < SEEN)
        && pods.values().stream()
            .anyMatch(other ->
                other != pod
                    && !other.evicted
                    && other.workload.equals(pod.workload)
                    && other.node.equals(pod.node));
  }

  private void onNode(Happening it, Node is) {
    switch (it.what()) {
      case CORDONED -> is.cordonedBy = it.by();
      case UNCORDONED -> {
        hold(!isOurs(it) || !is.cordonedBy.equals("admin"), Property.FOREIGN_CORDONS_STAY, it);
        is.cordonedBy = "";
        is.uncordonedSince = it.at();
        if (isOurs(it)) {
          is.emptied = false;
          if (is.rebooted) {
            isWhole(it, is);
          }
        }
      }
      case CLAIMED -> {
        is.claimed = true;
        is.rebooted = false;
      }
      case UNCLAIMED -> {
        is.claimed = false;
        is.emptied = false;
        is.ordered &= is.downSince != NEVER; // else it was not taken
        if (is.rebooted) {
          isWhole(it, is);
        }
      }
      case MARKED -> is.marked = true;
      case UNMARKED -> {
        is.marked = false;
        is.ordered &= is.downSince != NEVER;
        if (!is.isNode && is.rebooted) {
          isWhole(it, is);
        }
        is.rebooted = false;
      }
      case PASSED -> is.passed.put(it.detail(), it.at() - stoodStill);
      case BRICK_ENDED -> {
        is.brickDownSince = it.at();
        if (isOurs(it) && !is.ordered) {
          is.brickEndedByUs = true;
          oneAtATime(it, it.node());
          storage(it);
        }
      }
      case BRICK_BEGAN -> {
        is.brickDownSince = NEVER;
        is.brickEndedByUs = false;
      }
      case HEAL_PENDING -> is.pendingSince = it.at();
      case HEALED -> is.pendingSince = NEVER;
      case API_ENDED -> is.apiEndedByUs = true;
      case API_BEGAN -> is.apiEndedByUs = false;
      case REBOOT_ORDERED -> {
        is.ordered = true;
        hold(it.detail().isEmpty(), Property.NO_NEEDLESS_REBOOT, it);
        oneAtATime(it, it.node());
        storage(it);
        if (is.isNode) {
          missing(it, is);
          quorum(it);
        }
        gates(it, is);
        hold(shutSince == NEVER || it.at() - shutSince <= ENDING, Property.REBOOTS_IN_A_WINDOW, it);
        hold(
            !is.isNode
                || isCordoned(it, is)
                    && pods.values().stream()
                        .noneMatch(
                            pod -> pod.ready && pod.node.equals(it.node()) && isOld(pod.since, it)),
            Property.DRAINED_BEFORE_ITS_REBOOT,
            it);
      }
      case DOWN -> is.downSince = it.at();
      case UP -> {
        is.upSince = it.at();
        is.downSince = NEVER;
        is.kubeletDownSince = NEVER;
        is.serverDownSince = NEVER;
        is.apiEndedByUs = false;
        is.rebooted |= is.ordered;
        is.ordered = false;
      }
      case SERVER_DOWN -> is.serverDownSince = it.at();
      case SERVER_UP -> is.serverDownSince = NEVER;
      case KUBELET_DOWN -> is.kubeletDownSince = it.at();
      case KUBELET_UP -> is.kubeletDownSince = NEVER;
      case LEASE,
          POD_READY,
          POD_UNREADY,
          EVICTED,
          STOOD_STILL,
          WINDOW_SHUT,
          WINDOW_OPENED,
          RUN_BEGAN,
          KILLED,
          RUN_ENDED -> {}
    }
  }

  private static List<String> names(String list) {
    return list.isEmpty() ? List.of() : List.of(list.split(","));
  }

  /** Or as many as may be. */
  private void oneAtATime(Happening it, String node) {
    var others =
        nodes.entrySet().stream()
            .filter(other -> !other.getKey().equals(node) && other.getValue().isAwayByUs())
            .count();
    hold(others < most, Property.ONE_AT_A_TIME, it);
  }

  /** Those of which that could be known, by us or not. */
  private void missing(Happening it, Node is) {
    var missing =
        nodes.values().stream()
            .filter(other -> other != is)
            .filter(other ->
                other.isAwayByUs()
                    || isGone(other.downSince, it)
                    || isGone(other.kubeletDownSince, it))
            .count();
    hold(missing < most, Property.NO_MORE_ARE_MISSING, it);
  }

  private static boolean isGone(long since, Happening it) {
    return since != NEVER && it.at() - since > GONE;
  }

  private static boolean isOld(long since, Happening it) {
    return since != NEVER && it.at() - since > FRESH;
  }

  /** By whomever, or it was so until a moment ago. */
  private static boolean isCordoned(Happening it, Node is) {
    return !is.cordonedBy.isEmpty() || it.at() - is.uncordonedSince <= FRESH;
  }

  /** Two of three bricks stay, and have all that was written. */
  private void storage(Happening it) {
    hold(
        none(it.node(), other -> isOld(other.brickDownSince, it) || isOld(other.pendingSince, it)),
        Property.STORAGE_STAYS_WHOLE,
        it);
  }

  /** Two of three voters stay, and their API servers serve. */
  private void quorum(Happening it) {
    hold(
        none(
            it.node(),
            other ->
                other.isServer
                    && (isOld(other.downSince, it)
                        || isOld(other.serverDownSince, it)
                        || other.apiEndedByUs)),
        Property.QUORUM_OF_VOTERS,
        it);
  }

  private void gates(Happening it, Node is) {
    hold(most > 1 || isFresh(it, is, "storage"), Property.GATES_ARE_FRESH, it);
    if (is.isNode) {
      hold(!is.isServer || isFresh(it, is, "servers"), Property.GATES_ARE_FRESH, it);
      nodes.forEach((name, other) -> {
        if (other != is && most > 1 && !is.isServer && !other.isServer) {
          hold(isFresh(it, is, "beside " + name), Property.GATES_ARE_FRESH, it);
        } else if (other != is) {
          hold(isFresh(it, is, "ready " + name), Property.GATES_ARE_FRESH, it);
          hold(isFresh(it, is, "in use " + name), Property.GATES_ARE_FRESH, it);
        }
      });
    } else {
      hold(isFresh(it, is, "hosts"), Property.GATES_ARE_FRESH, it);
    }
  }

  /** While it stood still nobody asked anything, and nobody could. */
  private boolean isFresh(Happening it, Node is, String gate) {
    return it.at() - stoodStill - is.passed.getOrDefault(gate, NEVER) <= FRESH;
  }

  private void isWhole(Happening it, Node is) {
    hold(
        is.downSince == NEVER
            && is.brickDownSince == NEVER
            && !isOld(is.pendingSince, it)
            && (is.pendingSince == NEVER || is.pendingSince > is.upSince)
            && !is.apiEndedByUs
            && (!is.isNode || is.kubeletDownSince == NEVER || !isOld(is.kubeletDownSince, it)),
        Property.WHOLE_WHEN_GIVEN_BACK,
        it);
  }

  /** P8, once all has come to its end: who is still out of use by us, and how. */
  Map<String, String> left() {
    var left = new LinkedHashMap<String, String>();
    nodes.forEach((name, is) -> {
      var how = new ArrayList<String>();
      if (is.claimed) {
        how.add("claimed");
      }
      if (is.marked && !is.cordonedBy.equals("admin")) { // whose node it is then
        how.add("marked");
      }
      if (is.brickEndedByUs) {
        how.add("its brick ended");
      }
      if (is.apiEndedByUs) {
        how.add("its API server ended");
      }
      if (is.ordered) {
        how.add("told to reboot");
      }
      if (!how.isEmpty()) {
        left.put(name, String.join(", ", how));
      }
    });
    return left;
  }
}

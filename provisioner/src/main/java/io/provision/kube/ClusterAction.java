package io.provision.kube;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is done through a cluster's API and takes its time, as data. */
public sealed interface ClusterAction {

  /**
   * Takes a node out of use: claims and cordons it, and evicts its pods, those of DaemonSets
   * excepted. Where that fails, the node is given back. The last Ready replica of a workload stays
   * until there is one on another node that is not about to go: one whose turn came later waits for
   * those whose turn came before.
   *
   * @param claim why, as {@link Release} finds it again; a node that somebody else has cordoned is
   *     not claimed
   * @param timeout until the last pod has gone
   * @param detached until no volume is attached to it any more but those of pods that stay; zero
   *     where that is not awaited
   */
  record Drain(String node, String claim, Duration timeout, Duration detached)
      implements ClusterAction {
    /** Where its volumes may stay attached. */
    public Drain(String node, String claim, Duration timeout) {
      this(node, claim, timeout, Duration.ZERO);
    }
  }

  /**
   * Waits until it is the turn of this node, and makes it that, whichever machine takes nodes out
   * of use: of one node at a time, or of some beside each other. Fails where it stays that of
   * others.
   *
   * @param company with whom it may be out of use
   */
  record TakeTurn(String node, Company company) implements ClusterAction {
    /** As the only one. */
    public TakeTurn(String node) {
      this(node, Company.NONE);
    }
  }

  /**
   * Waits until so few of its company are missing that this node may go as well: out of use by us,
   * or not there. Those that are not there for any other reason are waited for a minute.
   *
   * @param timeout until those that are out of use by us are back
   * @param there when one of them is
   */
  record AwaitPresent(String node, Company company, Duration timeout, Condition there)
      implements ClusterAction {}

  /**
   * Claims and cordons a node whose turn it is. Where it is that of another one meanwhile, as it is
   * for whoever stood still for long, the node is given back, and it fails.
   *
   * @param claim as {@link Release} finds it again; a node that is cordoned already is left to who
   *     did that
   */
  record ClaimInTurn(String node, String claim) implements ClusterAction {}

  /**
   * Notes on a node that its power is cut by us, until it is released: whoever finds it without can
   * tell.
   */
  record NotePowerCut(String node) implements ClusterAction {}

  /** It is the turn of this node no more. */
  record EndTurn(String node) implements ClusterAction {}

  /**
   * Claims and cordons a node; its pods stay. One that is cordoned already is left to who did that.
   */
  record Claim(String node, String claim) implements ClusterAction {}

  /**
   * Ends the pods of a node, each with its own grace period, and waits until they have gone. No
   * budget is asked: where all stops there is nobody to whom a workload could move meanwhile. Pods
   * of DaemonSets and of the kubelet's files stay, and so do those that nobody would make anew.
   *
   * @param timeout until the last of them has gone
   */
  record EndPods(String node, Duration timeout) implements ClusterAction {}

  /**
   * Fails where somebody else has cordoned a node, or another command of ours has.
   *
   * @param claim whose cordon is none
   */
  record RefuseForeign(String node, String claim) implements ClusterAction {}

  /** Fails where we have taken a node out of use, whatever for; not where there is none. */
  record RefuseClaimed(String node) implements ClusterAction {}

  /** Fails where somebody has uncordoned a node that was taken out of use. */
  record RefuseUncordoned(String node) implements ClusterAction {}

  /**
   * Takes a node back into use, where it was taken out of it under this claim, while it is its turn
   * still: until its {@link Release} nobody else's comes, however long that takes.
   */
  record Uncordon(String node, String claim) implements ClusterAction {}

  /**
   * Takes a node back into use, where it was taken out of it under this claim; one that is in use
   * again already is let go.
   */
  record Release(String node, String claim) implements ClusterAction {}

  /**
   * Spreads pods over a node again that was away: of each workload with several replicas of which
   * another node has two or more and this one has none, one pod is evicted there, one after the
   * other, each once all of the one before are Ready again. Nothing depends on it: what is in the
   * way is told.
   *
   * @param claim under which it was taken out of use, and is in use again by {@link Uncordon}: only
   *     while it is its turn still
   * @param others from which pods may be moved
   */
  record SpreadAgain(String node, String claim, List<String> others) implements ClusterAction {
    public SpreadAgain {
      others = List.copyOf(others);
    }
  }

  /**
   * Waits until no volume is attached to a node any more that was drained, but those of pods that
   * stay on it, which are told.
   */
  record AwaitDetached(String node, Duration timeout) implements ClusterAction {}

  /** Tells what was seen before, in its place among what is done. */
  record Tell(List<String> notes) implements ClusterAction {
    public Tell {
      notes = List.copyOf(notes);
    }
  }

  /** Tells which volumes are attached to a node that is dead; no error, whatever comes of it. */
  record TellAttached(String node) implements ClusterAction {}

  /**
   * Asks a controller of the cluster for something by an annotation of an object, and waits until
   * it says by another one that it is done. A controller that takes the first away without that has
   * refused. An object that is gone is no error.
   *
   * @param asks key of the annotation that asks, by the value {@code true}
   * @param tells key of the annotation that says that it is done
   * @param what completes "waiting for ..."
   * @param remedy what to do where it does not come, or is refused
   */
  record Request(
      ObjectRef ref, String asks, String tells, String what, Duration timeout, String remedy)
      implements ClusterAction {}

  /** Gives up an object; one that is gone already is no error. */
  record Delete(ObjectRef ref) implements ClusterAction {}

  /**
   * Waits for something about an object.
   *
   * @param what completes "waiting for ..."
   * @param remedy what to do where it does not come
   */
  record Await(ObjectRef ref, String what, Duration timeout, Condition condition, String remedy)
      implements ClusterAction {}

  /** Something that comes to be true of an object. */
  @FunctionalInterface
  interface Condition {
    /**
     * Why it is not so yet; empty once it is.
     *
     * @param state with its status; empty where there is no such object
     */
    Optional<String> missing(Optional<ObjectStates.State> state);
  }
}

package io.provision.steps.kubernetes.status;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.ObjectStates;
import io.provision.step.ClusterLook;
import io.provision.step.Output;
import java.time.Duration;
import java.util.List;

/** What the cluster's API says of its nodes and pods, for a status. */
public final class ClusterState {
  /** Beyond this a status is no longer one screen. */
  private static final int MOST = 2000;

  private static final Duration BUDGET = Duration.ofSeconds(10);

  private static final ClusterQuestion.States NODES =
      new ClusterQuestion.States("v1", "Node", MOST, BUDGET);
  private static final ClusterQuestion.States PODS =
      new ClusterQuestion.States("v1", "Pod", MOST, BUDGET);

  /** What was seen. */
  public record Seen(ObjectStates nodes, ObjectStates pods) {}

  public static final Output<Seen> SEEN = new Output<>("cluster-state", Seen.class);

  static final ClusterLook<Seen> LOOK =
      new ClusterLook<>(
          SEEN, List.of(NODES, PODS), seen -> new Seen(seen.of(NODES), seen.of(PODS)));

  private ClusterState() {}
}

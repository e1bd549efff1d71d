package io.provision.steps.cni;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.ObjectStates;
import io.provision.step.ClusterLook;
import io.provision.step.Output;
import java.time.Duration;
import java.util.List;

/** What Calico says of itself, for a status. */
final class CalicoState {
  private static final int MOST = 100;
  private static final Duration BUDGET = Duration.ofSeconds(10);

  private static final ClusterQuestion.States PARTS =
      new ClusterQuestion.States("operator.tigera.io/v1", "TigeraStatus", MOST, BUDGET);
  private static final ClusterQuestion.States POOLS =
      new ClusterQuestion.States("crd.projectcalico.org/v1", "IPPool", MOST, BUDGET);

  /**
   * What was seen.
   *
   * @param parts what the operator says of what it runs
   */
  record Seen(ObjectStates parts, ObjectStates pools) {}

  static final Output<Seen> SEEN = new Output<>("calico-state", Seen.class);

  static final ClusterLook<Seen> LOOK =
      new ClusterLook<>(
          SEEN, List.of(PARTS, POOLS), seen -> new Seen(seen.of(PARTS), seen.of(POOLS)));

  private CalicoState() {}
}

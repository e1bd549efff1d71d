package io.provision.steps.metallb;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.ObjectStates;
import io.provision.kube.Reaches;
import io.provision.step.ClusterLook;
import io.provision.step.Output;
import java.time.Duration;
import java.util.List;

/** What MetalLB says of itself, for a status. */
final class MetallbState {
  private static final String API = "metallb.io/v1beta1";
  private static final int MOST = 500;
  private static final Duration BUDGET = Duration.ofSeconds(10);

  private static ClusterQuestion.States of(String kind) {
    return new ClusterQuestion.States(API, kind, MOST, BUDGET);
  }

  private static final ClusterQuestion.States POOLS = of("IPAddressPool");
  private static final ClusterQuestion.States ANNOUNCED = of("ServiceL2Status");
  private static final ClusterQuestion.States CONFIGURATION = of("ConfigurationState");

  /** What was seen. */
  record Seen(
      ObjectStates pools, ObjectStates announced, ObjectStates configuration, Reaches reaches) {}

  static final Output<Seen> SEEN = new Output<>("metallb-state", Seen.class);

  static final ClusterLook<Seen> LOOK =
      new ClusterLook<>(
          SEEN,
          List.of(POOLS, ANNOUNCED, CONFIGURATION, MetallbAnswers.FROM_HERE),
          seen ->
              new Seen(
                  seen.of(POOLS),
                  seen.of(ANNOUNCED),
                  seen.of(CONFIGURATION),
                  seen.of(MetallbAnswers.FROM_HERE)));

  private MetallbState() {}
}

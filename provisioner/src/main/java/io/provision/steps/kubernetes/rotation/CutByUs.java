package io.provision.steps.kubernetes.rotation;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.LiveObject;
import io.provision.kube.ObjectRef;
import io.provision.step.ClusterLook;
import io.provision.step.Output;
import java.util.List;
import java.util.Optional;

/**
 * {@code cordoned-by-us}: whether a node is out of use by a rotation or a drill of ours, asked of
 * the cluster: of one that has no power.
 */
public final class CordonedByUs {
  public static final String NAME = "cordoned-by-us";

  private static final String ANNOTATION = "provision.io/cordoned";
  private static final Output<Boolean> SEEN = new Output<>(NAME, Boolean.class);

  private CordonedByUs() {}

  public static ClusterLook<Boolean> look(String node) {
    var question = new ClusterQuestion.One(ObjectRef.of("v1", "Node", node));
    return new ClusterLook<>(SEEN, List.of(question), seen -> isOurs(seen.of(question)));
  }

  private static boolean isOurs(Optional<LiveObject> node) {
    return node.flatMap(it -> it.annotation(ANNOTATION))
        .filter(NodeReboot.CLAIM::equals)
        .isPresent();
  }
}

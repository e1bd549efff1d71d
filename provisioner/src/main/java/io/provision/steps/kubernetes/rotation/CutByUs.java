package io.provision.steps.kubernetes.rotation;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.LiveObject;
import io.provision.kube.ObjectRef;
import io.provision.step.ClusterLook;
import io.provision.step.Output;
import java.util.List;
import java.util.Optional;

/**
 * {@code power-cut-by-us}: whether the power of a node is cut by a drill of ours, asked of the
 * cluster: of one that has none. That it is cordoned by us is not enough: whoever switches one off
 * during its reboot has his reasons.
 */
public final class CutByUs {
  public static final String NAME = "power-cut-by-us";

  private static final String CORDONED = "provision.io/cordoned";
  private static final String CUT = "provision.io/power-cut";
  private static final Output<Boolean> SEEN = new Output<>(NAME, Boolean.class);

  private CutByUs() {}

  public static ClusterLook<Boolean> look(String node) {
    var question = new ClusterQuestion.One(ObjectRef.of("v1", "Node", node));
    return new ClusterLook<>(SEEN, List.of(question), seen -> isOurs(seen.of(question)));
  }

  private static boolean isOurs(Optional<LiveObject> node) {
    return node.flatMap(it -> it.annotation(CORDONED)).filter(NodeReboot.CLAIM::equals).isPresent()
        && node.flatMap(it -> it.annotation(CUT)).isPresent();
  }
}

package io.provision.steps.kubernetes;

import io.provision.model.Cluster;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Output;
import io.provision.step.Target;
import java.util.Set;

/**
 * Whether the network of pods is up, where a step of the cluster waits for it: nodes are not Ready
 * and DNS does not answer before it is, however long its images take. Two waits for one thing would
 * end by the shorter patience, with a reason that is none.
 */
public final class PodNetwork {
  /** The cluster has it. */
  public static final Output<Boolean> UP = new Output<>("pod-network", Boolean.class);

  private PodNetwork() {}

  /** Nothing where the network comes with the distribution, or as objects that say nothing. */
  public static Set<Need> needs(Target target) {
    return isAwaited(target) ? Set.of(Need.clusterIfEver(UP)) : Set.of();
  }

  /** Whether it is known that it did not come up. */
  public static boolean isMissing(Target target, Known known) {
    return isAwaited(target) && known.cluster(UP).isEmpty();
  }

  /** The port by which nodes reach each other's pods: Calico's is that of RFC 7348. */
  public static String vxlanPort(Cluster.Cni cni) {
    return switch (cni) {
      case FLANNEL -> "8472";
      case CALICO -> "4789";
    };
  }

  private static boolean isAwaited(Target target) {
    return target.cluster().network().cni() == Cluster.Cni.CALICO;
  }
}

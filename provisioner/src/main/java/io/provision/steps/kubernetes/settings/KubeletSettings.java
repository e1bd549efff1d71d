package io.provision.steps.kubernetes.settings;

import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.steps.os.swap.SwapSection;
import java.util.Map;

/**
 * Fields of a KubeletConfiguration that follow from the inventory, with what it says under {@code
 * kubelet} over them.
 *
 * <p>A kubelet does not start on a host with swap unless {@code failSwapOn} is false. Pods do not
 * use swap unless {@code memorySwap.swapBehavior} is LimitedSwap; that NoSwap is the default is
 * written out, so that a later default decides nothing
 * (kubernetes.io/docs/concepts/cluster-administration/swap-memory-management).
 */
public final class KubeletSettings {
  private static final Map<String, Object> WITH_SWAP =
      Map.of("failSwapOn", false, "memorySwap", Map.of("swapBehavior", "NoSwap"));

  private KubeletSettings() {}

  /** Of one host, sorted by their names. */
  public static Map<String, Object> of(Host host, Cluster cluster) {
    return Overrides.merged(implied(cluster), Overrides.of(KubeletSection.class, host, cluster));
  }

  /** Those that hold for every host. */
  public static Map<String, Object> ofCluster(Cluster cluster) {
    return Overrides.merged(implied(cluster), Overrides.ofCluster(KubeletSection.class, cluster));
  }

  private static Map<String, Object> implied(Cluster cluster) {
    return SwapSection.isAllowed(cluster) ? WITH_SWAP : Map.of();
  }
}

package io.provision.steps.os.swap;

import io.provision.model.Cluster;
import io.provision.section.Findings;
import io.provision.section.Outline;
import io.provision.section.Source;
import io.provision.section.ValueSection;
import java.util.Optional;

/** What the inventory says at {@code cluster.swap}. */
public record SwapSection(Source source, Optional<Swap> swap) implements ValueSection {
  /** What can be said about swap. */
  public enum Swap {
    /** Off, now and at boot. */
    DISABLED,
    /** As it is: neither areas nor fstab nor units are touched. */
    ALLOWED
  }

  /** Whether swap is left as it is: what a Kubernetes has off and other hosts keep, unless told. */
  public static boolean isLeft(Cluster cluster) {
    return declared(cluster)
        .map(Swap.ALLOWED::equals)
        .orElse(!cluster.distribution().isKubernetes());
  }

  /** Whether a kubelet is to run on hosts that have swap. */
  public static boolean isAllowed(Cluster cluster) {
    return declared(cluster).filter(Swap.ALLOWED::equals).isPresent();
  }

  private static Optional<Swap> declared(Cluster cluster) {
    return cluster.sections().find(SwapSection.class).flatMap(SwapSection::swap);
  }

  /** Every value holds with every distribution. */
  @Override
  public void check(Outline outline, Findings findings) {}
}

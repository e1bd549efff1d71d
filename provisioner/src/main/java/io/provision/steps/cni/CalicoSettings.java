package io.provision.steps.cni;

import io.provision.model.Version;
import io.provision.step.Target;
import java.util.Optional;

/**
 * Calico as the network of pods.
 *
 * @param mtu of pods, in bytes; empty where Calico finds it
 */
public record CalicoSettings(Version version, Optional<Integer> mtu) {
  /**
   * Where the inventory says nothing: the newest release whose manifests this program has the
   * digests of.
   */
  static final CalicoSettings USUAL =
      new CalicoSettings(new Version(3, 32, 1, ""), Optional.empty());

  /** Asked where it is wanted only. */
  static CalicoSettings of(Target target) {
    return target.cluster().sections().find(CalicoSettings.class).orElse(USUAL);
  }
}

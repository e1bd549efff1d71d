package io.provision.steps.kubernetes;

import io.provision.model.Version;
import io.provision.step.Check;
import java.util.Optional;

/**
 * From which version to which a node can go: up by one minor version at a time, and never down
 * (https://kubernetes.io/releases/version-skew-policy/).
 */
public final class VersionSkew {
  private VersionSkew() {}

  /**
   * @param distribution as people call it
   * @return empty where the way can be gone
   */
  public static Optional<Check> refusal(String distribution, Version has, Version wanted) {
    if (wanted.compareTo(has) < 0) {
      return Optional.of(
          new Check.Refused(
              "it has %s %s, and the inventory says %s: %s does not go back"
                  .formatted(distribution, has, wanted, distribution),
              "set 'version: %s', or restore a snapshot of the datastore by hand".formatted(has)));
    }
    if (wanted.major() != has.major() || wanted.minor() > has.minor() + 1) {
      return Optional.of(
          new Check.Refused(
              "from %s %s to %s minor versions would be left out"
                  .formatted(distribution, has, wanted),
              "go step by step: set 'version' to the last v%d.%d first"
                  .formatted(has.major(), has.minor() + 1)));
    }
    return Optional.empty();
  }
}

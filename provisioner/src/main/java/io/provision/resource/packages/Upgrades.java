package io.provision.resource.packages;

import io.provision.remote.Call;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.util.List;
import java.util.Optional;

/**
 * Upgrades of what is installed on a host, by the package manager that it has and the package lists
 * that lie there.
 */
public final class Upgrades {
  private Upgrades() {}

  public static Probes probes() {
    var probes = Probes.of(PackageManagers.QUESTION);
    for (var manager : PackageManagers.ALL) {
      probes =
          probes.and(manager.upgrading().map(it -> Probes.of(it.pending())).orElse(Probes.NONE));
    }
    return probes;
  }

  /** What would be upgraded, a line for each package; empty where the host does not say. */
  public static Optional<List<String>> pending(Observations seen) {
    return upgrading(seen).flatMap(it -> seen.of(it.pending()));
  }

  /** What upgrades it; empty where nothing here does. */
  public static Optional<Call> call(Observations seen) {
    return upgrading(seen).map(Upgrading::upgrade);
  }

  private static Optional<Upgrading> upgrading(Observations seen) {
    return PackageManagers.of(seen.of(PackageManagers.QUESTION)).flatMap(PackageManager::upgrading);
  }
}

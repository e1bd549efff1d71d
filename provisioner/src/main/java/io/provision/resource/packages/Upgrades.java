package io.provision.resource.packages;

import io.provision.remote.Call;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
          probes.and(
              manager
                  .upgrading()
                  .map(it -> Probes.of(it.pending()).and(manager.probes()))
                  .orElse(Probes.NONE));
    }
    return probes;
  }

  /**
   * What would be done, a line for each package that would be upgraded, behind what an earlier
   * installation has left half done; empty where the host does not say.
   */
  public static Optional<List<String>> pending(Observations seen) {
    var said = upgrading(seen).flatMap(it -> seen.of(it.pending()));
    return upgrading(seen)
        .flatMap(_ -> manager(seen).flatMap(it -> it.interruption(seen)))
        .map(left ->
            Stream.concat(
                    Stream.of("%s: %s".formatted(left.subject(), left.state())),
                    said.stream().flatMap(List::stream))
                .toList())
        .or(() -> said);
  }

  /** What upgrades it; empty where nothing here does. */
  public static Optional<Call> call(Observations seen) {
    return upgrading(seen).map(Upgrading::upgrade);
  }

  private static Optional<Upgrading> upgrading(Observations seen) {
    return manager(seen).flatMap(PackageManager::upgrading);
  }

  private static Optional<PackageManager> manager(Observations seen) {
    return PackageManagers.of(seen.of(PackageManagers.QUESTION));
  }
}

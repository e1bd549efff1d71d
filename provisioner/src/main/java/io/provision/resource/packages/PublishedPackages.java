package io.provision.resource.packages;

import io.provision.remote.Script;
import io.provision.resource.Piece;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.util.List;

/**
 * Packages of their publisher's own repository, signed by the one key that is pinned, in exact
 * versions and held there, so that no upgrade of the system takes them along. What is there as it
 * should be needs no repository that answers.
 *
 * @param wanted with versions as their publisher counts them, without the revision of the package
 */
public record PublishedPackages(PackageRepository repository, List<Wanted> wanted)
    implements Piece {
  /** Whom a host trusts that says it is the repository. */
  private static final Packages AUTHORITIES = Packages.of("ca-certificates");

  public PublishedPackages {
    wanted = List.copyOf(wanted);
    if (wanted.isEmpty()) {
      throw new IllegalArgumentException("no package is named");
    }
  }

  /** Only those of these names. */
  public PublishedPackages only(List<String> names) {
    return new PublishedPackages(
        repository, wanted.stream().filter(it -> names.contains(it.name())).toList());
  }

  @Override
  public Probes probes() {
    var probes = AUTHORITIES.probes();
    for (var manager : PackageManagers.ALL) {
      probes =
          manager
              .publishing()
              .map(it -> it.probes(repository, wanted))
              .map(probes::and)
              .orElse(probes);
    }
    return probes;
  }

  @Override
  public Check check(Observations seen) {
    var program = seen.of(PackageManagers.QUESTION);
    var published =
        PackageManagers.of(program)
            .flatMap(PackageManager::publishing)
            .map(it -> it.check(repository, wanted, seen))
            .orElseGet(() ->
                new Check.Refused(
                    "packages of a publisher's repository are installed by apt-get only, and its package manager is %s"
                        .formatted(program.isEmpty() ? "none that is known here" : program),
                    "take a system with apt-get, or 'packages' out of the inventory"));
    return repository.isEncrypted() && PackageManagers.of(program).isPresent()
        ? Checks.together(AUTHORITIES.check(seen), published)
        : published;
  }

  /** What brings them to the host without installing any. */
  public List<Script> staged() {
    return publishing().staged(repository, wanted);
  }

  /** What installs them by the lists that the host has. */
  public Script installed() {
    return publishing().installed(repository, wanted);
  }

  /** What takes away what the repository of this name brought, as its record on the host has it. */
  public static Script removed(String repository) {
    return publishing().removed(repository);
  }

  /** There is one; a host with another manager was refused before anything is done. */
  private static Publishing publishing() {
    return PackageManagers.ALL.stream()
        .flatMap(it -> it.publishing().stream())
        .findFirst()
        .orElseThrow();
  }
}

package io.provision.resource.packages;

import io.provision.remote.Script;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.util.List;

/** How a package manager takes packages from a repository of their publisher. */
interface Publishing {
  Probes probes(PackageRepository repository, List<Wanted> wanted);

  /** Whether they are there, in their versions and held, and the repository and its key. */
  Check check(PackageRepository repository, List<Wanted> wanted, Observations seen);

  /** What brings them to the host without installing any: the key, the lists, the files. */
  List<Script> staged(PackageRepository repository, List<Wanted> wanted);

  /** What installs them by the lists that the host has. */
  Script installed(PackageRepository repository, List<Wanted> wanted);

  /** What takes away what it installed of the repository of this name, and forgets that. */
  Script removed(String repository);
}

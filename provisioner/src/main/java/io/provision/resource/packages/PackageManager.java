package io.provision.resource.packages;

import io.provision.remote.Call;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import java.util.List;
import java.util.Optional;

/**
 * One package manager. Every host is asked the questions of all of them, as nobody knows before
 * which one it has; a question to one that is not there costs the host nothing.
 */
interface PackageManager {

  /** The program by which a host is known to have it. */
  String program();

  /** Why it can have no such package; empty where it may. */
  Optional<String> objection(Wanted wanted);

  Question<PackageState> question(Wanted wanted);

  /** Whether what is there is what is wanted. */
  boolean isMet(Wanted wanted, PackageState state);

  /** How it takes packages from a repository of their publisher; empty where it does not here. */
  default Optional<Publishing> publishing() {
    return Optional.empty();
  }

  /** How it upgrades all that is installed; empty where it does not here. */
  default Optional<Upgrading> upgrading() {
    return Optional.empty();
  }

  /** What to do about packages that are kept at their version. */
  String release();

  /** What else it is asked. */
  default Probes probes() {
    return Probes.NONE;
  }

  /** What an earlier run of it has left half done, which an installation finishes first. */
  default Optional<Interruption> interruption(Observations seen) {
    return Optional.empty();
  }

  /**
   * Installs what is named, asking nothing; only packages that it does not object to. It fails
   * where that would take away others than those that may go.
   *
   * @param mayGo names of packages
   */
  Call install(List<Wanted> wanted, List<String> mayGo);

  /**
   * For a line of a plan.
   *
   * @param remedy completes "dpkg was interrupted: ..."
   */
  record Interruption(String subject, String state, String becomes, String remedy) {}
}

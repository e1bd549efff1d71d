package io.provision.cli.first;

import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.load.foreign.ForeignInventories;
import io.provision.load.yaml.InputRefused;
import io.provision.model.Kubernetes;
import io.provision.step.FirstInventory;
import io.provision.steps.Catalog;
import java.nio.file.Path;

/** Another tool's file; apart from the command, which is loaded for its help as well. */
final class ForeignReading {
  private ForeignReading() {}

  /**
   * @throws Refused where it is not a file that can be carried over
   */
  static FirstInventory read(Path file, WishOptions wanted) throws Refused {
    var foreign =
        new ForeignInventories(wanted.name(), wanted.kubeconfig(), ForeignReading::usualVersion);
    try {
      return foreign.read(file);
    } catch (InputRefused e) {
      throw new Refused(
          e.problems().stream().map(it -> Problem.error(it.at().toString(), it.reason())).toList());
    }
  }

  private static String usualVersion(String distribution) {
    return Catalog.areas().distributions().stream()
        .filter(it -> it.name().equals(distribution))
        .flatMap(it -> it.kubernetes().stream())
        .map(Kubernetes::versions)
        .map(Kubernetes.VersionForm::example)
        .findFirst()
        .orElseThrow();
  }
}

package io.provision.steps.os;

import io.provision.resource.Piece;
import io.provision.resource.packages.Packages;
import io.provision.step.Parameter;
import io.provision.step.Target;
import java.util.List;

/**
 * {@code packages}: Debian packages that are installed, each {@code name} or {@code name=version}.
 */
public record PackagesStep(
    @Parameter(
            value = "Debian packages, each its name, or name=version.",
            example = "[socat, curl=7.88.1-10]")
        List<Packages.Wanted> packages)
    implements PieceStep {
  public PackagesStep {
    packages = new Packages(packages).wanted();
  }

  @Override
  public Piece piece(Target.OnHost target) {
    return new Packages(packages);
  }
}

package io.provision.steps.os;

import io.provision.resource.Piece;
import io.provision.resource.packages.Packages;
import io.provision.resource.packages.Wanted;
import io.provision.step.Parameter;
import io.provision.step.Target;
import java.util.List;

/**
 * {@code packages}: packages of the host's system that are installed, each {@code name} or {@code
 * name=version}.
 */
public record PackagesStep(
    @Parameter(
            value = "Packages of the system, each its name, or name=version.",
            example = "[socat, curl=7.88.1-10]")
        List<Wanted> packages)
    implements PieceStep {
  public PackagesStep {
    packages = new Packages(packages).wanted();
  }

  @Override
  public Piece piece(Target.OnHost target) {
    return new Packages(packages);
  }
}

package io.provision.steps.os;

import io.provision.resource.Packages;
import io.provision.resource.Piece;
import io.provision.step.Target;
import java.util.List;

/**
 * {@code packages}: Debian packages that are installed, each {@code name} or {@code name=version}.
 */
public record PackagesStep(List<Packages.Wanted> packages) implements PieceStep {
  public PackagesStep {
    packages = new Packages(packages).wanted();
  }

  @Override
  public Piece piece(Target.OnHost target) {
    return new Packages(packages);
  }
}

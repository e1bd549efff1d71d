package io.provision.steps.os;

import io.provision.resource.Directory;
import io.provision.resource.FileMode;
import io.provision.resource.Piece;
import io.provision.step.Target;
import java.util.Optional;

/** {@code directory}: a directory with this mode (0755) and owner (root). */
public record DirectoryStep(
    String path, Optional<FileMode> mode, Optional<String> owner, Optional<String> group)
    implements PieceStep {
  public DirectoryStep {
    var unused = directory(path, mode, owner, group);
  }

  private static Directory directory(
      String path, Optional<FileMode> mode, Optional<String> owner, Optional<String> group) {
    return new Directory(
        path,
        mode.orElse(FileMode.DIRECTORY),
        owner.orElse("root"),
        group.or(() -> owner).orElse("root"));
  }

  @Override
  public Piece piece(Target.OnHost target) {
    return directory(path, mode, owner, group);
  }
}

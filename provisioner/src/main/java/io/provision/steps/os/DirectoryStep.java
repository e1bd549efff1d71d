package io.provision.steps.os;

import io.provision.resource.Directory;
import io.provision.resource.FileMode;
import io.provision.resource.Piece;
import io.provision.step.Parameter;
import io.provision.step.Target;
import java.util.Optional;

/** {@code directory}: a directory with this mode (0755) and owner (root). */
public record DirectoryStep(
    @Parameter(value = "The directory.", example = "/var/lib/demo") String path,
    @Parameter(value = "Its permissions.", usual = "\"0755\"", example = "\"0750\"")
        Optional<FileMode> mode,
    @Parameter(value = "The user it belongs to.", usual = "root", example = "demo")
        Optional<String> owner,
    @Parameter(value = "The group it belongs to.", usual = "the owner's name", example = "demo")
        Optional<String> group)
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

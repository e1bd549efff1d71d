package io.provision.steps.os;

import io.provision.resource.Absent;
import io.provision.resource.Piece;
import io.provision.resource.Pieces;
import io.provision.step.Change;
import io.provision.step.Parameter;
import io.provision.step.Target;
import java.util.List;
import java.util.Set;

/** {@code absent}: nothing at these paths; a directory is removed only if it is empty. */
public record AbsentStep(
    @Parameter(
            value = "What must not be there; a directory is removed only if it is empty.",
            example = "[/etc/cron.d/old]")
        List<String> paths)
    implements PieceStep {
  public AbsentStep {
    paths = List.copyOf(paths);
    paths.forEach(path -> new Absent(path).path());
  }

  @Override
  public Piece piece(Target.OnHost target) {
    return Pieces.all(paths.stream().map(Absent::new).toList());
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.REMOVE);
  }
}

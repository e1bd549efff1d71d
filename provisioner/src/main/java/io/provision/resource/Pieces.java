package io.provision.resource;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pieces that stand together as one; what they say is one by {@link Checks#together}. */
public record Pieces(List<Piece> pieces) implements Piece {
  public Pieces {
    pieces = List.copyOf(pieces);
  }

  public static Pieces all(List<? extends Piece> pieces) {
    return new Pieces(List.copyOf(pieces));
  }

  public static Pieces all(Piece... pieces) {
    return new Pieces(List.of(pieces));
  }

  /** These and then others. */
  public Pieces and(Piece... more) {
    var both = new ArrayList<>(pieces);
    both.addAll(List.of(more));
    return new Pieces(both);
  }

  @Override
  public Probes probes() {
    return pieces.stream().map(Piece::probes).reduce(Probes.NONE, Probes::and);
  }

  @Override
  public Check check(Observations seen) {
    return Checks.together(pieces.stream().map(piece -> piece.check(seen)).toList());
  }

  @Override
  public Optional<Change> whenChanged(String subject) {
    return pieces.stream().flatMap(piece -> piece.whenChanged(subject).stream()).findFirst();
  }
}

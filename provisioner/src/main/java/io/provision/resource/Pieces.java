package io.provision.resource;

import io.provision.remote.Script;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Repair;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Pieces that stand together as one. What they say is merged: a refusal wins, then what is unknown,
 * then drift (changes and scripts in the order of the pieces), then what must be waited for, then
 * what was skipped.
 */
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
    return merge(pieces.stream().map(piece -> piece.check(seen)).toList());
  }

  /** The one check that says what these say together. */
  public static Check merge(List<Check> checks) {
    var refused = of(checks, Check.Refused.class);
    if (!refused.isEmpty()) {
      return new Check.Refused(
          joined(refused.stream().map(Check.Refused::what).toList()),
          joined(refused.stream().map(Check.Refused::remedy).toList()));
    }
    var unknown = of(checks, Check.Unknown.class);
    var drift = of(checks, Check.Drift.class);
    if (!unknown.isEmpty()) {
      return unknown(unknown, drift);
    }
    if (!drift.isEmpty()) {
      return drift(drift);
    }
    var notYet = of(checks, Check.NotYet.class);
    if (!notYet.isEmpty()) {
      return notYet.getFirst();
    }
    return settled(checks);
  }

  private static Check unknown(List<Check.Unknown> unknown, List<Check.Drift> drift) {
    var mayDo = new LinkedHashSet<Change.Action>();
    unknown.forEach(check -> mayDo.addAll(check.mayDo()));
    drift.forEach(check -> check.changes().forEach(change -> mayDo.add(change.action())));
    return new Check.Unknown(joined(unknown.stream().map(Check.Unknown::awaiting).toList()), mayDo);
  }

  private static Check drift(List<Check.Drift> drifts) {
    var changes = new ArrayList<Change>();
    var scripts = new ArrayList<Script>();
    var bringsFiles = false;
    for (var drift : drifts) {
      changes.addAll(drift.changes());
      if (!(drift.repair() instanceof Repair.OnHost onHost)) {
        throw new IllegalStateException("a piece is repaired on its host: " + drift);
      }
      scripts.addAll(onHost.scripts());
      bringsFiles |= onHost.bringsFiles();
    }
    return new Check.Drift(changes, new Repair.OnHost(scripts, bringsFiles));
  }

  private static Check settled(List<Check> checks) {
    var observed = Observed.NOTHING;
    for (var check : of(checks, Check.InSync.class)) {
      observed = observed.and(check.observed());
    }
    var skipped = of(checks, Check.Skipped.class);
    for (var check : skipped) {
      observed = observed.and(check.observed());
    }
    return skipped.isEmpty()
        ? new Check.InSync(observed)
        : new Check.Skipped(joined(skipped.stream().map(Check.Skipped::reason).toList()), observed);
  }

  private static String joined(List<String> texts) {
    return texts.stream().distinct().collect(Collectors.joining("; "));
  }

  private static <C extends Check> List<C> of(List<Check> checks, Class<C> type) {
    return checks.stream().filter(type::isInstance).map(type::cast).toList();
  }
}

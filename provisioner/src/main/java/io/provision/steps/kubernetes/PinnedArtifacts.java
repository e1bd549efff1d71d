package io.provision.steps.kubernetes;

import io.provision.desk.DeskChange;
import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskQuestion;
import io.provision.model.Inventory;
import io.provision.model.Sha256;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Repair;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Artifacts that are wanted with a pinned digest. What is not pinned has a digest all the same
 * where it lies in the artifact directory or its publisher's list of sums can be read, so that a
 * plan can say what becomes of it.
 *
 * @param all those whose digest is asked for; which of them are wanted is known later
 */
public record PinnedArtifacts(Path lockFile, Set<ArtifactId> all) {
  /** Where the digests are pinned: beside the inventory. */
  public static Path lockFile(Inventory inventory) {
    return inventory.file().toAbsolutePath().resolveSibling("provision.lock");
  }

  public Probes probes() {
    return Probes.of(pins(), lying(), published());
  }

  private DeskQuestion.Pins pins() {
    var ids = all.stream().map(ArtifactId::toString).collect(Collectors.toSet());
    return new DeskQuestion.Pins(lockFile, ids);
  }

  private DeskQuestion.Lying lying() {
    return new DeskQuestion.Lying(lockFile, all);
  }

  private DeskQuestion.Published published() {
    return new DeskQuestion.Published(lockFile, all);
  }

  /** The digests of these, as far as they are pinned, lie there, or are published. */
  public Map<ArtifactId, Sha256> digests(Collection<ArtifactId> wanted, Observations seen) {
    var digests = new HashMap<ArtifactId, Sha256>();
    for (var id : wanted) {
      var pin = seen.of(pins()).get(id.toString());
      if (pin != null) {
        digests.put(id, pin);
      } else if (seen.of(lying()).get(id) instanceof DeskQuestion.Lies.Right(var digest)) {
        digests.put(id, digest);
      } else if (seen.of(published()).get(id) instanceof DeskQuestion.Listed.Sum(var digest)) {
        digests.put(id, digest);
      }
    }
    return Map.copyOf(digests);
  }

  /**
   * Whether all of these are pinned, and what that tells the others.
   *
   * @param wanted those of all that are wanted
   * @param told what their digests tell; asked only where each is known, for nobody can compare
   *     with half of them
   */
  public Check check(
      Collection<ArtifactId> wanted,
      Observations seen,
      Function<Map<ArtifactId, Sha256>, Observed> told) {
    var digests = digests(wanted, seen);
    var known = digests.keySet().containsAll(wanted) ? told.apply(digests) : Observed.NOTHING;
    return refusal(wanted, seen)
        .or(() -> pinning(wanted, seen, known))
        .orElseGet(() -> new Check.InSync(known));
  }

  /** What stands in the way of using one of these; empty where nothing does. */
  public Optional<Check> refusal(Collection<ArtifactId> wanted, Observations seen) {
    return wanted.stream().flatMap(id -> refusal(id, seen).stream()).findFirst();
  }

  private Optional<Check> refusal(ArtifactId id, Observations seen) {
    if (seen.of(lying()).get(id) instanceof DeskQuestion.Lies.Wrong(var what, var remedy)) {
      return Optional.of(new Check.Refused(what, remedy));
    }
    return seen.of(published()).get(id)
            instanceof DeskQuestion.Listed.Unlisted(var what, var remedy)
        ? Optional.of(new Check.Refused(what, remedy))
        : Optional.empty();
  }

  /**
   * Pins those that are not; empty where all are.
   *
   * @param known what the others can be told already
   */
  public Optional<Check> pinning(Collection<ArtifactId> wanted, Observations seen, Observed known) {
    var missing =
        wanted.stream().filter(id -> !seen.of(pins()).containsKey(id.toString())).toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(fetching(missing, seen, unread(missing, seen).map(known::and).orElse(known)));
  }

  /** Brings these to the operator's machine, and pins those that are not. */
  Check fetching(Collection<ArtifactId> wanted, Observations seen, Observed known) {
    var digests = digests(wanted, seen);
    return new Check.Drift(
        wanted.stream().map(id -> fetch(id, digests)).toList(),
        new Repair.OnDesk(new DeskChange.PinArtifacts(lockFile, List.copyOf(wanted))),
        known);
  }

  /** Why it is not known before the download what hosts will be compared with. */
  private Optional<Observed> unread(Collection<ArtifactId> missing, Observations seen) {
    return missing.stream()
        .map(id -> seen.of(published()).get(id))
        .filter(DeskQuestion.Listed.Unread.class::isInstance)
        .map(listed -> ((DeskQuestion.Listed.Unread) listed).why())
        .findFirst()
        .map("what hosts need of it is known after the download only: %s"::formatted)
        .map(Observed::noting);
  }

  private static Change fetch(ArtifactId id, Map<ArtifactId, Sha256> digests) {
    var digest = digests.get(id);
    return Change.of(
        Change.Action.FETCH,
        id.toString(),
        "",
        digest == null ? "known after download" : digest.brief());
  }
}

package io.provision.steps.kubernetes.encryption;

import io.provision.model.Host;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Nodes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code secrets-rewritten}: no Secret is written with another key than the one of the inventory,
 * and no control plane keeps another. Once none writes with another key any more, each has all of
 * them written anew before it lets the other keys go, one after the other: those that come later
 * find them written, and what was written in between, by whomever, is not left behind.
 */
public record SecretsRewritten(Distributions distributions) implements Step<Target.OnHost> {
  static final Output<Boolean> OUTPUT = new Output<>("secrets-rewritten", Boolean.class);

  @Override
  public Probes probes(Target.OnHost target) {
    return new EncryptionUsed(distributions).probes(target);
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    if (!Encryption.isWanted(target)) {
      return Set.of();
    }
    var needs = new LinkedHashSet<>(new EncryptionKnown(distributions).needs(target));
    needs.add(Need.some(EncryptionUsed.OUTPUT, Nodes.servers(target.inventory())));
    needs.add(Need.some(OUTPUT, Nodes.before(target)));
    return needs;
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Encryption.isWanted(target) ? Set.of(OUTPUT) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.UPDATE, Change.Action.REMOVE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!Encryption.isWanted(target)) {
      return new Check.Skipped("no key is asked for there");
    }
    var done = Observed.of(OUTPUT, true);
    var keys = KeyStore.of(distributions, target);
    if (!seen.of(keys.look()).isLiving()) {
      return EncryptionKnown.unborn(target, known, done, mayDo());
    }
    var file = seen.of(keys.file());
    if (!file.isChanging()) {
      return new Check.InSync(done);
    }
    var wanted = file.meant(target.cluster());
    return late(target, known, wanted)
        .or(() -> Strangers.refusal(target, seen.of(keys.nodes())))
        .orElseGet(() ->
            new Check.Drift(
                changes(file, wanted, keys.path()),
                new Repair.OnHost(keys.rewritten(), keys.arranged("only", wanted))));
  }

  private static List<Change> changes(EncryptionFile file, EncryptionKey wanted, String path) {
    var changes = new ArrayList<Change>();
    changes.add(Change.of(Change.Action.UPDATE, "all Secrets", "", "written with " + wanted));
    file.entries().stream()
        .map(EncryptionFile.Entry::of)
        .filter(it -> !it.isPlain() && !it.equals(wanted))
        .forEach(
            it -> changes.add(Change.of(Change.Action.REMOVE, "%s in %s".formatted(it, path))));
    return changes;
  }

  /** One that could still write with another key, or does not get its Secrets written anew. */
  private static Optional<Check> late(Target.OnHost target, Known known, EncryptionKey wanted) {
    var used = known.all(EncryptionUsed.OUTPUT);
    var writing =
        Nodes.servers(target.inventory()).stream()
            .map(Host::name)
            .filter(name -> !wanted.equals(used.get(name)))
            .findFirst()
            .map(name ->
                "%s may still write Secrets with another key than %s (%s)"
                    .formatted(
                        name,
                        wanted,
                        known
                            .never(EncryptionUsed.OUTPUT)
                            .getOrDefault(name, "name one in the inventory by 'key'")));
    return writing
        .or(() ->
            known.never(OUTPUT).keySet().stream()
                .findFirst()
                .map(
                    "Secrets are not all written anew yet by %s, which comes before it"::formatted))
        .map(why ->
            new Check.Refused(
                why,
                "all keys stay meanwhile, and every Secret can be read; see what that host says, then run the same command again"));
  }
}

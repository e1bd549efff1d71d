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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code encryption-used}: the API server of a control plane writes Secrets with the key of the
 * inventory, which all others can read by then.
 */
public record EncryptionUsed(Distributions distributions) implements Step<Target.OnHost> {
  /** What it writes with. */
  static final Output<EncryptionKey> OUTPUT = new Output<>("encryption-used", EncryptionKey.class);

  @Override
  public Probes probes(Target.OnHost target) {
    return Encryption.isWanted(target)
        ? new EncryptionKnown(distributions)
            .probes(target)
            .and(Probes.of(KeyStore.of(distributions, target).nodes()))
        : Probes.NONE;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    if (!Encryption.isWanted(target)) {
      return Set.of();
    }
    var needs = new LinkedHashSet<>(new EncryptionKnown(distributions).needs(target));
    needs.add(Need.some(EncryptionKnown.OUTPUT, Nodes.servers(target.inventory())));
    return needs;
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Encryption.isWanted(target) ? Set.of(OUTPUT) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!Encryption.isWanted(target)) {
      return new Check.Skipped("no key is asked for there");
    }
    var keys = KeyStore.of(distributions, target);
    var file = seen.of(keys.file());
    var wanted = file.meant(target.cluster());
    var writes = Observed.of(OUTPUT, wanted);
    if (!seen.of(keys.look()).isLiving()) {
      return EncryptionKnown.unborn(target, known, writes, mayDo());
    }
    if (file.writesWith(wanted)) {
      return file.isChanging() && !seen.of(keys.loaded())
          ? keys.loading()
          : new Check.InSync(writes);
    }
    return late(target, known, wanted)
        .or(() -> Strangers.refusal(target, seen.of(keys.nodes())))
        .orElseGet(() ->
            new Check.Drift(
                List.of(
                    Change.of(
                        Change.Action.UPDATE,
                        "what Secrets are written with",
                        file.entries().getFirst().of().toString(),
                        wanted.toString())),
                new Repair.OnHost(keys.arranged("first", wanted))));
  }

  /** One that cannot read it yet, for whatever reason. */
  private static Optional<Check> late(Target.OnHost target, Known known, EncryptionKey wanted) {
    var able = known.all(EncryptionKnown.OUTPUT);
    return Nodes.servers(target.inventory()).stream()
        .map(Host::name)
        .filter(name -> !able.containsKey(name) || !able.get(name).has(wanted))
        .findFirst()
        .map(name ->
            new Check.Refused(
                "%s cannot read yet what would be written with %s (%s)"
                    .formatted(
                        name,
                        wanted,
                        known
                            .never(EncryptionKnown.OUTPUT)
                            .getOrDefault(name, "it has another key")),
                "Secrets are written as before meanwhile; see what that host says, then run the same command again"));
  }
}

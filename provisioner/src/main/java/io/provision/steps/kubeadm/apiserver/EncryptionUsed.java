package io.provision.steps.kubeadm.apiserver;

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
import io.provision.steps.kubernetes.Nodes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code kubeadm-encryption-used}: the API server of a control plane writes Secrets with the key of
 * the inventory, which all others can read by then.
 */
public record EncryptionUsed() implements Step<Target.OnHost> {
  static final Output<Boolean> OUTPUT = new Output<>("encryption-used", Boolean.class);

  @Override
  public Probes probes(Target.OnHost target) {
    return new EncryptionKnown().probes(target);
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return KubeadmEncryption.isWanted(target)
        ? Set.of(Need.some(EncryptionKnown.OUTPUT, Nodes.servers(target.inventory())))
        : Set.of();
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return KubeadmEncryption.isWanted(target) ? Set.of(OUTPUT) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!KubeadmEncryption.isWanted(target)) {
      return new Check.Skipped("no key is asked for there");
    }
    if (!seen.of(ApiServerLook.QUESTION).isLiving()) { // of a plan, as before
      return new Check.InSync(Observed.of(OUTPUT, true));
    }
    var wanted = EncryptionKey.wanted(target.cluster()).orElseThrow();
    var file = seen.of(EncryptionFile.QUESTION);
    if (file.writesWith(wanted)) {
      return file.isChanging() && !file.isLoaded()
          ? EncryptionFile.loading()
          : new Check.InSync(Observed.of(OUTPUT, true));
    }
    return late(target, known)
        .orElseGet(() ->
            new Check.Drift(
                List.of(
                    Change.of(
                        Change.Action.UPDATE,
                        "what Secrets are written with",
                        file.entries().getFirst().of().toString(),
                        wanted.toString())),
                new Repair.OnHost(KubeadmEncryption.arrange("first", wanted))));
  }

  /** One that cannot read it yet, for whatever reason. */
  private static Optional<Check> late(Target.OnHost target, Known known) {
    return Nodes.servers(target.inventory()).stream()
        .map(Host::name)
        .filter(name -> !known.all(EncryptionKnown.OUTPUT).containsKey(name))
        .findFirst()
        .map(name ->
            new Check.Refused(
                "%s cannot read yet what would be written with the new key (%s)"
                    .formatted(
                        name,
                        known
                            .never(EncryptionKnown.OUTPUT)
                            .getOrDefault(name, "it says nothing of it")),
                "Secrets are written as before meanwhile; see what that host says, then run the same command again"));
  }
}

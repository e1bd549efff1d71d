package io.provision.steps.kubeadm.apiserver;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.Set;

/**
 * {@code kubeadm-encryption-known}: the API server of a control plane can read what is written with
 * the key of the inventory. No other writes with it before all can.
 */
public record EncryptionKnown() implements Step<Target.OnHost> {
  static final Output<Boolean> OUTPUT = new Output<>("encryption-known", Boolean.class);

  @Override
  public Probes probes(Target.OnHost target) {
    return KubeadmEncryption.isWanted(target)
        ? Probes.of(ApiServerLook.QUESTION, EncryptionFile.QUESTION)
        : Probes.NONE;
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return KubeadmEncryption.isWanted(target) ? Set.of(OUTPUT) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!KubeadmEncryption.isWanted(target)) {
      return new Check.Skipped("no key is asked for there");
    }
    var file = seen.of(EncryptionFile.QUESTION);
    if (!seen.of(ApiServerLook.QUESTION).isLiving()) { // of a plan: it begins with what it gets
      return new Check.InSync(Observed.of(OUTPUT, true));
    }
    var wanted = EncryptionKey.wanted(target.cluster()).orElseThrow();
    if (file.find(wanted).isEmpty() || !seen.of(ApiServerLook.QUESTION).encrypts()) {
      return new Check.Unknown("whether its API server has the key", mayDo());
    }
    return file.isChanging() && !file.isLoaded()
        ? EncryptionFile.loading()
        : new Check.InSync(Observed.of(OUTPUT, true));
  }
}

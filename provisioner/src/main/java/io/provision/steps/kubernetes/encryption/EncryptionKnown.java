package io.provision.steps.kubernetes.encryption;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.NodeState;
import io.provision.steps.kubernetes.Nodes;
import java.util.Set;

/**
 * {@code encryption-known}: the API server of a control plane can read what is written with the key
 * of the inventory. No other writes with it before all can.
 */
public record EncryptionKnown(Distributions distributions) implements Step<Target.OnHost> {
  /** What it can read. */
  static final Output<HeldKey> OUTPUT = new Output<>("encryption-known", HeldKey.class);

  @Override
  public Probes probes(Target.OnHost target) {
    var keys = KeyStore.of(distributions, target);
    return Encryption.isWanted(target)
        ? Probes.of(keys.look(), keys.file(), keys.loaded())
        : Probes.NONE;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return Encryption.isWanted(target)
        ? Set.of(Need.some(Nodes.STATE, Nodes.servers(target.inventory())))
        : Set.of();
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Encryption.isWanted(target) ? Set.of(OUTPUT) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!Encryption.isWanted(target)) {
      return new Check.Skipped("no key is asked for there");
    }
    var keys = KeyStore.of(distributions, target);
    var has = HeldKey.of(keys.place(), seen);
    if (!seen.of(keys.look()).isLiving()) {
      return unborn(target, known, Observed.of(OUTPUT, has), mayDo());
    }
    var file = seen.of(keys.file());
    if (!has.has(file.meant(target.cluster())) || !has.encrypts()) {
      return new Check.Unknown("whether its API server has the key", mayDo());
    }
    return file.isChanging() && !seen.of(keys.loaded())
        ? keys.loading()
        : new Check.InSync(Observed.of(OUTPUT, has));
  }

  /**
   * Of a control plane that does not run: what it will begin with is not known before it does. Only
   * where nobody holds a cluster it is what all begin with.
   */
  static Check unborn(Target.OnHost target, Known known, Observed begun, Set<Change.Action> mayDo) {
    var states = known.all(Nodes.STATE);
    var isNew =
        states.size() == Nodes.servers(target.inventory()).size()
            && states.values().stream().noneMatch(NodeState::holdsCluster);
    return isNew
        ? new Check.InSync(begun)
        : new Check.Unknown("which keys its API server begins with", mayDo);
  }
}

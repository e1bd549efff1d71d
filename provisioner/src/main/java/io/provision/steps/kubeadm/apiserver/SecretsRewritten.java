package io.provision.steps.kubeadm.apiserver;

import io.provision.model.Host;
import io.provision.remote.Script;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code kubeadm-secrets-rewritten}: no Secret is written with another key than the one of the
 * inventory, and no control plane keeps another. The first control plane writes them all anew once
 * none writes with another key any more; then each lets the others go.
 */
public record SecretsRewritten() implements Step<Target.OnHost> {
  private static final Output<Boolean> OUTPUT = new Output<>("secrets-rewritten", Boolean.class);

  /** Some ten a second. */
  private static final Duration REWRITE = Duration.ofHours(2);

  @Override
  public Probes probes(Target.OnHost target) {
    return new EncryptionKnown().probes(target);
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    if (!KubeadmEncryption.isWanted(target)) {
      return Set.of();
    }
    var needs = new LinkedHashSet<Need>();
    needs.add(Need.some(EncryptionUsed.OUTPUT, Nodes.servers(target.inventory())));
    if (!isFirst(target)) {
      needs.add(Need.some(OUTPUT, List.of(first(target))));
    }
    return needs;
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return KubeadmEncryption.isWanted(target) && isFirst(target) ? Set.of(OUTPUT) : Set.of();
  }

  private static Host first(Target.OnHost target) {
    return Nodes.servers(target.inventory()).getFirst();
  }

  private static boolean isFirst(Target.OnHost target) {
    return first(target).equals(target.host());
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.UPDATE, Change.Action.REMOVE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!KubeadmEncryption.isWanted(target)) {
      return new Check.Skipped("no key is asked for there");
    }
    var file = seen.of(EncryptionFile.QUESTION);
    if (!seen.of(ApiServerLook.QUESTION).isLiving() || !file.isChanging()) {
      return new Check.InSync(isFirst(target) ? Observed.of(OUTPUT, true) : Observed.NOTHING);
    }
    var wanted = EncryptionKey.wanted(target.cluster()).orElseThrow();
    return late(target, known)
        .orElseGet(() ->
            new Check.Drift(
                changes(target, file, wanted), new Repair.OnHost(scripts(target, wanted), false)));
  }

  private static List<Change> changes(
      Target.OnHost target, EncryptionFile file, EncryptionKey wanted) {
    var changes = new ArrayList<Change>();
    if (isFirst(target)) {
      changes.add(Change.of(Change.Action.UPDATE, "all Secrets", "", "written with " + wanted));
    }
    file.entries().stream()
        .map(EncryptionFile.Entry::of)
        .filter(it -> !it.isPlain() && !it.equals(wanted))
        .forEach(it ->
            changes.add(
                Change.of(Change.Action.REMOVE, "%s in %s".formatted(it, EncryptionFile.FILE))));
    if (changes.isEmpty()) {
      changes.add(Change.of(Change.Action.UPDATE, EncryptionFile.FILE, "changing", "changed"));
    }
    return changes;
  }

  private static List<Script> scripts(Target.OnHost target, EncryptionKey wanted) {
    var scripts = new ArrayList<Script>();
    if (isFirst(target)) {
      scripts.add(Script.of(EncryptionScripts.REWRITE).within(REWRITE));
    }
    scripts.add(KubeadmEncryption.arrange("only", wanted));
    return scripts;
  }

  /** One that could still write with another key; or Secrets that are not all written anew. */
  private static Optional<Check> late(Target.OnHost target, Known known) {
    var writing =
        Nodes.servers(target.inventory()).stream()
            .map(Host::name)
            .filter(name -> !known.all(EncryptionUsed.OUTPUT).containsKey(name))
            .findFirst()
            .map(name ->
                "%s may still write Secrets with another key (%s)"
                    .formatted(
                        name,
                        known
                            .never(EncryptionUsed.OUTPUT)
                            .getOrDefault(name, "it says nothing of it")));
    return writing
        .or(() ->
            isFirst(target) || known.all(OUTPUT).containsKey(first(target).name())
                ? Optional.empty()
                : Optional.of(
                    "Secrets are not all written anew yet, which %s does"
                        .formatted(first(target).name())))
        .map(why ->
            new Check.Refused(
                why,
                "all keys stay meanwhile, and every Secret can be read; see what that host says, then run the same command again"));
  }
}

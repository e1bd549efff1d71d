package io.provision.steps.kubeadm.apiserver;

import io.provision.resource.Directory;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.apiserver.Audit;
import java.util.Optional;
import java.util.Set;

/**
 * {@code kubeadm-audit}: the policy lies where the API server reads it, and there is a directory
 * for its log. An API server reads its policy when it starts, and not again: so another policy is
 * another file, which a control plane that lives is told of by {@code kubeadm-settings}. The one
 * that it was started with stays.
 */
public record KubeadmAudit() implements Step<Target.OnHost> {
  static final Directory FOLDER = Directory.of("/etc/kubernetes/audit");

  /** Its name tells what is in it. */
  static ManagedFile policy(Audit audit) {
    var name = audit.policyFile(FOLDER.path() + "/policy.yaml").sha256().brief();
    return audit.policyFile("%s/policy-%s.yaml".formatted(FOLDER.path(), name));
  }

  private static Optional<ManagedFile> policy(Target.OnHost target) {
    return Nodes.isServer(target.host())
        ? Audit.of(target.cluster()).map(KubeadmAudit::policy)
        : Optional.empty();
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return policy(target)
        .map(file ->
            Probes.of(Files.text(file.path())).and(FOLDER.probes()).and(Audit.LOGS.probes()))
        .orElse(Probes.NONE);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!Nodes.isServer(target.host())) {
      return new Check.Skipped("it is a worker");
    }
    return policy(target)
        .map(file ->
            Checks.together(
                FOLDER.check(seen),
                file.check(seen.of(Files.text(file.path()))),
                Audit.LOGS.check(seen)))
        .orElseGet(Check.InSync::new);
  }
}

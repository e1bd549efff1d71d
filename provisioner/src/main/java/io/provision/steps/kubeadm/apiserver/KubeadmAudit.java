package io.provision.steps.kubeadm.apiserver;

import io.provision.model.Content;
import io.provision.resource.Directory;
import io.provision.resource.Files;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code kubeadm-audit}: the policy lies where the API server reads it, and there is a directory
 * for its log. What a control plane that lives has of both is not changed: nothing would carry it
 * out.
 */
public record KubeadmAudit() implements Step<Target.OnHost> {
  static final Directory FOLDER = Directory.of("/etc/kubernetes/audit");
  static final String POLICY = FOLDER.path() + "/policy.yaml";

  /** Keys of the inventory by what they are to the API server. */
  private static final Map<String, String> KEYS =
      Map.of(
          "audit-log-maxage", "max_age",
          "audit-log-maxbackup", "max_backups",
          "audit-log-maxsize", "max_size");

  @Override
  public Probes probes(Target.OnHost target) {
    return Nodes.isServer(target.host())
        ? Probes.of(ApiServerLook.QUESTION, Files.text(POLICY))
            .and(FOLDER.probes())
            .and(Audit.LOGS.probes())
        : Probes.NONE;
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
    var look = seen.of(ApiServerLook.QUESTION);
    var wanted = Audit.of(target.cluster());
    if (wanted.isEmpty()) {
      return look.options().containsKey("audit-policy-file")
          ? refused("its API server writes a log of requests, and the inventory has no 'audit'")
          : new Check.InSync();
    }
    var file = wanted.get().policyFile(POLICY);
    var changed =
        look.isLiving()
            ? changed(look, wanted.get())
                .or(() -> otherPolicy(seen, (Content.Plain) file.content()))
            : Optional.<Check>empty();
    return changed.orElseGet(() ->
        Checks.together(
            FOLDER.check(seen), file.check(seen.of(Files.text(POLICY))), Audit.LOGS.check(seen)));
  }

  private static Optional<Check> changed(ApiServerLook look, Audit wanted) {
    if (!look.options().containsKey("audit-policy-file")) {
      return Optional.of(
          refused("its API server writes no log of requests, and the inventory has 'audit'"));
    }
    for (var option : wanted.options(POLICY).entrySet()) {
      var is = look.options().getOrDefault(option.getKey(), "");
      if (!is.equals(option.getValue())) {
        return Optional.of(
            refused(
                "its API server has '%s' %s for its log of requests, and the inventory says %s"
                    .formatted(
                        KEYS.getOrDefault(option.getKey(), option.getKey()),
                        is.isEmpty() ? "unset" : is,
                        option.getValue())));
      }
    }
    return Optional.empty();
  }

  /** An API server reads its policy when it starts, and not again. */
  private static Optional<Check> otherPolicy(Observations seen, Content.Plain wanted) {
    var state = seen.of(Files.text(POLICY));
    return state.exists() && !state.holds(wanted.sha256())
        ? Optional.of(
            refused("%s is another policy than the inventory's 'audit'".formatted(POLICY)))
        : Optional.empty();
  }

  private static Check refused(String what) {
    return new Check.Refused(
        what + ": changing that on a living node is not built yet", "set it back in the inventory");
  }
}

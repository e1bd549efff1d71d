package io.provision.steps.metallb;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.kube.comparison.Comparison;
import io.provision.render.Template;
import io.provision.resource.ClusterObjects;
import io.provision.resource.ManifestText;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Parameter;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The pool of addresses that the inventory gives MetalLB, and that it is announced in layer 2.
 * MetalLB checks them by a webhook, which answers only once its controller has put its authority
 * into it: that is waited for. What somebody changed in a pool of ours is set back.
 *
 * @param takeOver whether those that others made are taken over
 */
public record MetallbPools(
    @Parameter(
            value = "Whether a pool of that name that others made is taken over.",
            usual = "false",
            example = "true")
        boolean takeOver)
    implements Step<Target.OnCluster> {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Of both objects, as their template names them. */
  static final String NAME = "default";

  private static final Template POOL = Template.of("metallb/pool.yaml.ftl");
  private static final ClusterQuestion.One WEBHOOK =
      new ClusterQuestion.One(
          ObjectRef.of(
              "admissionregistration.k8s.io/v1",
              "ValidatingWebhookConfiguration",
              "metallb-webhook-configuration"));

  /** What the template sees. */
  private record Model(List<String> addresses) {}

  @Override
  public Probes probes(Target.OnCluster target) {
    return MetallbManifest.isWanted(target)
        ? new ClusterObjects(objects(target), takeOver)
            .probes()
            .and(Probes.ofCluster(List.of(WEBHOOK)))
        : Probes.NONE;
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    if (!MetallbManifest.isWanted(target)) {
      return new Check.Skipped(Metallb.NOT_WANTED);
    }
    var objects = objects(target);
    var answers = seen.of(WEBHOOK).map(MetallbPools::hasItsAuthority).orElse(true);
    return answers
        ? new ClusterObjects(objects, takeOver || areOurs(objects, seen)).check(seen)
        : new Check.NotYet(
            "MetalLB's webhook to have its certificate",
            PATIENCE,
            "its configuration has no authority yet",
            "see 'kubectl -n metallb-system logs deploy/controller'");
  }

  private static boolean hasItsAuthority(LiveObject webhook) {
    return webhook.content().get("webhooks") instanceof List<?> hooks
        && hooks.stream()
            .allMatch(hook ->
                hook instanceof Map<?, ?> map
                    && map.get("clientConfig") instanceof Map<?, ?> client
                    && client.get("caBundle") instanceof String text
                    && !text.isEmpty());
  }

  /**
   * Whether those that are there were made by us: then what somebody changed in one is drift, as in
   * a file of ours, and not a field of theirs.
   */
  private static boolean areOurs(List<Manifest> objects, Observations seen) {
    return objects.stream()
        .map(object -> seen.of(new ClusterQuestion.Declared(object)).live())
        .allMatch(live -> live.isEmpty() || Comparison.isOurs(live.get()));
  }

  private static List<Manifest> objects(Target.OnCluster target) {
    var wanted = target.cluster().sections().find(MetallbSettings.class).orElseThrow();
    return ManifestText.rendered(POOL, new Model(wanted.addresses()));
  }
}

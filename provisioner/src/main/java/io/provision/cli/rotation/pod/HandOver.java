package io.provision.cli.rotation.pod;

import io.provision.cli.run.OwnPod;
import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterException;
import io.provision.kube.ObjectRef;
import io.provision.kube.RawObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Has a pod on another node go on: a Job made of the CronJob of this one, kept away from the node
 * that this pod runs on.
 */
public record HandOver(OwnPod pod) {

  /**
   * Begins it.
   *
   * @return the name of the Job
   */
  public String begin(ClusterApi.Work api, Instant now) throws ClusterException {
    var from = PodNames.in(pod.namespace(), "batch/v1", "CronJob", pod.cronJob());
    var cronJob =
        api.read(from)
            .orElseThrow(() ->
                new ClusterException(
                    "%s is gone, by which this pod was started".formatted(from),
                    "install it again; the node that is left goes then",
                    null));
    var ref = ref(now);
    var _ = api.create(ref, job(ref, cronJob)); // one that is there already is the same
    return ref.name();
  }

  private ObjectRef ref(Instant now) {
    return PodNames.in(
        pod.namespace(),
        "batch/v1",
        "Job",
        "%s-over-%d".formatted(pod.cronJob(), now.getEpochSecond() / 60));
  }

  private Map<String, Object> job(ObjectRef ref, Map<String, Object> cronJob) {
    var template = RawObject.map(RawObject.map(cronJob.get("spec")).get("jobTemplate"));
    var metadata = new LinkedHashMap<String, Object>();
    metadata.put("name", ref.name());
    metadata.put("namespace", pod.namespace());
    metadata.put("labels", RawObject.map(RawObject.map(template.get("metadata")).get("labels")));
    metadata.put("ownerReferences", List.of(owner(cronJob)));
    var spec = new LinkedHashMap<>(RawObject.map(template.get("spec")));
    var pods = new LinkedHashMap<>(RawObject.map(spec.get("template")));
    pods.put("spec", elsewhere(RawObject.map(pods.get("spec"))));
    spec.put("template", pods);
    return Map.of(
        "apiVersion", ref.apiVersion(), "kind", ref.kind(), "metadata", metadata, "spec", spec);
  }

  /** It goes with the CronJob, and is among those that it keeps. */
  private Map<String, Object> owner(Map<String, Object> cronJob) {
    return Map.of(
        "apiVersion",
        "batch/v1",
        "kind",
        "CronJob",
        "name",
        pod.cronJob(),
        "uid",
        String.valueOf(RawObject.map(cronJob.get("metadata")).get("uid")),
        "controller",
        true);
  }

  private Map<String, Object> elsewhere(Map<String, Object> podSpec) {
    var spec = new LinkedHashMap<>(podSpec);
    var not =
        Map.of("key", "metadata.name", "operator", "NotIn", "values", List.of(pod.node().value()));
    spec.put(
        "affinity",
        Map.of(
            "nodeAffinity",
            Map.of(
                "requiredDuringSchedulingIgnoredDuringExecution",
                Map.of("nodeSelectorTerms", List.of(Map.of("matchFields", List.of(not)))))));
    var containers = new ArrayList<Map<String, Object>>();
    for (var each : list(podSpec.get("containers"))) {
      var container = new LinkedHashMap<>(each);
      if (RotationPod.CONTAINER.equals(container.get("name"))) {
        var variables = new ArrayList<>(list(container.get("env")));
        variables.add(RotationPod.variable(OwnPod.HANDED_OVER, pod.node().value()));
        container.put("env", variables);
      }
      containers.add(container);
    }
    spec.put("containers", containers);
    return spec;
  }

  private static List<Map<String, Object>> list(@org.jspecify.annotations.Nullable Object value) {
    return Optional.ofNullable(value)
        .filter(List.class::isInstance)
        .map(it -> (List<?>) it)
        .orElse(List.of())
        .stream()
        .map(RawObject::map)
        .toList();
  }
}

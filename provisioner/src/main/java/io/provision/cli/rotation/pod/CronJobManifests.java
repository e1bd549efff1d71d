package io.provision.cli.rotation.pod;

import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.model.window.CronSchedule;
import io.provision.steps.Catalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The objects of a rotation that runs in its own cluster, as they should be.
 *
 * @param schedule when it is started
 * @param longest how long its longest window is open
 * @param shortest how long its shortest one is
 */
record CronJobManifests(
    PodNames names, RotationPod pod, CronSchedule schedule, Duration longest, Duration shortest) {
  private static final String RBAC = "rbac.authorization.k8s.io/v1";
  private static final String RBAC_GROUP = "rbac.authorization.k8s.io";

  /** Behind a window the host in hand is finished; what lasts longer than that hangs. */
  private static final Duration BEHIND = Duration.ofHours(4);

  private static final Duration LATE = Duration.ofHours(1);

  /** Started so often anew where it was killed: it goes on where it was. */
  private static final int AGAIN = 3;

  private static final int KEPT = 3;

  /** More pods than there ever are of it: so none of them may be evicted. */
  private static final int ALL_OF_THEM = 9;

  /** What the program ends with by itself: the same again would end in the same way. */
  private static final List<Integer> ITS_OWN = List.of(1, 2, 4, 5, 6, 7, 70, 74);

  /** In the order in which they are made. */
  List<Manifest> all() {
    var all = new ArrayList<Manifest>();
    all.add(namespace());
    all.add(
        manifest(
            names.own("v1", "ServiceAccount", names.base()),
            Map.of("automountServiceAccountToken", false)));
    all.addAll(rights());
    all.addAll(files());
    all.add(budget());
    all.add(
        cronJob(
            names,
            pod,
            schedule,
            shortest.compareTo(LATE) < 0 ? shortest : LATE,
            longest.plus(BEHIND)));
    return List.copyOf(all);
  }

  /** What gives back, each hour, what a rotation has left that is no more. */
  Manifest janitor(RotationPod giving) {
    var hourly = new CronSchedule("41 * * * *", "Etc/UTC", true);
    return cronJob(names.janitor(), giving, hourly, Duration.ofMinutes(10), BEHIND);
  }

  private Manifest namespace() {
    var labels = new LinkedHashMap<String, Object>(labels());
    labels.put("pod-security.kubernetes.io/enforce", "restricted");
    return manifest(names.ofNamespace(), labels, Map.of());
  }

  private List<Manifest> rights() {
    var all = new ArrayList<Manifest>();
    var cluster = ObjectRef.of(RBAC, "ClusterRole", names.base());
    all.add(manifest(cluster, rules(RotationRights.ofCluster())));
    all.add(
        manifest(ObjectRef.of(RBAC, "ClusterRoleBinding", names.base()), binding("ClusterRole")));
    all.addAll(role("kube-system", RotationRights.ofTurn()));
    all.addAll(role("kube-node-lease", RotationRights.ofHeartbeats()));
    all.addAll(role(names.namespace(), RotationRights.ofHandOver(names.cronJob())));
    return all;
  }

  private List<Manifest> role(String namespace, List<RotationRights.Rule> rules) {
    return List.of(
        manifest(PodNames.in(namespace, RBAC, "Role", names.base()), rules(rules)),
        manifest(PodNames.in(namespace, RBAC, "RoleBinding", names.base()), binding("Role")));
  }

  private static Map<String, Object> rules(List<RotationRights.Rule> rules) {
    return Map.of("rules", rules.stream().map(RotationRights.Rule::content).toList());
  }

  private Map<String, Object> binding(String kind) {
    return Map.of(
        "roleRef",
        Map.of("apiGroup", RBAC_GROUP, "kind", kind, "name", names.base()),
        "subjects",
        List.of(
            Map.of(
                "kind", "ServiceAccount", "name", names.base(), "namespace", names.namespace())));
  }

  /** What is no secret can be seen in a plan, with what changes in it. */
  private List<Manifest> files() {
    var secret = new LinkedHashMap<String, Object>();
    var data = new LinkedHashMap<String, Object>();
    var binary = new LinkedHashMap<String, Object>();
    for (var file : pod.files()) {
      if (file.isSecret()) {
        secret.put(file.key(), file.base64());
      } else if (file.text().isPresent()) {
        data.put(file.key(), file.text().get());
      } else {
        binary.put(file.key(), file.base64());
      }
    }
    var open = new LinkedHashMap<String, Object>();
    open.put("data", data);
    if (!binary.isEmpty()) {
      open.put("binaryData", binary);
    }
    return List.of(
        manifest(names.own("v1", "Secret", names.base()), Map.of("type", "Opaque", "data", secret)),
        manifest(names.own("v1", "ConfigMap", names.base()), open));
  }

  /** A drain by anybody else waits for it, and does not kill it with a node in its hands. */
  private Manifest budget() {
    return manifest(
        names.own("policy/v1", "PodDisruptionBudget", names.base()),
        Map.of(
            "spec",
            Map.of(
                "minAvailable",
                ALL_OF_THEM,
                "selector",
                Map.of("matchLabels", pod.labels()),
                "unhealthyPodEvictionPolicy",
                "AlwaysAllow")));
  }

  private Manifest cronJob(
      PodNames of, RotationPod running, CronSchedule when, Duration late, Duration most) {
    var job = new LinkedHashMap<String, Object>();
    job.put("backoffLimit", AGAIN);
    job.put("activeDeadlineSeconds", most.toSeconds());
    job.put(
        "podFailurePolicy",
        Map.of(
            "rules",
            List.of(
                Map.of(
                    "action",
                    "FailJob",
                    "onExitCodes",
                    Map.of(
                        "containerName",
                        RotationPod.CONTAINER,
                        "operator",
                        "In",
                        "values",
                        ITS_OWN)),
                Map.of(
                    "action",
                    "Ignore",
                    "onPodConditions",
                    List.of(Map.of("type", "DisruptionTarget", "status", "True"))))));
    job.put("template", running.template());
    var spec = new LinkedHashMap<String, Object>();
    spec.put("schedule", when.schedule());
    spec.put("timeZone", when.zone());
    spec.put("concurrencyPolicy", "Forbid");
    spec.put("startingDeadlineSeconds", late.toSeconds());
    spec.put("successfulJobsHistoryLimit", KEPT);
    spec.put("failedJobsHistoryLimit", KEPT);
    spec.put("jobTemplate", Map.of("metadata", Map.of("labels", running.labels()), "spec", job));
    return manifest(of.ofCronJob(), Map.of("spec", spec));
  }

  private Map<String, String> labels() {
    var labels = new LinkedHashMap<>(Catalog.rotationLabels());
    labels.put("app.kubernetes.io/instance", names.base());
    return labels;
  }

  private Manifest manifest(ObjectRef ref, Map<String, Object> content) {
    return manifest(ref, labels(), content);
  }

  private static Manifest manifest(
      ObjectRef ref, Map<String, ?> labels, Map<String, Object> content) {
    var metadata = new LinkedHashMap<String, Object>();
    metadata.put("name", ref.name());
    ref.namespace().ifPresent(it -> metadata.put("namespace", it));
    metadata.put("labels", labels);
    var object = new LinkedHashMap<String, Object>();
    object.put("apiVersion", ref.apiVersion());
    object.put("kind", ref.kind());
    object.put("metadata", metadata);
    object.putAll(content);
    return Manifest.of(object);
  }
}

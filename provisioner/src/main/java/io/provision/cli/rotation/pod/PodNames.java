package io.provision.cli.rotation.pod;

import io.provision.cli.run.Refused;
import io.provision.kube.ObjectRef;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the objects of a rotation that runs in a cluster are called.
 *
 * @param cluster its name in the inventory
 * @param base of all objects
 * @param cronJob the one that a pod was started by
 */
record PodNames(String namespace, String cluster, String base, String cronJob) {
  /** Where nothing else is said. */
  static final String NAMESPACE = "provision-rotation";

  /** Of what a CronJob may have for its name, so much is left beside the rest of ours. */
  private static final int LONGEST = 30;

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final String RBAC = "rbac.authorization.k8s.io/v1";

  static PodNames of(String namespace, String cluster) throws Refused {
    if (!LABEL.matcher(namespace).matches() || namespace.startsWith("kube-")) {
      throw new Refused(
          "--namespace",
          "'%s' is none: lower-case letters, digits and '-', and not one of Kubernetes' own, whose Secrets others read"
              .formatted(namespace));
    }
    var word = cluster.toLowerCase(java.util.Locale.ROOT);
    if (word.length() > LONGEST || !LABEL.matcher(word).matches()) {
      throw new Refused(
          "--install-cronjob",
          "the cluster's name '%s' is to be part of the names of objects: write lower-case letters, digits and '-', %d at most"
              .formatted(cluster, LONGEST));
    }
    var base = "provision-rotate-" + word;
    return new PodNames(namespace, cluster, base, base);
  }

  /** Of the one that gives back what a rotation has left. */
  PodNames janitor() {
    return new PodNames(namespace, cluster, base, base + "-janitor");
  }

  ObjectRef own(String apiVersion, String kind, String name) {
    return in(namespace, apiVersion, kind, name);
  }

  static ObjectRef in(String namespace, String apiVersion, String kind, String name) {
    return new ObjectRef(apiVersion, kind, Optional.of(namespace), name);
  }

  ObjectRef ofNamespace() {
    return ObjectRef.of("v1", "Namespace", namespace);
  }

  ObjectRef ofCronJob() {
    return own("batch/v1", "CronJob", cronJob);
  }

  /** All there can be, in the order in which they go; but the namespace. */
  List<ObjectRef> all() {
    return List.of(
        ofCronJob(),
        janitor().ofCronJob(),
        own("policy/v1", "PodDisruptionBudget", base),
        own("v1", "Secret", base),
        own("v1", "ConfigMap", base),
        own(RBAC, "RoleBinding", base),
        own(RBAC, "Role", base),
        in("kube-system", RBAC, "RoleBinding", base),
        in("kube-system", RBAC, "Role", base),
        in("kube-node-lease", RBAC, "RoleBinding", base),
        in("kube-node-lease", RBAC, "Role", base),
        ObjectRef.of(RBAC, "ClusterRoleBinding", base),
        ObjectRef.of(RBAC, "ClusterRole", base),
        own("v1", "ServiceAccount", base));
  }
}

package io.provision.cli.rotation.pod;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a rotation asks of the API of its cluster, and nothing else: a test holds it against each
 * request that a rotation was seen to send. See
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
public final class RotationRights {
  /** By which only one node at a time is out of use. */
  static final String TURN = "provision-rotation";

  private static final String PATCH = "patch";
  private static final String CREATE = "create";
  private static final String READ = "get";
  private static final String LIST = "list";

  private RotationRights() {}

  /** A rule of a Role. */
  public record Rule(String group, String resource, List<String> verbs, List<String> names) {
    public Rule(String group, String resource, String... verbs) {
      this(group, resource, List.of(verbs), List.of());
    }

    public Rule {
      verbs = List.copyOf(verbs);
      names = List.copyOf(names);
    }

    /** The same, of these objects alone. */
    Rule of(String... only) {
      return new Rule(group, resource, verbs, List.of(only));
    }

    Map<String, Object> content() {
      var rule = new java.util.LinkedHashMap<String, Object>();
      rule.put("apiGroups", List.of(group));
      rule.put("resources", List.of(resource));
      if (!names.isEmpty()) {
        rule.put("resourceNames", names);
      }
      rule.put("verbs", verbs);
      return rule;
    }
  }

  /** In all namespaces: a node has pods of all of them. */
  public static List<Rule> ofCluster() {
    return List.of(
        // is claimed and cordoned, and given back, and awaited
        new Rule("", "nodes", READ, LIST, PATCH),
        // what runs on a node, and goes
        new Rule("", "pods", LIST),
        new Rule("", "pods/eviction", CREATE),
        // whether what has them runs elsewhere
        new Rule("apps", "deployments", READ, LIST),
        new Rule("apps", "replicasets", READ),
        new Rule("apps", "statefulsets", READ),
        new Rule("", "replicationcontrollers", READ),
        // whether they have room on other nodes, and their volumes have let go
        new Rule("", "persistentvolumeclaims", READ, LIST),
        new Rule("", "persistentvolumes", LIST),
        new Rule("policy", "poddisruptionbudgets", LIST),
        new Rule("storage.k8s.io", "volumeattachments", LIST),
        // who else reboots nodes by himself
        new Rule("apps", "daemonsets", LIST),
        new Rule("upgrade.cattle.io", "plans", LIST),
        // whether another server of the API answers
        new Rule("", "namespaces", READ).of("kube-system"));
  }

  /** In {@code kube-system}: whose turn it is. */
  public static List<Rule> ofTurn() {
    return List.of(
        new Rule("coordination.k8s.io", "leases", READ, PATCH).of(TURN),
        new Rule("coordination.k8s.io", "leases", CREATE));
  }

  /** In {@code kube-node-lease}: whether a kubelet is heard of anew. */
  public static List<Rule> ofHeartbeats() {
    return List.of(new Rule("coordination.k8s.io", "leases", READ));
  }

  /** In its own: the job that goes on elsewhere is made of its CronJob. */
  public static List<Rule> ofHandOver(String cronJob) {
    var rules = new ArrayList<Rule>();
    rules.add(new Rule("batch", "cronjobs", READ).of(cronJob));
    rules.add(new Rule("batch", "jobs", CREATE));
    return List.copyOf(rules);
  }
}

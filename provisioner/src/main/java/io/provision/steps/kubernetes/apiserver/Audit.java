package io.provision.steps.kubernetes.apiserver;

import io.provision.model.Cluster;
import io.provision.model.Content;
import io.provision.render.Template;
import io.provision.render.YamlContent;
import io.provision.resource.Directory;
import io.provision.resource.FileMode;
import io.provision.resource.ManagedFile;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What every API server writes down of requests, and how much of it is kept.
 *
 * @param policy as the inventory has it, in its order; empty for the one of ours
 * @param maxAge in days
 * @param maxBackups full files besides the one that is written
 * @param maxSize in megabytes
 */
public record Audit(Map<String, Object> policy, int maxAge, int maxBackups, int maxSize) {
  static final Audit USUAL = new Audit(Map.of(), 30, 10, 100);

  /** On every server, for root alone: who asked for what is nobody else's business. */
  public static final Directory LOGS =
      Directory.of("/var/log/kubernetes/audit").withMode(new FileMode(0700));

  /** What every option of the API server that is about the log begins with. */
  public static final String OPTIONS = "audit-";

  private static final Template POLICY = Template.of("kubernetes/audit-policy.yaml.ftl");

  /** What the template sees: lines of a policy without its first two; empty for ours. */
  private record Model(String own) {}

  public Audit {
    policy = Collections.unmodifiableMap(new LinkedHashMap<>(policy));
  }

  /** Empty where nothing is written down. */
  public static Optional<Audit> of(Cluster cluster) {
    return cluster.sections().find(Audit.class);
  }

  /**
   * Options of the API server by their names, in a stable order
   * (kubernetes.io/docs/tasks/debug/debug-cluster/audit).
   *
   * @param policyFile where {@link #policyFile} lies
   */
  public Map<String, String> options(String policyFile) {
    var options = new LinkedHashMap<String, String>();
    options.put("audit-policy-file", policyFile);
    options.put("audit-log-path", LOGS.path() + "/audit.log");
    options.put("audit-log-maxage", String.valueOf(maxAge));
    options.put("audit-log-maxbackup", String.valueOf(maxBackups));
    options.put("audit-log-maxsize", String.valueOf(maxSize));
    return options;
  }

  /** The policy, for root alone. */
  public ManagedFile policyFile(String path) {
    return ManagedFile.of(path, content()).withMode(FileMode.PRIVATE);
  }

  private Content content() {
    var own = new LinkedHashMap<>(policy);
    own.keySet().removeAll(AuditPolicy.HEAD.keySet());
    return POLICY.render(new Model(YamlContent.text(own).stripTrailing()));
  }
}

package io.provision.cli.run;

import io.provision.model.HostName;
import java.util.Map;
import java.util.Optional;

/**
 * That this program runs in a pod of the cluster that it works on, as its own CronJob has started
 * it.
 *
 * @param namespace of the pod
 * @param cronJob that started it, by its name
 * @param node that it runs on
 * @param handedOver the node from which an earlier pod has handed over; empty where none has
 */
public record OwnPod(
    String namespace, String cronJob, HostName node, Optional<HostName> handedOver) {
  /** The variables by which a pod is told who it is. */
  public static final String NAMESPACE = "PROVISION_POD_NAMESPACE";

  public static final String CRON_JOB = "PROVISION_POD_CRONJOB";
  public static final String NODE = "PROVISION_POD_NODE";
  public static final String HANDED_OVER = "PROVISION_POD_HANDED_OVER";

  /** What the environment of this process says; empty outside of such a pod. */
  public static Optional<OwnPod> of(Map<String, String> environment) {
    var namespace = environment.getOrDefault(NAMESPACE, "");
    var cronJob = environment.getOrDefault(CRON_JOB, "");
    var node = environment.getOrDefault(NODE, "");
    if (namespace.isEmpty() || cronJob.isEmpty() || node.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new OwnPod(
            namespace,
            cronJob,
            new HostName(node),
            Optional.ofNullable(environment.get(HANDED_OVER))
                .filter(it -> !it.isEmpty())
                .map(HostName::new)));
  }
}

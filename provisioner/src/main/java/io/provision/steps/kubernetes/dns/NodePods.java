package io.provision.steps.kubernetes.dns;

import io.provision.remote.ShellFunction;
import io.provision.steps.kubernetes.Kubectl;
import java.util.List;

/**
 * Pods without which a node is none: those of the class {@code system-node-critical}, such as a
 * network plugin's and kube-proxy's. As long as one of them does not run, no other pod is reached.
 */
final class NodePods {
  /**
   * {@code waiting_node_pods PROGRAM KUBECONFIG NODE}: of those that do not run a line each: how
   * often it was restarted, its name, and why it waits. Nothing where no administrator's kubeconfig
   * is, as on an agent.
   */
  static final ShellFunction WAITING =
      new ShellFunction(
          "waiting_node_pods",
          """
          admin_kubectl "$1" "$2" get pods -A --field-selector "spec.nodeName=$3" -o \\
            'go-template={{range .items}}{{$pod := .metadata.name}}{{if eq (print .spec.priorityClassName) "system-node-critical"}}{{range .status.initContainerStatuses}}{{$n := .restartCount}}{{with .state.waiting}}{{$n}} {{$pod}}: {{.reason}}: {{.message}}{{"\\n"}}{{end}}{{end}}{{range .status.containerStatuses}}{{$n := .restartCount}}{{with .state.waiting}}{{$n}} {{$pod}}: {{.reason}}: {{.message}}{{"\\n"}}{{end}}{{end}}{{end}}{{end}}' \\
            2>/dev/null | head -c 4000 | grep '^[0-9]\\{1,9\\} '\
          """,
          List.of(Kubectl.ADMIN));

  /**
   * {@code node_pod_has_failed PROGRAM KUBECONFIG NODE}: one of them ended three times and more.
   */
  static final ShellFunction FAILED =
      new ShellFunction(
          "node_pod_has_failed",
          """
          waiting_node_pods "$@" | grep -q '^\\([3-9]\\|[0-9][0-9]\\{1,8\\}\\) .*: CrashLoopBackOff: '\
          """,
          List.of(WAITING));

  private NodePods() {}
}

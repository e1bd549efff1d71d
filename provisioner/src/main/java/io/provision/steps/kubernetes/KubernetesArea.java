package io.provision.steps.kubernetes;

import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of what every distribution of Kubernetes has: one line a step. */
public final class KubernetesArea {
  public static final Area AREA =
      Area.of(
          new StepEntry(
              "kubeconfig",
              OperatorKubeconfig.class,
              "Merges the cluster into the operator's kubeconfig."),
          new StepEntry("node-labels", NodeLabels.class, "Sets labels and taints of the nodes."),
          new StepEntry(
              "nodes-ready",
              NodesReady.class,
              "Waits until every node is Ready, with its right address."),
          new StepEntry(
              "stopped-servers",
              StoppedServers.class,
              "Starts servers of the cluster that do not run, all at once."));

  private KubernetesArea() {}
}

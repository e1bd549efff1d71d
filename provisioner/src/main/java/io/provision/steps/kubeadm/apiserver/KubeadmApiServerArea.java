package io.provision.steps.kubeadm.apiserver;

import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of kubeadm's API servers: its one step. */
public final class KubeadmApiServerArea {
  public static final Area AREA =
      Area.of(
          new StepEntry(
              "kubeadm-audit",
              KubeadmAudit.class,
              "Writes the policy of the API server's log, and makes the directory of that log."));

  private KubeadmApiServerArea() {}
}

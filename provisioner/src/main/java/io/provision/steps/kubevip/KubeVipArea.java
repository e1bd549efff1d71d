package io.provision.steps.kubevip;

import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of kube-vip: one line a step. */
public final class KubeVipArea {
  public static final Area AREA =
      Area.of(
          new StepEntry(
              "kube-vip",
              KubeVip.class,
              "Carries the virtual address of the control plane among the servers."));

  private KubeVipArea() {}
}

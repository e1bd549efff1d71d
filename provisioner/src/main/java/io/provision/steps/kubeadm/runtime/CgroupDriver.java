package io.provision.steps.kubeadm.runtime;

import io.provision.step.Target;
import io.provision.steps.kubernetes.settings.KubeletSection;
import io.provision.steps.kubernetes.settings.Overrides;

/**
 * Who makes the cgroups of pods: kubelet and containerd must agree on it. Every host that is
 * supported was booted with systemd, and two who write one tree get in each other's way
 * (kubernetes.io/docs/setup/production-environment/container-runtimes), so that it is systemd
 * unless the inventory says otherwise.
 */
public enum CgroupDriver {
  SYSTEMD,
  CGROUPFS;

  /** The word of a KubeletConfiguration. */
  public static final String KEY = "cgroupDriver";

  static CgroupDriver of(Target.OnHost target) {
    var declared = Overrides.of(KubeletSection.class, target.host(), target.cluster()).get(KEY);
    return "cgroupfs".equals(declared) ? CGROUPFS : SYSTEMD;
  }

  @Override
  public String toString() {
    return this == SYSTEMD ? "systemd" : "cgroupfs";
  }
}

package io.provision.steps.kubernetes.settings;

import io.provision.section.SectionEntry;
import io.provision.step.Area;

/** What the catalog has of settings of programs: one line for each place of each. */
public final class SettingsArea {
  private static final String KUBELET = "{ maxPods: 50 }";
  private static final String PROXY = "{ mode: nftables }";
  private static final String CONTAINERD = "{ plugins: { } }";

  public static final Area AREA =
      Area.of()
          .with(
              new SectionEntry(
                  "cluster",
                  KubeletSection.KEY,
                  KubeletSection.class,
                  "Settings of the kubelet, as in its KubeletConfiguration.",
                  KUBELET),
              new SectionEntry(
                  "cluster",
                  KubeProxySection.KEY,
                  KubeProxySection.class,
                  "Settings of kube-proxy, as in its KubeProxyConfiguration.",
                  PROXY),
              new SectionEntry(
                  "cluster",
                  ContainerdSection.KEY,
                  ContainerdSection.class,
                  "Settings of containerd, as tables of its config.toml; of a host's own containerd names alone are checked.",
                  CONTAINERD),
              new SectionEntry(
                  "hosts",
                  KubeletSection.KEY,
                  KubeletSection.class,
                  "Settings of this host's kubelet.",
                  KUBELET),
              new SectionEntry(
                  "hosts",
                  KubeProxySection.KEY,
                  KubeProxySection.class,
                  "Settings of this host's kube-proxy.",
                  PROXY),
              new SectionEntry(
                  "hosts",
                  ContainerdSection.KEY,
                  ContainerdSection.class,
                  "Settings of this host's containerd.",
                  CONTAINERD));

  private SettingsArea() {}
}

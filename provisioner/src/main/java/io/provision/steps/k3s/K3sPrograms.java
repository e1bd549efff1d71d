package io.provision.steps.k3s;

import io.provision.model.Version;
import io.provision.steps.kubernetes.settings.ContainerdSection;
import io.provision.steps.kubernetes.settings.DeclaredPrograms;
import io.provision.steps.kubernetes.settings.DeclaredPrograms.Since;
import io.provision.steps.kubernetes.settings.KubeProxySection;
import io.provision.steps.kubernetes.settings.KubeletSection;
import java.util.Map;

/** How k3s has its kubelet, kube-proxy and containerd take settings. */
final class K3sPrograms {
  private static final Version FILES = Version.parse("v1.32.0");

  /**
   * From which version on k3s reads a file of such settings, and what there is instead before.
   * Kubelet and kube-proxy: k3s writes its own as files since v1.32.0 (k3s-io/k3s#10433); before,
   * its flags win over any file. containerd: {@code config-v3.toml.d} or a template of version 3,
   * without a gap since v1.33.0.
   */
  private static final Map<String, Since> SINCE =
      Map.of(
          KubeletSection.KEY,
              new Since(FILES, "an option of k3s (k3s: { kubelet-arg: [NAME=VALUE] })"),
          KubeProxySection.KEY,
              new Since(FILES, "an option of k3s (k3s: { kube-proxy-arg: [NAME=VALUE] })"),
          ContainerdSection.KEY,
              new Since(
                  Version.parse("v1.33.0"),
                  "a template of containerd's configuration on the host"));

  /** What k3s says by a flag, which wins over a file, or writes itself. */
  private static final Map<String, Map<String, String>> DECIDED =
      Map.of(
          KubeletSection.KEY,
              Map.of(
                  "readOnlyPort",
                  "k3s sets it by a flag, which wins. write k3s: { kubelet-arg: [read-only-port=10255] }."),
          KubeProxySection.KEY,
              Map.of("hostnameOverride", "k3s sets it by a flag, which wins. take it out."),
          ContainerdSection.KEY,
              Map.of(
                  "version", "it is 3. take it out.",
                  "imports", "k3s writes it. take it out.",
                  "root", "k3s writes it. take it out.",
                  "state", "k3s writes it. take it out."));

  static final DeclaredPrograms DECLARED = new DeclaredPrograms(SINCE, DECIDED, true);

  private K3sPrograms() {}
}

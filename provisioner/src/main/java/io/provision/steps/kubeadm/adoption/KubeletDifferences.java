package io.provision.steps.kubeadm.adoption;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A KubeletConfiguration that kubeadm has written, beside what the inventory says: kubeadm fills in
 * what nobody said (kubernetes, cmd/kubeadm/app/componentconfigs/kubelet.go, as of 1.36).
 */
public final class KubeletDifferences {
  /** Of kubeadm; the address of the cluster's DNS follows from its network of services. */
  private static final Map<String, Set<String>> USUAL =
      Map.ofEntries(
          Map.entry("apiVersion", Set.of("kubelet.config.k8s.io/v1beta1")),
          Map.entry("kind", Set.of("KubeletConfiguration")),
          Map.entry("staticPodPath", Set.of("/etc/kubernetes/manifests")),
          Map.entry("clusterDomain", Set.of("cluster.local")),
          Map.entry("authentication/anonymous/enabled", Set.of("false")),
          Map.entry("authentication/webhook/enabled", Set.of("true")),
          Map.entry("authentication/x509/clientCAFile", Set.of("/etc/kubernetes/pki/ca.crt")),
          Map.entry("authorization/mode", Set.of("Webhook")),
          Map.entry("healthzBindAddress", Set.of("127.0.0.1")),
          Map.entry("healthzPort", Set.of("10248")),
          Map.entry("rotateCertificates", Set.of("true")),
          Map.entry("resolvConf", Set.of("/run/systemd/resolve/resolv.conf")),
          Map.entry(
              "containerRuntimeEndpoint",
              Set.of(
                  "unix:///var/run/containerd/containerd.sock",
                  "unix:///run/containerd/containerd.sock")));

  private KubeletDifferences() {}

  /**
   * @param text of the file, or of what the cluster keeps
   * @throws io.provision.render.RenderException where it is not YAML
   */
  public static Differences of(String text, Map<?, ?> wanted) {
    return Differences.of(
        Differences.document("KubeletConfiguration", text), wanted, KubeletDifferences::isUsual);
  }

  private static boolean isUsual(String at, Object value) {
    var isDns = at.equals("clusterDNS") && value instanceof List<?> list && list.size() == 1;
    return isDns
        || USUAL.getOrDefault(at, Set.of()).contains(String.valueOf(value))
        || Differences.isUnset(value);
  }
}

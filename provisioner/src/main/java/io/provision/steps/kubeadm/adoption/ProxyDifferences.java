package io.provision.steps.kubeadm.adoption;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A KubeProxyConfiguration that kubeadm keeps, beside what the inventory says: kubeadm fills in
 * what nobody said (kubernetes, cmd/kubeadm/app/componentconfigs/kubeproxy.go), and no switch of
 * kube-proxy is on by itself.
 */
public final class ProxyDifferences {
  private static final Map<String, Set<String>> USUAL =
      Map.of(
          "apiVersion", Set.of("kubeproxy.config.k8s.io/v1alpha1"),
          "kind", Set.of("KubeProxyConfiguration"),
          "bindAddress", Set.of("0.0.0.0", "::"),
          "clientConnection/kubeconfig", Set.of("/var/lib/kube-proxy/kubeconfig.conf"));

  private ProxyDifferences() {}

  /**
   * @param text what the cluster keeps
   * @throws io.provision.render.RenderException where it is not YAML
   */
  public static Differences of(String text, Map<?, ?> wanted) {
    var is = new HashMap<Object, Object>(Differences.document("KubeProxyConfiguration", text));
    if (is.getOrDefault("mode", "").equals("")) {
      is.put(
          "mode", "iptables"); // on Linux (kubernetes, pkg/proxy/apis/config/v1alpha1/defaults.go)
    }
    is.remove("clusterCIDR"); // the network of pods, which is compared as such
    return Differences.of(is, wanted, ProxyDifferences::isUsual);
  }

  private static boolean isUsual(String at, Object value) {
    return value.equals(false)
        || USUAL.getOrDefault(at, Set.of()).contains(String.valueOf(value))
        || Differences.isUnset(value);
  }
}

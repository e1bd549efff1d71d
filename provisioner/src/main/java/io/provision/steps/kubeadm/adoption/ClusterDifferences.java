package io.provision.steps.kubeadm.adoption;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a cluster keeps for kubeadm, beside what is written here: kubeadm fills in what nobody said
 * (kubernetes, cmd/kubeadm/app/apis/kubeadm/v1beta4/defaults.go).
 */
public final class ClusterDifferences {
  private static final Map<String, Set<String>> USUAL =
      Map.of(
          "certificatesDir", Set.of("/etc/kubernetes/pki"),
          "imageRepository", Set.of("registry.k8s.io"),
          "encryptionAlgorithm", Set.of("RSA-2048"),
          "caCertificateValidityPeriod", Set.of("87600h", "87600h0m0s"),
          "certificateValidityPeriod", Set.of("8760h", "8760h0m0s"),
          "etcd/local/dataDir", Set.of("/var/lib/etcd"),
          "apiServer/timeoutForControlPlane", Set.of("4m", "4m0s"),
          "proxy/disabled", Set.of("false"),
          "dns/disabled", Set.of("false"));

  /** The version is an upgrade's, the address of the API is told by kubeconfigs. */
  private static final Set<String> NOT_HERE =
      Set.of("apiVersion", "kind", "kubernetesVersion", "controlPlaneEndpoint");

  private ClusterDifferences() {}

  /**
   * @param text what the cluster keeps
   * @param wanted the document of the same kind that is written here
   * @throws io.provision.render.RenderException where it is not YAML
   */
  public static Differences of(String text, Map<?, ?> wanted) {
    var is = new HashMap<Object, Object>(Differences.document("ClusterConfiguration", text));
    var should = new HashMap<Object, Object>(wanted);
    is.keySet().removeAll(NOT_HERE);
    should.keySet().removeAll(NOT_HERE);
    is.put("apiServer", withoutNames(is.get("apiServer")));
    should.put("apiServer", withoutNames(should.get("apiServer")));
    return Differences.of(is, should, ClusterDifferences::isUsual);
  }

  /**
   * What the certificates of its API servers are to name besides what they always do.
   *
   * @throws io.provision.render.RenderException where it is not YAML
   */
  public static List<String> names(String text) {
    return Differences.document("ClusterConfiguration", text).get("apiServer")
                instanceof Map<?, ?> map
            && map.get("certSANs") instanceof List<?> names
        ? names.stream().map(String::valueOf).toList()
        : List.of();
  }

  /** What certificates are shown for is compared by the certificate. */
  private static Map<?, ?> withoutNames(@org.jspecify.annotations.Nullable Object apiServer) {
    var rest = new HashMap<Object, Object>();
    if (apiServer instanceof Map<?, ?> map) {
      rest.putAll(map);
    }
    rest.remove("certSANs");
    return rest;
  }

  private static boolean isUsual(String at, Object value) {
    return USUAL.getOrDefault(at, Set.of()).contains(String.valueOf(value))
        || Differences.isUnset(value);
  }
}

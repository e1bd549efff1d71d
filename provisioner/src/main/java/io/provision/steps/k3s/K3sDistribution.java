package io.provision.steps.k3s;

import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.steps.kubernetes.Distribution;
import io.provision.steps.kubernetes.DnsService;
import io.provision.steps.kubernetes.Kubectl;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** k3s: one program and one unit a node, which brings all else along. */
public record K3sDistribution() implements Distribution {
  /** What the running k3s has unpacked: {@code k3s kubectl} would unpack itself after an update. */
  static final Kubectl KUBECTL =
      new Kubectl("/var/lib/rancher/k3s/data/current/bin/kubectl", K3s.FOLDER + "/k3s.yaml");

  @Override
  public String name() {
    return "k3s";
  }

  @Override
  public String unit(Host host) {
    return K3s.unit(host);
  }

  @Override
  public Kubectl kubectl() {
    return KUBECTL;
  }

  @Override
  public String kubeletKubeconfig() {
    return K3s.JOINED;
  }

  @Override
  public Optional<DnsService> dns(Cluster cluster) {
    var own = cluster.settings().getOrDefault("k3s", Map.of());
    var disabled = own.get("disable");
    if (disabled instanceof List<?> list ? list.contains("coredns") : "coredns".equals(disabled)) {
      return Optional.empty();
    }
    var given = own.get("cluster-dns");
    return Optional.of(
        new DnsService(
            given == null
                ? DnsService.usualAddress(cluster)
                : given.toString().replaceFirst(",.*", ""),
            String.valueOf(own.getOrDefault("cluster-domain", DnsService.USUAL_DOMAIN))));
  }
}

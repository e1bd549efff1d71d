package io.provision.load.foreign;

import io.provision.load.foreign.Carried.Left;
import io.provision.load.foreign.Carried.OneCluster;
import io.provision.load.foreign.Carried.Ranges;
import io.provision.load.foreign.Carried.Reach;
import io.provision.model.Cidr;
import io.provision.section.Node.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What kubespray's variables say of a cluster; where one says nothing, what kubespray takes.
 *
 * @see <a href="https://github.com/kubernetes-sigs/kubespray/blob/master/docs/ansible/vars.md">the
 *     variables</a>
 */
final class KubesprayVariables {
  private static final Cidr PODS = Cidr.parse("10.233.64.0/18");
  private static final Cidr SERVICES = Cidr.parse("10.233.0.0/18");
  private static final String PLUGIN = "kube_network_plugin";

  private KubesprayVariables() {}

  /**
   * @param left takes what cannot be carried over, besides what nobody asks for
   */
  static OneCluster of(ForeignSettings all, List<Left> left) {
    var version = all.version("kube_version");
    var domain = all.name("apiserver_loadbalancer_domain_name");
    var plugin = all.scalar(PLUGIN);
    var known = plugin.map(Scalar::text).filter(it -> it.matches("calico|flannel"));
    if (plugin.isPresent() && known.isEmpty()) {
      var at = plugin.get().position();
      left.add(new Left(at, PLUGIN, "flannel and calico are what there is"));
    }
    var pods = all.cidr("kube_pods_subnet");
    var services = all.cidr("kube_service_addresses");
    var names = new ArrayList<String>();
    for (var item : K0sctlReader.items(all.node("supplementary_addresses_in_ssl_keys"))) {
      if (item instanceof Scalar(var text, var _, var _)) {
        ForeignSettings.asName(text).ifPresent(names::add);
      }
    }
    all.leave("see 'load_balancer.metallb'", "metallb_enabled", "metallb_config");
    all.leave(
        "the containerd of the host is used, or one of 'container_runtime'", "container_manager");
    return new OneCluster(
        "kubeadm",
        version,
        new Reach(domain, Optional.empty(), names),
        new Ranges(
            known.or(() -> plugin.isPresent() ? Optional.empty() : Optional.of("calico")),
            pods.or(() -> Optional.of(PODS)),
            services.or(() -> Optional.of(SERVICES))));
  }
}

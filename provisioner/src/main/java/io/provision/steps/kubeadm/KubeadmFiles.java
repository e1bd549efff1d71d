package io.provision.steps.kubeadm;

import io.provision.model.Content;
import io.provision.model.NodeAddress;
import io.provision.render.Template;
import io.provision.render.YamlContent;
import io.provision.resource.FileMode;
import io.provision.resource.ManagedFile;
import io.provision.step.Known;
import io.provision.step.Target;
import io.provision.steps.kubeadm.apiserver.ApiServerOptions;
import io.provision.steps.kubeadm.names.ApiName;
import io.provision.steps.kubeadm.runtime.CgroupDriver;
import io.provision.steps.kubeadm.runtime.ContainerRuntime;
import io.provision.steps.kubernetes.ApiServer;
import io.provision.steps.kubernetes.DnsService;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.settings.KubeProxySection;
import io.provision.steps.kubernetes.settings.KubeletSection;
import io.provision.steps.kubernetes.settings.KubeletSettings;
import io.provision.steps.kubernetes.settings.Overrides;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The configurations that kubeadm is called with, v1beta4
 * (kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4). None of them holds a secret.
 *
 * @param api by which nodes find it: a name, or the address that they have in a cluster that was
 *     not begun here
 */
record KubeadmFiles(Target.OnHost target, NodeAddress address, String api) {
  private static final Template INIT = Template.of("kubeadm/init.yaml.ftl");
  private static final Template JOIN = Template.of("kubeadm/join.yaml.ftl");
  private static final Template UPGRADE = Template.of("kubeadm/upgrade.yaml.ftl");
  private static final Template REGISTRATION = Template.of("kubeadm/registration.yaml.ftl");
  private static final Template HAS = Template.of("kubeadm/kubelet-has.yaml.ftl");
  private static final Template PATCH = Template.of("kubeadm/kubelet-patch.yaml.ftl");

  /** What a host's kubelet has of its own goes along with every init, join and upgrade. */
  static final String KUBELET_PATCH = Kubeadm.PATCHES + "/kubeletconfiguration0+merge.yaml";

  private record InitModel(
      String address,
      int port,
      String registration,
      String patches,
      String cluster,
      String version,
      String endpoint,
      String pods,
      String services,
      String domain,
      Map<String, String> options,
      Map<String, String> readable,
      Map<String, String> writable,
      List<String> names,
      String kubelet,
      String proxy) {}

  private record JoinModel(
      String endpoint,
      int port,
      String registration,
      String patches,
      boolean server,
      String address) {}

  private record RegistrationModel(
      String name, String socket, String address, List<String> ignored) {}

  private record UpgradeModel(
      String version, String patches, List<String> ignored, boolean settings) {}

  private record PatchModel(String settings) {}

  /** Those of a host whose address is known. */
  static KubeadmFiles of(Target.OnHost target, Known known) {
    var address = Objects.requireNonNull(known.all(Nodes.ADDRESS).get(target.host().name()));
    return new KubeadmFiles(target, address, ApiName.of(target.cluster(), known));
  }

  /** Of which most stays the same on every node, and wherever the API is found. */
  static KubeadmFiles ofNoHost(Target.OnHost target) {
    return new KubeadmFiles(target, NodeAddress.parse("127.0.0.1"), ApiName.of(target.cluster()));
  }

  ManagedFile init() {
    var cluster = target.cluster();
    var network = cluster.network();
    var apiServer = ApiServerOptions.of(cluster);
    return secretFree(
        Kubeadm.INIT,
        INIT.render(
            new InitModel(
                address.toString(),
                ApiServer.PORT,
                registration(),
                Kubeadm.PATCHES,
                cluster.name(),
                Nodes.version(target).toString(),
                api,
                network.podCidr().toString(),
                network.serviceCidr().toString(),
                DnsService.USUAL_DOMAIN,
                apiServer.options(),
                apiServer.readable(),
                apiServer.writable(),
                names(),
                YamlContent.text(kubelet()).stripTrailing(),
                YamlContent.text(proxy()).stripTrailing())));
  }

  ManagedFile join() {
    return secretFree(
        Kubeadm.JOIN,
        JOIN.render(
            new JoinModel(
                api,
                ApiServer.PORT,
                registration(),
                Kubeadm.PATCHES,
                Nodes.isServer(target.host()),
                address.toString())));
  }

  ManagedFile upgrade() {
    return upgrade(Kubeadm.UPGRADE, false);
  }

  /** How the settings of a node that lives are changed: as an upgrade to the version it has. */
  ManagedFile settings() {
    return upgrade(Kubeadm.SETTINGS, true);
  }

  private ManagedFile upgrade(String path, boolean settings) {
    return secretFree(
        path,
        UPGRADE.render(
            new UpgradeModel(
                Nodes.version(target).toString(), Kubeadm.PATCHES, ignored(), settings)));
  }

  /** What its kubelet is given by all of this: a record, which nothing reads but ourselves. */
  ManagedFile kubeletHas() {
    return secretFree(
        Kubeadm.KUBELET_HAS,
        HAS.render(new PatchModel(YamlContent.text(kubeletOfHost()).stripTrailing())));
  }

  /** What this host's kubelet gets. */
  Map<String, Object> kubeletOfHost() {
    return Overrides.merged(kubelet(), Overrides.ofHost(KubeletSection.class, target.host()));
  }

  /** Empty where the host has no settings of its own. */
  List<ManagedFile> patches() {
    var own = new TreeMap<>(Overrides.ofHost(KubeletSection.class, target.host()));
    return own.isEmpty()
        ? List.of()
        : List.of(
            secretFree(
                KUBELET_PATCH,
                PATCH.render(new PatchModel(YamlContent.text(own).stripTrailing()))));
  }

  private static ManagedFile secretFree(String path, Content content) {
    return ManagedFile.of(path, content).withMode(FileMode.PRIVATE);
  }

  private String registration() {
    var model =
        new RegistrationModel(
            target.host().name().value(), ContainerRuntime.SOCKET, address.toString(), ignored());
    return ((Content.Plain) REGISTRATION.render(model)).text().stripTrailing();
  }

  private List<String> ignored() {
    return target
        .cluster()
        .sections()
        .find(IgnorePreflightSection.class)
        .map(IgnorePreflightSection::texts)
        .orElse(List.of());
  }

  /** Every name that the API is reached by, besides those that kubeadm adds itself. */
  List<String> names() {
    var cluster = target.cluster();
    var names = new LinkedHashSet<String>();
    cluster.endpoint().ifPresent(names::add);
    cluster.virtualIp().map(NodeAddress::toString).ifPresent(names::add);
    names.add(address.toString());
    if (!target.host().address().value().contains("%")) {
      names.add(target.host().address().value());
    }
    names.add(target.host().name().value());
    names.addAll(cluster.tlsSans());
    return new ArrayList<>(names);
  }

  /** What every kubelet gets. */
  Map<String, Object> kubelet() {
    return Overrides.merged(
        Map.of(CgroupDriver.KEY, CgroupDriver.SYSTEMD.toString()),
        KubeletSettings.ofCluster(target.cluster()));
  }

  /** What every kube-proxy gets. The mode is always written: its default is to become nftables. */
  Map<String, Object> proxy() {
    return Overrides.merged(
        Map.of("mode", "iptables"), Overrides.ofCluster(KubeProxySection.class, target.cluster()));
  }
}

package io.provision.load.inventory;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.Documents.BecomeDocument;
import io.provision.load.inventory.Documents.ClusterDocument;
import io.provision.load.inventory.Documents.HostDocument;
import io.provision.load.inventory.Documents.KubeconfigDocument;
import io.provision.load.inventory.Documents.SshDocument;
import io.provision.model.Admission;
import io.provision.model.Become;
import io.provision.model.Cluster;
import io.provision.model.Cluster.Kubeconfig;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.NodeAddress;
import io.provision.model.Sections;
import io.provision.model.SshConfigSource;
import io.provision.model.SshSettings;
import io.provision.model.TimeSource;
import io.provision.section.Section;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Makes the model of a draft that has no problems. */
record InventoryDraft(Draft draft, Path file, Surroundings surroundings) {
  Inventory inventory() {
    var document = draft.document();
    var groups = new LinkedHashMap<String, List<HostName>>();
    document.groups().orElse(Map.of()).forEach((name, hosts) -> groups.put(name.value(), hosts));
    return new Inventory(
        document.cluster().map(this::cluster),
        draft.staying().stream().map(this::host).toList(),
        draft.leaving().stream().map(this::host).toList(),
        groups,
        document.artifacts(),
        document.mirror().map(Grammar.MirrorUrl::value),
        document.playbook(),
        document.time().map(InventoryDraft::time).orElseGet(TimeSource.AsFound::new),
        document.firewall().map(InventoryDraft::admission).orElse(Admission.USUAL),
        file);
  }

  private static Admission admission(Documents.FirewallDocument firewall) {
    return new Admission(
        firewall.from().orElse(List.of()), texts(firewall.ports(), Grammar.OpenPort::value));
  }

  private static TimeSource time(Documents.TimeDocument time) {
    if (time.unmanaged()) {
      return new TimeSource.Unmanaged();
    }
    return time.from()
        .<TimeSource>map(TimeSource.From::new)
        .orElseGet(() -> new TimeSource.Servers(texts(time.servers(), Grammar.TimeServer::value)));
  }

  private Cluster cluster(ClusterDocument cluster) {
    return new Cluster(
        cluster.name().orElseThrow().value(),
        draft.distribution(),
        cluster.version(),
        cluster
            .endpoint()
            .map(Grammar.Endpoint::value)
            .or(() -> cluster.virtualIp().map(NodeAddress::toString)),
        cluster.virtualIp(),
        new Cluster.Network(draft.cni(), draft.nodeCidr(), draft.podCidr(), draft.serviceCidr()),
        settled(draft.sections()),
        cluster.kubeconfig().map(it -> kubeconfig(it, cluster)),
        texts(cluster.tlsSans(), Grammar.San::value),
        cluster.source().position());
  }

  private static <T> List<String> texts(Optional<List<T>> values, Function<T, String> text) {
    return values.orElse(List.of()).stream().map(text).toList();
  }

  private static Sections settled(Sections written) {
    return new Sections(written.all(Section.class).stream().map(Section::settled).toList());
  }

  private Kubeconfig kubeconfig(KubeconfigDocument kubeconfig, ClusterDocument cluster) {
    return new Kubeconfig(
        kubeconfig.mergeInto().orElse(surroundings.home().resolve(".kube/config")),
        kubeconfig
            .context()
            .map(Grammar.ContextName::value)
            .orElseGet(() -> cluster.name().orElseThrow().value()));
  }

  private Host host(Draft.Written host) {
    var document = host.document();
    var labels = new LinkedHashMap<String, String>();
    document
        .labels()
        .orElse(Map.of())
        .forEach((key, value) -> labels.put(key.value(), value.value()));
    var vars = new LinkedHashMap<String, Object>();
    document.vars().orElse(Map.of()).forEach((key, value) -> vars.put(key.value(), value));
    return new Host(
        host.name(),
        draft.address(host).orElseThrow(),
        document.nodeAddress(),
        draft.roles(document),
        labels,
        document.taints().orElse(List.of()),
        ssh(document),
        settled(draft.sections(document)),
        vars,
        host.position());
  }

  private SshSettings ssh(HostDocument host) {
    var own = host.ssh();
    var defaults = SshSettings.DEFAULTS;
    var become =
        new Become(
            draft.ssh(own, become(BecomeDocument::method)).orElse(defaults.become().method()),
            draft.ssh(own, become(BecomeDocument::password)));
    return new SshSettings(
        draft.ssh(own, SshDocument::user).map(Grammar.Login::value),
        draft.ssh(own, SshDocument::port).map(Grammar.Port::value),
        draft.ssh(own, SshDocument::key).orElse(List.of()),
        draft.ssh(own, SshDocument::passphrase),
        draft.ssh(own, SshDocument::password),
        draft.ssh(own, SshDocument::jump).map(Grammar.Jump::value),
        draft.ssh(own, SshDocument::hostKeys).orElse(defaults.hostKeys()),
        draft.ssh(own, SshDocument::knownHosts),
        draft.ssh(own, InventoryDraft::config),
        draft.ssh(own, SshDocument::timeout),
        become,
        draft.ssh(own, SshDocument::transport).orElse(defaults.transport()));
  }

  /** Whichever is written; a host's own counts before that of all, whichever that is. */
  private static Optional<SshConfigSource> config(SshDocument ssh) {
    return ssh.config()
        .<SshConfigSource>map(SshConfigSource.File::new)
        .or(() -> ssh.vagrant().map(SshConfigSource.Vagrant::new));
  }

  private static <T> Function<SshDocument, Optional<T>> become(
      Function<BecomeDocument, Optional<T>> part) {
    return ssh -> ssh.become().flatMap(part);
  }
}

package io.provision.steps.first;

import io.provision.model.Cidr;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Kubernetes;
import io.provision.model.NodeAddress;
import io.provision.step.FirstInventory;
import io.provision.step.Observed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The inventory that suits what hosts said of themselves, with its reasons as comments. */
public final class InventorySuggestion {
  /** In MiB: less than k3s asks for, less what a kernel keeps for itself. */
  private static final String KUBEADM = "kubeadm";

  private static final long LITTLE_MEMORY = 900;

  private final FirstInventory.Wish wish;
  private final List<Candidate> candidates;
  private final Networks networks;
  private final Optional<Cidr> nodes;
  private final List<String> reasons = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  private InventorySuggestion(FirstInventory.Wish wish, List<Candidate> candidates) {
    this.wish = wish;
    this.candidates = candidates;
    this.networks = new Networks(candidates.stream().map(Candidate::facts).toList());
    this.nodes =
        networks.ofNodes(candidates.stream().flatMap(it -> number(it.host()).stream()).toList());
  }

  /**
   * @param seen what the first look saw of each host; of all of them
   */
  public static FirstInventory of(FirstInventory.Wish wish, Map<HostName, Observed> seen) {
    return new InventorySuggestion(wish, Candidate.of(wish, seen)).written();
  }

  private FirstInventory written() {
    line("# Suggested by 'provision init', from what the hosts said: change what does not suit.");
    line("# What each key means: provision explain KEY. What would happen: provision plan.");
    line("cluster:");
    made()
        .ifPresentOrElse(
            it -> line("  name: %s  # as the cluster is called that is there already", it.name()),
            () -> line("  name: %s", wish.cluster()));
    line("  distribution: %s", wish.distribution().name());
    wish.distribution().kubernetes().ifPresent(this::ofKubernetes);
    ssh();
    timezone();
    line("hosts:");
    for (var candidate : candidates) {
      line("  # %s", about(candidate.facts()));
      line("  %s: { %s }", candidate.name(), String.join(", ", keys(candidate)));
      complain(candidate);
    }
    return new FirstInventory(text.toString(), reasons);
  }

  private void ofKubernetes(Kubernetes kubernetes) {
    var servers = candidates.stream().filter(Candidate::serves).toList();
    version(kubernetes, servers);
    if (servers.size() > 1) {
      line("  # Where that control plane is gone nobody reaches the others by its address. A free");
      line("  # one of the nodes' network, which kube-vip carries among them, stays:");
      line("  # virtual_ip: %s", nodes.map(it -> it.network().toString()).orElse("ADDRESS"));
      reasons.add(
          "set 'virtual_ip' to a free address of the nodes' network, in place of 'endpoint'");
    }
    line("  endpoint: %s", address(servers.getFirst()));
    line("  network:");
    line("    cni: flannel");
    nodes.ifPresentOrElse(
        it -> line("    node_cidr: %s  # each host has one address in it", it),
        () -> reasons.add("no network has one address of each host: see node_address"));
    var taken = new ArrayList<Cidr>();
    nodes.ifPresent(taken::add);
    made()
        .ifPresentOrElse(
            this::networks,
            () -> {
              range("pod_cidr", kubernetes.pods(), taken);
              range("service_cidr", kubernetes.services(), taken);
            });
    line("  kubeconfig: { merge_into: %s, context: %s }", wish.kubeconfig(), wish.cluster());
  }

  /** Of kubeadm, where that is wanted: its name and its networks stay what they are. */
  private Optional<MachineFacts.Made> made() {
    return candidates.stream()
        .filter(_ -> wish.distribution().name().equals(KUBEADM))
        .flatMap(it -> it.facts().cluster().stream())
        .findFirst();
  }

  private void networks(MachineFacts.Made cluster) {
    line("    pod_cidr: %s", cluster.pods());
    line("    service_cidr: %s", cluster.services());
  }

  /** What runs there already is not upgraded by the way. */
  private void version(Kubernetes kubernetes, List<Candidate> servers) {
    var there =
        servers.stream()
            .flatMap(it -> it.facts().kubernetes().stream())
            .filter(kubernetes.versions()::fits)
            .findFirst();
    if (wish.version().isEmpty() && there.isPresent()) {
      line("  version: %s  # which is there already", there.get());
      return;
    }
    line("  version: %s", wish.version().orElse(kubernetes.versions().example()));
  }

  private void range(String key, Cidr usual, List<Cidr> taken) {
    var chosen = networks.free(usual, taken);
    if (chosen.isEmpty()) {
      reasons.add("no range is free for '%s': the hosts reach all of 10.0.0.0/8".formatted(key));
      return;
    }
    taken.add(chosen.get());
    if (chosen.get().equals(usual)) {
      line("    %s: %s", key, usual);
      return;
    }
    var why =
        networks
            .inTheWay(usual)
            .map(it -> "%s would overlap with %s, which the hosts reach".formatted(usual, it))
            .orElse("%s is taken".formatted(usual));
    line("    %s: %s  # %s", key, chosen.get(), why);
  }

  private void ssh() {
    var lines = new ArrayList<String>();
    sameUser().ifPresent(it -> lines.add("user: " + it));
    lines.addAll(wish.ssh());
    if (!lines.isEmpty()) {
      line("ssh:");
      lines.forEach(each -> line("  %s", each));
    }
  }

  /** Whom all are logged in to as. */
  private Optional<String> sameUser() {
    var users = candidates.stream().map(it -> it.host().ssh().user()).distinct().toList();
    return users.size() == 1 ? users.getFirst() : Optional.empty();
  }

  private void timezone() {
    var zones = candidates.stream().map(it -> it.facts().timezone()).distinct().toList();
    if (zones.size() > 1) {
      line("# timezone: Europe/Berlin  # they differ: %s", String.join(", ", zones));
    }
  }

  private List<String> keys(Candidate candidate) {
    var host = candidate.host();
    var keys = new ArrayList<String>();
    keys.add("address: " + host.address());
    if (inNodes(candidate).isEmpty()) {
      first(candidate).ifPresent(it -> keys.add("node_address: " + it));
    }
    if (wish.distribution().isKubernetes()) {
      keys.add("roles: [%s]".formatted(candidate.serves() ? "control-plane" : "worker"));
    }
    var ssh = new ArrayList<String>();
    host.ssh().user().filter(_ -> sameUser().isEmpty()).ifPresent(it -> ssh.add("user: " + it));
    host.ssh().port().ifPresent(it -> ssh.add("port: " + it));
    if (!ssh.isEmpty()) {
      keys.add("ssh: { %s }".formatted(String.join(", ", ssh)));
    }
    return keys;
  }

  /** Its address in the network of the nodes. */
  private Optional<NodeAddress> inNodes(Candidate candidate) {
    return nodes.flatMap(it -> Networks.inside(candidate.facts(), it).stream().findFirst());
  }

  private static Optional<NodeAddress> first(Candidate candidate) {
    return candidate.facts().addresses().stream().map(MachineFacts.OwnAddress::address).findFirst();
  }

  private String address(Candidate candidate) {
    return inNodes(candidate)
        .or(() -> first(candidate))
        .map(NodeAddress::toString)
        .orElse(candidate.host().address().value());
  }

  private static Optional<NodeAddress> number(Host host) {
    try {
      return Optional.of(NodeAddress.parse(host.address().value()));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** For people: what a machine is. */
  private static String about(MachineFacts machine) {
    var parts = new ArrayList<String>();
    parts.add(machine.system().isEmpty() ? "an unknown system" : machine.system());
    parts.add(machine.architecture());
    parts.add("%d CPUs".formatted(machine.cpus()));
    parts.add("%d MiB".formatted(machine.memory()));
    machine
        .disks()
        .forEach(it -> parts.add("%s (%d GB) is empty".formatted(it.device(), it.gigabytes())));
    machine.runs().forEach(it -> parts.add("runs " + it));
    return String.join(", ", parts);
  }

  private void complain(Candidate candidate) {
    var machine = candidate.facts();
    var isLittle = machine.memory() > 0 && machine.memory() < LITTLE_MEMORY;
    if (isLittle && wish.distribution().isKubernetes()) {
      reasons.add(
          "%s has %d MiB of memory, which is little for a node"
              .formatted(candidate.name(), machine.memory()));
    }
    if (machine.cluster().isPresent() && !wish.distribution().name().equals(KUBEADM)) {
      reasons.add(
          "%s is a control plane of kubeadm: 'init --distribution kubeadm' suggests what takes it over"
              .formatted(candidate.name()));
    }
    if (!machine.runs().isEmpty()) {
      reasons.add(
          "%s runs %s: see in a plan what would become of it"
              .formatted(candidate.name(), String.join(", ", machine.runs())));
    }
  }

  private void line(String form, Object... values) {
    text.append(form.formatted(values)).append('\n');
  }
}

package io.provision.load.inventory;

import io.provision.load.inventory.Documents.HostDocument;
import io.provision.load.inventory.Documents.SshDocument;
import io.provision.load.inventory.Draft.Written;
import io.provision.load.inventory.Grammar.Port;
import io.provision.load.yaml.Problems;
import io.provision.model.Cluster;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.NodeAddress;
import io.provision.model.Role;
import io.provision.model.SshKey;
import io.provision.model.Taint;
import io.provision.section.DidYouMean;
import io.provision.section.Node;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What can be wrong between hosts, and with one host alone. */
record HostChecks(Draft draft, Problems problems) {
  /** HOST_NAME_MAX of Linux. */
  private static final int LONGEST_NAME = 64;

  private static final Set<Role> NODES = Set.of(Role.CONTROL_PLANE, Role.WORKER);

  /** What only a node of a cluster can have. */
  private static final List<String> OF_NODES = List.of("labels", "taints");

  void run() {
    var source = draft.document().source();
    if (draft.document().hosts().isPresent()
        && source.find("hosts").filter(HostChecks::isEmptyMapping).isPresent()) {
      problems.add(source.at("hosts"), "there are no hosts. name at least one.");
    }
    draft.hosts().forEach(this::one);
    sameAddress();
    sameNodeAddress();
    groups();
    draft.document().time().ifPresent(this::time);
    files();
  }

  private void time(Documents.TimeDocument time) {
    var written = time.source().entries().keySet();
    var isGiven = time.unmanaged() || written.contains("servers") || written.contains("from");
    if (!isGiven || written.size() > 1) {
      problems.add(
          time.source().position(),
          "'time' is one of servers: [...], from: HOST and unmanaged: true.");
    }
    if (time.servers().filter(List::isEmpty).isPresent()) {
      problems.add(time.source().at("servers"), "there are no servers. name at least one.");
    }
    time.from().ifPresent(host -> known(List.of(host), time.source(), "from"));
  }

  private static boolean isEmptyMapping(Node node) {
    return node instanceof Node.Mapping(var entries, var _) && entries.isEmpty();
  }

  private void one(Written host) {
    var name = host.name().value();
    if (isReserved(name)) {
      problems.add(host.position(), "'%s' is the name of a group. take another.".formatted(name));
    }
    if (name.length() > LONGEST_NAME) {
      problems.add(
          host.position(),
          "the name is longer than %d characters, which Linux refuses.".formatted(LONGEST_NAME));
    }
    if (draft.address(host).isEmpty()) {
      problems.add(host.position(), "'%s' reaches nothing: it needs an address.".formatted(name));
    }
    roles(host);
    taints(host.document());
    nodeAddress(host);
    host.document().ssh().ifPresent(this::key);
    if (isDistributionKnown() && draft.roles(host.document()).stream().noneMatch(NODES::contains)) {
      meaningless(host.document().source(), OF_NODES, "on a host that is not a node of a cluster");
    }
  }

  /** Refuses keys that nothing would carry out. */
  void meaningless(Node.Mapping source, List<String> keys, String where) {
    for (var key : keys) {
      if (source.has(key)) {
        problems.meaningless(source, key, where);
      }
    }
  }

  /** What {@code hosts:} of a play and {@code --limit} mean by themselves. */
  private static boolean isReserved(String name) {
    return name.equals("local")
        || name.equals("cluster")
        || Inventory.BUILT_IN_GROUPS.contains(name);
  }

  private void roles(Written host) {
    var given = host.document().roles().orElse(List.of());
    var kubernetes = draft.distributions().stream().map(Cluster.Distribution::name).toList();
    for (var role : given) {
      if (role != Role.STORAGE && !draft.isKubernetes() && isDistributionKnown()) {
        problems.add(
            host.document().source().at("roles"),
            "role %s needs a cluster with distribution %s."
                .formatted(role.key(), String.join(" or ", kubernetes)));
      }
    }
    if (new HashSet<>(given).size() < given.size()) {
      problems.add(host.document().source().at("roles"), "a role is named twice.");
    }
  }

  /** Not so where the cluster's distribution is wrong, which is a problem of its own. */
  private boolean isDistributionKnown() {
    return draft
        .cluster()
        .map(it -> it.distribution().isPresent())
        .orElse(draft.document().source().find("cluster").isEmpty());
  }

  private void taints(HostDocument host) {
    var seen = new HashSet<String>();
    for (Taint taint : host.taints().orElse(List.of())) {
      if (!seen.add(taint.key() + ":" + taint.effect())) {
        problems.add(
            host.source().at("taints"),
            "taint %s:%s is there twice.".formatted(taint.key(), taint.effect()));
      }
    }
  }

  private void nodeAddress(Written host) {
    var at = host.document().source().at("node_address");
    host.document()
        .nodeAddress()
        .filter(address -> !isOfOneMachine(address))
        .ifPresent(address ->
            problems.add(
                at,
                "%s means another machine on every node. name the address that the others reach."
                    .formatted(address)));
    host.document()
        .nodeAddress()
        .ifPresent(address ->
            draft
                .nodeCidr()
                .filter(cidr -> !cidr.contains(address))
                .ifPresent(cidr ->
                    problems.add(
                        at,
                        "node_address %s is not inside node_cidr %s.".formatted(address, cidr))));
  }

  private static boolean isOfOneMachine(NodeAddress address) {
    var inet = address.inet();
    return !inet.isAnyLocalAddress() && !inet.isLoopbackAddress() && !inet.isMulticastAddress();
  }

  private void sameAddress() {
    var seen = new HashMap<List<Object>, HostName>();
    for (var host : draft.hosts()) {
      var document = host.document();
      if (draft.address(host).isEmpty()) {
        continue;
      }
      var port = draft.ssh(document.ssh(), SshDocument::port).map(Port::value).orElse(22);
      var jump = draft.ssh(document.ssh(), SshDocument::jump);
      var address = draft.address(host).get();
      var other =
          seen.putIfAbsent(
              List.of(address.value().toLowerCase(java.util.Locale.ROOT), port, jump), host.name());
      if (other != null) {
        problems.add(
            document.address().isPresent() ? document.source().at("address") : host.position(),
            "%s and %s have the same address %s, port %d. give each its own, or take one out."
                .formatted(other, host.name(), address, port));
      }
    }
  }

  private void sameNodeAddress() {
    Map<NodeAddress, HostName> seen = new HashMap<>();
    for (var host : draft.hosts()) {
      var address = draft.nodeAddress(host.document());
      if (address.isEmpty()) {
        continue;
      }
      var other = seen.putIfAbsent(address.get(), host.name());
      if (other != null && !isSameLogin(other, host)) {
        var key = host.document().nodeAddress().isPresent() ? "node_address" : "address";
        problems.add(
            host.document().source().at(key),
            "%s and %s have the same node address %s. set node_address of one of them."
                .formatted(other, host.name(), address.get()));
      }
    }
  }

  /** Two hosts with one SSH address are said to be that already. */
  private boolean isSameLogin(HostName name, Written host) {
    var other = java.util.Objects.requireNonNull(draft.byName().get(name));
    return other.address().equals(host.document().address())
        && draft
            .ssh(other.ssh(), SshDocument::port)
            .equals(draft.ssh(host.document().ssh(), SshDocument::port));
  }

  private void groups() {
    var names = draft.byName().keySet().stream().map(HostName::value).toList();
    draft
        .document()
        .groups()
        .orElse(Map.of())
        .forEach((group, members) -> {
          var source = (Node.Mapping) draft.document().source().find("groups").orElseThrow();
          var at =
              java.util.Objects.requireNonNull(source.entries().get(group.value()))
                  .key()
                  .position();
          if (isReserved(group.value())) {
            problems.add(at, "group '%s' is there already.".formatted(group.value()));
          }
          if (names.contains(group.value())) {
            problems.add(at, "'%s' is the name of a host too.".formatted(group.value()));
          }
          // a host that leaves may still be named in a group, and is in none
          var leaving = draft.leaving().stream().map(Written::name).toList();
          known(
              members.stream().filter(it -> !leaving.contains(it)).toList(), source, group.value());
        });
  }

  /** Reports those of these hosts that the inventory does not have. */
  void known(List<HostName> members, Node.Mapping source, String key) {
    draft.outline().known(members, source, key, problems);
  }

  private void files() {
    var document = draft.document();
    document.ssh().ifPresent(this::key);
    missing(document.playbook(), Files::isRegularFile)
        .ifPresent(path ->
            problems.add(
                document.source().at("playbook"),
                "there is no file %s.%s".formatted(path, DidYouMean.beside(path))));
    missing(document.artifacts(), Files::isDirectory)
        .ifPresent(path ->
            problems.warn(
                document.source().at("artifacts"), "there is no directory %s.".formatted(path)));
    if (document.mirror().filter(url -> url.value().startsWith("http:")).isPresent()) {
      problems.warn(
          document.source().at("mirror"),
          "the mirror is read without TLS; only pinned digests protect it.");
    }
  }

  private static Optional<Path> missing(
      Optional<Path> path, java.util.function.Predicate<Path> isThere) {
    return path.filter(it -> !isThere.test(it));
  }

  private void key(SshDocument ssh) {
    for (var key : ssh.key().orElse(List.of())) {
      if (key instanceof SshKey.File(var path) && !Files.exists(path)) {
        problems.warn(
            ssh.source().at("key"),
            "the key file %s does not exist; the agent may hold the key.".formatted(path));
      }
    }
    missing(ssh.config(), Files::isRegularFile)
        .ifPresent(path ->
            problems.add(
                ssh.source().at("config"),
                "there is no file %s.%s".formatted(path, DidYouMean.beside(path))));
    missing(ssh.vagrant(), Files::isDirectory)
        .ifPresent(path ->
            problems.add(
                ssh.source().at("vagrant"),
                "there is no directory %s.%s".formatted(path, DidYouMean.beside(path))));
    if (ssh.config().isPresent() && ssh.vagrant().isPresent()) {
      problems.add(
          ssh.source().at("vagrant"),
          "'config' says how hosts are reached, too. write one of the two.");
    }
  }
}

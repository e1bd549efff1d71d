package io.provision.steps.kubernetes.upgrade;

import io.provision.model.Host;
import io.provision.model.Version;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Output;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distribution;
import io.provision.steps.kubernetes.NodeState;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.ServerAccess;
import io.provision.steps.kubernetes.ServerCredentials;
import io.provision.steps.kubernetes.ServerHealth;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * When a node is upgraded: servers one at a time, in the order of the inventory, then agents, two
 * at a time; one that fails stops those behind it.
 */
public record UpgradeTurn(Target.OnHost target, Known known) {
  private static final int LANES = 2;

  /**
   * A node has the wanted version, or none yet. Who comes later waits for this: that its API server
   * is up is known of a node that is still to be upgraded.
   */
  public static final Output<Boolean> CURRENT = new Output<>("node-current", Boolean.class);

  /** Who tells what a turn goes by. */
  public static Set<Need> needs(Target.OnHost target) {
    var servers = Nodes.servers(target.inventory());
    var needs = new LinkedHashSet<Need>();
    if (Nodes.isServer(target.host())) {
      needs.add(Need.some(Nodes.ADDRESS, List.of(target.host())));
      needs.add(Need.some(Nodes.STATE, servers));
      needs.add(Need.someSoFar(Nodes.SERVER_UP, Nodes.before(target)));
      needs.add(Need.someSoFar(CURRENT, Nodes.before(target)));
    } else {
      needs.add(Need.someSoFar(Nodes.STATE, servers));
      needs.add(Need.someSoFar(Nodes.SERVER_UP, servers));
      needs.add(Need.someSoFar(ClusterAccess.OUTPUT, servers));
      needs.add(Need.someSoFar(CURRENT, servers));
      ahead(target).ifPresent(host -> needs.add(Need.someSoFar(CURRENT, List.of(host))));
    }
    return needs;
  }

  /** The agent that goes before this one in its lane. */
  private static Optional<Host> ahead(Target.OnHost target) {
    var agents = Nodes.agents(target.inventory());
    var index = agents.indexOf(target.host()) - LANES;
    return index < 0 ? Optional.empty() : Optional.of(agents.get(index));
  }

  /** Why it cannot be this node's turn now; empty where it can. */
  public Optional<Check> refusal() {
    var unhealthyServers = unhealthyServers();
    return unhealthyServers.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "it waits for its upgrade, and %s is not healthy"
                    .formatted(String.join(", ", unhealthyServers)),
                "fix that first, then run again; or take it out of the inventory"));
  }

  /** Who should be well before this node is taken out of use. */
  private Set<String> unhealthyServers() {
    var unhealthyServers = new TreeSet<String>();
    if (Nodes.isServer(target.host())) {
      unhealthyServers.addAll(ServerHealth.unhealthy(target, known));
    } else {
      known.never(Nodes.SERVER_UP).keySet().forEach(name -> unhealthyServers.add(name.value()));
    }
    known.never(CURRENT).keySet().forEach(name -> unhealthyServers.add(name.value()));
    return unhealthyServers;
  }

  /** Draining the only node would leave its pods nowhere to go. */
  public boolean drains() {
    return Nodes.all(target.inventory()).size() > 1;
  }

  /** Whether it is a server before which no other one is of an older version. */
  public boolean isFirstServer() {
    return Nodes.isServer(target.host()) && Nodes.before(target).stream().noneMatch(this::isOld);
  }

  /** Which nodes come before this one, for people: a plan lists hosts as they answer. */
  public String behind() {
    var first =
        Nodes.isServer(target.host()) ? Nodes.before(target) : Nodes.servers(target.inventory());
    var waitedFor =
        Stream.concat(
                first.stream().filter(this::isOld),
                ahead(target).filter(_ -> !Nodes.isServer(target.host())).stream())
            .map(host -> host.name().value())
            .collect(Collectors.joining(", "));
    return waitedFor.isEmpty() ? "" : ", after " + waitedFor;
  }

  private boolean isOld(Host server) {
    return Optional.ofNullable(known.all(Nodes.STATE).get(server.name()))
        .flatMap(NodeState::version)
        .filter(version -> !version.equals(wanted()))
        .isPresent();
  }

  public Version wanted() {
    return Nodes.version(target);
  }

  /**
   * By which API the node is taken out of use: its own where it is a server, else that of one that
   * is up. Empty in a plan, where agents come after servers that are still to be upgraded.
   */
  public Optional<ClusterAccess> access(
      Distribution distribution, Optional<ServerCredentials> credentials) {
    return Nodes.isServer(target.host())
        ? Optional.of(ServerAccess.of(target, known, distribution, credentials))
        : known.all(ClusterAccess.OUTPUT).values().stream().findFirst();
  }
}

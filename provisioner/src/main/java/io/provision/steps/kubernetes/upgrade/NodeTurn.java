package io.provision.steps.kubernetes.upgrade;

import io.provision.model.Host;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Output;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distribution;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.ServerAccess;
import io.provision.steps.kubernetes.ServerCredentials;
import io.provision.steps.kubernetes.ServerHealth;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * When a node is worked on that serves meanwhile, or not: servers one at a time, in the order of
 * the inventory, then agents, so many at a time; one that fails stops those behind it.
 *
 * @param done what a node says that needs no work, or had it: that its API server is up is known of
 *     one that is still to be worked on
 * @param ahead the agents that go before it, where it is one; those before them they wait for
 */
public record NodeTurn(Target.OnHost target, Known known, Output<Boolean> done, List<Host> ahead) {
  private static final int LANES = 2;

  public NodeTurn {
    ahead = List.copyOf(ahead);
  }

  /** Two agents at a time. */
  public NodeTurn(Target.OnHost target, Known known, Output<Boolean> done) {
    this(target, known, done, ahead(target, LANES));
  }

  /** Who tells what a turn goes by, where agents come two at a time. */
  public static Set<Need> needs(Target.OnHost target, Output<Boolean> done) {
    return needs(target, done, ahead(target, LANES));
  }

  /** Who tells what a turn goes by. */
  public static Set<Need> needs(Target.OnHost target, Output<Boolean> done, List<Host> ahead) {
    var servers = Nodes.servers(target.inventory());
    var needs = new LinkedHashSet<Need>();
    if (Nodes.isServer(target.host())) {
      needs.add(Need.some(Nodes.ADDRESS, List.of(target.host())));
      needs.add(Need.some(Nodes.STATE, servers));
      needs.add(Need.someSoFar(Nodes.SERVER_UP, Nodes.before(target)));
      needs.add(Need.someSoFar(done, Nodes.before(target)));
    } else {
      needs.add(Need.someSoFar(Nodes.STATE, servers));
      needs.add(Need.someSoFar(Nodes.SERVER_UP, servers));
      needs.add(Need.someSoFar(ClusterAccess.OUTPUT, servers));
      needs.add(Need.someSoFar(done, servers));
      if (!ahead.isEmpty()) {
        needs.add(Need.someSoFar(done, ahead));
      }
    }
    return needs;
  }

  /** The agent that goes before this one in its lane, of so many lanes. */
  static List<Host> ahead(Target.OnHost target, int lanes) {
    var agents = Nodes.agents(target.inventory());
    var index = agents.indexOf(target.host()) - lanes;
    return index < 0 ? List.of() : List.of(agents.get(index));
  }

  /**
   * Why it cannot be this node's turn now; empty where it can.
   *
   * @param work what it waits for
   */
  public Optional<Check> refusal(String work) {
    var unhealthyServers = unhealthyServers();
    if (!unhealthyServers.isEmpty()) {
      return Optional.of(
          new Check.Refused(
              "it waits for %s, and %s is not healthy"
                  .formatted(work, String.join(", ", unhealthyServers)),
              "fix that first, then run again; or take it out of the inventory"));
    }
    return known.never(done).entrySet().stream()
        .findFirst()
        .map(before ->
            new Check.Refused(
                "it waits for %s, and %s comes before it (%s)"
                    .formatted(work, before.getKey(), before.getValue()),
                "see what the steps of that host say, or run for it as well"));
  }

  /** Who should be well before this node is taken out of use. */
  private Set<String> unhealthyServers() {
    if (Nodes.isServer(target.host())) {
      return ServerHealth.unhealthy(target, known);
    }
    var unhealthyServers = new TreeSet<String>();
    known.never(Nodes.SERVER_UP).keySet().forEach(name -> unhealthyServers.add(name.value()));
    return unhealthyServers;
  }

  /**
   * Which nodes come before this one, for people: a plan lists hosts as they answer.
   *
   * @param pending servers that are to be worked on
   */
  public String behind(Predicate<Host> pending) {
    var first =
        Nodes.isServer(target.host()) ? Nodes.before(target) : Nodes.servers(target.inventory());
    var waitedFor =
        Stream.concat(
                first.stream().filter(pending),
                ahead.stream().filter(_ -> !Nodes.isServer(target.host())))
            .map(host -> host.name().value())
            .collect(Collectors.joining(", "));
    return waitedFor.isEmpty() ? "" : ", after " + waitedFor;
  }

  /** Whether this node has not said yet that nothing is to be done on it. */
  public boolean isPending(Host node) {
    return !known.all(done).containsKey(node.name());
  }

  /**
   * By which API the node is worked on: its own where it is a server, else that of one that is up.
   * Empty in a plan, where agents come after servers that are still to be worked on.
   */
  public Optional<ClusterAccess> access(
      Distribution distribution, Optional<ServerCredentials> credentials) {
    return Nodes.isServer(target.host())
        ? Optional.of(ServerAccess.of(target, known, distribution, credentials))
        : known.all(ClusterAccess.OUTPUT).values().stream().findFirst();
  }
}

package io.provision.steps.k3s;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.NodeAddress;
import io.provision.remote.Handoff;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.ApiServer;
import io.provision.steps.kubernetes.NodeState;
import io.provision.steps.kubernetes.NodeUnit;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.ServerHealth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A node that runs an older k3s gets the wanted one: drained, switched, Ready with the new version,
 * taken back into use. Servers one at a time, then agents, two at a time; one that fails stops
 * those behind it.
 */
public record K3sUpgrade() implements Step<Target.OnHost> {
  private static final int LANES = 2;
  private static final Duration DRAIN = Duration.ofMinutes(10);
  private static final Duration READY = Duration.ofMinutes(5);
  private static final Duration HAND_OVER = Duration.ofMinutes(1);
  private static final Duration MARGIN = Duration.ofMinutes(2);

  /** A node has the wanted version, or none yet. */
  static final Output<Boolean> CURRENT = new Output<>("k3s-current", Boolean.class);

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(K3sLooks.BASICS, Files.at(K3s.BINARY), Files.at(K3s.CORDONED));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var servers = Nodes.servers(target.inventory());
    var needs = new LinkedHashSet<Need>();
    needs.add(Need.local(K3s.DIGESTS));
    if (Nodes.isServer(target.host())) {
      needs.add(Need.some(Nodes.STATE, servers));
      needs.add(Need.someSoFar(Nodes.SERVER_UP, Nodes.before(target)));
    } else {
      needs.add(Need.someSoFar(Nodes.STATE, servers));
      needs.add(Need.someSoFar(Nodes.SERVER_UP, servers));
      needs.add(Need.some(Nodes.ADDRESS, servers));
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

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(CURRENT);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(
        Change.Action.DRAIN,
        Change.Action.INSTALL,
        Change.Action.UPGRADE,
        Change.Action.RESTART,
        Change.Action.START);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var basics = seen.of(K3sLooks.BASICS);
    var wanted = Nodes.version(target);
    var cordoned = seen.of(Files.at(K3s.CORDONED)).exists();
    var isCurrent = basics.version().isEmpty() || basics.version().get().equals(wanted);
    if (isCurrent && !cordoned) {
      return new Check.InSync(Observed.of(CURRENT, true));
    }
    var unhealthyServers = unhealthyServers(target, known);
    if (!unhealthyServers.isEmpty()) {
      return new Check.Refused(
          "it waits for its upgrade, and %s is not healthy"
              .formatted(String.join(", ", unhealthyServers)),
          "fix that first, then run again; or take it out of the inventory");
    }
    var name = target.host().name().value();
    if (isCurrent) {
      return new Check.Drift(
          List.of(Change.of(Change.Action.START, "node " + name, "cordoned by us", "in use")),
          new Repair.OnHost(settle(target, known)));
    }
    var refusal = K3sBinary.refusal(basics, known);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    var changes = new ArrayList<Change>();
    if (drains(target)) {
      changes.add(Change.of(Change.Action.DRAIN, "node " + name + turn(target, known)));
    }
    var file = seen.of(Files.at(K3s.BINARY));
    var digest = K3sBinary.digest(basics, known);
    if (!K3sBinary.isInPlace(file, digest)) {
      changes.add(K3sBinary.install(target, file, digest));
    }
    changes.add(K3sBinary.upgrade(target, basics.version().orElseThrow()));
    changes.add(Change.of(Change.Action.RESTART, "unit " + K3s.unit(target.host())));
    return new Check.Drift(changes, new Repair.OnHost(scripts(target, seen, known), true));
  }

  /** Which nodes come before this one, for people: a plan lists hosts as they answer. */
  private static String turn(Target.OnHost target, Known known) {
    var first =
        Nodes.isServer(target.host()) ? Nodes.before(target) : Nodes.servers(target.inventory());
    var waitedFor =
        Stream.concat(
                first.stream().filter(server -> isOld(server, target, known)),
                ahead(target).filter(_ -> !Nodes.isServer(target.host())).stream())
            .map(host -> host.name().value())
            .collect(Collectors.joining(", "));
    return waitedFor.isEmpty() ? "" : ", after " + waitedFor;
  }

  private static boolean isOld(Host server, Target.OnHost target, Known known) {
    return Optional.ofNullable(known.all(Nodes.STATE).get(server.name()))
        .flatMap(NodeState::version)
        .filter(version -> !version.equals(Nodes.version(target)))
        .isPresent();
  }

  private static List<Script> scripts(Target.OnHost target, Observations seen, Known known) {
    var basics = seen.of(K3sLooks.BASICS);
    var digest = K3sBinary.digest(basics, known);
    var scripts = new ArrayList<Script>();
    if (drains(target)) {
      scripts.add(drain(target, known));
    }
    if (!K3sBinary.isInPlace(seen.of(Files.at(K3s.BINARY)), digest)) {
      scripts.add(K3sBinary.push(target, basics.arch(), digest));
    }
    scripts.add(Script.of(NodeUnit.START, K3s.unit(target.host())));
    scripts.add(Script.of(K3sScripts.RECORD_VERSION, Nodes.version(target).toString()));
    scripts.add(settle(target, known));
    return scripts;
  }

  /** Draining the only node would leave its pods nowhere to go. */
  private static boolean drains(Target.OnHost target) {
    return Nodes.all(target.inventory()).size() > 1;
  }

  private static Script drain(Target.OnHost target, Known known) {
    var name = target.host().name().value();
    var seconds = String.valueOf(DRAIN.toSeconds());
    var script =
        Nodes.isServer(target.host())
            ? Script.of(DrainScripts.DRAIN_SERVER, name, seconds)
            : Script.of(DrainScripts.DRAIN_AGENT, name, seconds).with(drainer(target, known));
    return script.within(DRAIN.plus(MARGIN));
  }

  private static Script settle(Target.OnHost target, Known known) {
    var host = target.host();
    var arguments =
        new String[] {
          host.name().value(),
          Nodes.version(target).toString(),
          String.valueOf(READY.toSeconds()),
          K3s.unit(host)
        };
    var script =
        Nodes.isServer(host)
            ? Script.of(DrainScripts.SETTLE_SERVER, arguments)
            : Script.of(DrainScripts.SETTLE_AGENT, arguments).with(drainer(target, known));
    return script.within(READY.plus(MARGIN).multipliedBy(3));
  }

  /** What lets an agent be drained from itself, made by a server that is up. */
  private static Payload drainer(Target.OnHost target, Known known) {
    var server =
        Nodes.servers(target.inventory()).stream()
            .map(Host::name)
            .filter(known.all(Nodes.SERVER_UP)::containsKey)
            .findFirst()
            .orElseGet(() -> Nodes.servers(target.inventory()).getFirst().name()); // in a plan
    return new Handoff.Made(
        server, Script.of(DrainScripts.HAND_OVER, url(target, server, known)).within(HAND_OVER));
  }

  private static String url(Target.OnHost target, HostName server, Known known) {
    return ApiServer.url(
        target
            .cluster()
            .endpoint()
            .or(() ->
                Optional.ofNullable(known.all(Nodes.ADDRESS).get(server))
                    .map(NodeAddress::toString))
            .orElse(server.value()));
  }

  /** Who should be well before this node is taken out of use. */
  private static Set<String> unhealthyServers(Target.OnHost target, Known known) {
    if (Nodes.isServer(target.host())) {
      return ServerHealth.unhealthy(target, known);
    }
    var unhealthyServers = new TreeSet<String>();
    known.never(Nodes.SERVER_UP).keySet().forEach(name -> unhealthyServers.add(name.value()));
    known.never(CURRENT).keySet().forEach(name -> unhealthyServers.add(name.value()));
    return unhealthyServers;
  }
}

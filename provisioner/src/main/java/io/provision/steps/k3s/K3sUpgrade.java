package io.provision.steps.k3s;

import io.provision.model.Host;
import io.provision.remote.Call;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.NodeState;
import io.provision.steps.kubernetes.NodeUnit;
import io.provision.steps.kubernetes.NodeUpkeep;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.ServerAccess;
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
  private static final K3sDistribution K3S = new K3sDistribution();
  private static final int LANES = 2;
  private static final String CLAIM = "upgrade";
  private static final Duration UP = Duration.ofMinutes(5);
  private static final Duration MARGIN = Duration.ofMinutes(2);

  /** Of a plan, in which it is not known yet by which API: it would leave all as it is. */
  private static final Repair NOTHING = new Repair.OnHost(List.of(), true);

  /** {@code await_k3s_unit UNIT SECONDS}: until the unit is up, else why it is not. */
  static final ShellFunction AWAIT =
      new ShellFunction(
          "await_k3s_unit",
          """
          left=$2 wait_began=$(date +%s)
          say "waiting for $1 to be up"
          while [ "$left" -gt 0 ]; do
            k3s_unit_up "$1"
            case $? in 0) return 0 ;; 69) break ;; esac
            left=$((left - 1))
            sleep 1
          done
          why=$(explain_k3s "$1")
          printf '%s\\n' "$why" >&2
          why=$(printf '%s\\n' "$why" | sed -n 's/^reason: //p')
          echo "$1 is not up${why:+: $why}" >&2
          return 1\
          """,
          List.of(K3sFailure.UNIT_UP, K3sFailure.EXPLAIN));

  /** A node has the wanted version, or none yet. */
  static final Output<Boolean> CURRENT = new Output<>("k3s-current", Boolean.class);

  @Override
  public Probes probes(Target.OnHost target) {
    var all = Probes.of(K3sLooks.BASICS, Files.at(K3s.BINARY), Files.at(K3s.CORDONED));
    return Nodes.isServer(target.host())
        ? all.and(Probes.of(K3sLooks.IS_READY, CredentialsLook.CREDENTIALS))
        : all;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var servers = Nodes.servers(target.inventory());
    var needs = new LinkedHashSet<Need>();
    needs.add(Need.local(K3s.DIGESTS));
    if (Nodes.isServer(target.host())) {
      needs.add(Need.some(Nodes.ADDRESS, List.of(target.host())));
      needs.add(Need.some(Nodes.STATE, servers));
      needs.add(Need.someSoFar(Nodes.SERVER_UP, Nodes.before(target)));
    } else {
      needs.add(Need.someSoFar(Nodes.STATE, servers));
      needs.add(Need.someSoFar(Nodes.SERVER_UP, servers));
      needs.add(Need.someSoFar(ClusterAccess.OUTPUT, servers));
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
    if (waitsForItsApi(target, seen)) {
      return K3sService.of(target, Optional.empty())
          .waiting("its API server to be ready", Call.of(K3sFailure.UNTIL_READY));
    }
    var name = target.host().name();
    var upkeep =
        access(target, seen, known)
            .map(access -> new NodeUpkeep(name, access, K3s.CORDONED, CLAIM));
    if (isCurrent) {
      var inUse = Change.of(Change.Action.START, "node " + name, "cordoned by us", "in use");
      return new Check.Drift(List.of(inUse), upkeep.map(it -> it.ended(wanted)).orElse(NOTHING));
    }
    var refusal = K3sBinary.refusal(basics, known);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    return new Check.Drift(
        changes(target, seen, known),
        upkeep.map(it -> repair(target, seen, known, it)).orElse(NOTHING));
  }

  /** A server is drained by its own API; where it is the only node, it is not drained. */
  private static boolean waitsForItsApi(Target.OnHost target, Observations seen) {
    return Nodes.isServer(target.host()) && drains(target) && !seen.of(K3sLooks.IS_READY);
  }

  private static List<Change> changes(Target.OnHost target, Observations seen, Known known) {
    var basics = seen.of(K3sLooks.BASICS);
    var changes = new ArrayList<Change>();
    if (drains(target)) {
      var node = "node " + target.host().name() + turn(target, known);
      changes.add(Change.of(Change.Action.DRAIN, node));
    }
    var file = seen.of(Files.at(K3s.BINARY));
    var digest = K3sBinary.digest(basics, known);
    if (!K3sBinary.isInPlace(file, digest)) {
      changes.add(K3sBinary.install(target, file, digest));
    }
    changes.add(K3sBinary.upgrade(target, basics.version().orElseThrow()));
    changes.add(Change.of(Change.Action.RESTART, "unit " + K3s.unit(target.host())));
    return changes;
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

  /** Out of use, switched, up again by what its unit says, in use. */
  private static Repair repair(
      Target.OnHost target, Observations seen, Known known, NodeUpkeep upkeep) {
    var basics = seen.of(K3sLooks.BASICS);
    var digest = K3sBinary.digest(basics, known);
    var unit = K3s.unit(target.host());
    var wanted = Nodes.version(target);
    var scripts = new ArrayList<Script>();
    if (!K3sBinary.isInPlace(seen.of(Files.at(K3s.BINARY)), digest)) {
      scripts.add(K3sBinary.push(target, basics.arch(), digest));
    }
    scripts.add(Script.of(NodeUnit.START, unit));
    scripts.add(Script.of(K3sScripts.RECORD_VERSION, wanted.toString()));
    scripts.add(Script.of(AWAIT, unit, String.valueOf(UP.toSeconds())).within(UP.plus(MARGIN)));
    var switched = new Repair.OnHost(scripts, true);
    return drains(target)
        ? new Repair.InOrder(upkeep.begun(), switched, upkeep.ended(wanted))
        : new Repair.InOrder(switched, upkeep.awaited(wanted));
  }

  /** Draining the only node would leave its pods nowhere to go. */
  private static boolean drains(Target.OnHost target) {
    return Nodes.all(target.inventory()).size() > 1;
  }

  /**
   * By which API the node is taken out of use: its own where it is a server, else that of one that
   * is up. Empty in a plan, where agents come after servers that are still to be upgraded.
   */
  private static Optional<ClusterAccess> access(
      Target.OnHost target, Observations seen, Known known) {
    return Nodes.isServer(target.host())
        ? Optional.of(ServerAccess.of(target, known, K3S, seen.of(CredentialsLook.CREDENTIALS)))
        : known.all(ClusterAccess.OUTPUT).values().stream().findFirst();
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

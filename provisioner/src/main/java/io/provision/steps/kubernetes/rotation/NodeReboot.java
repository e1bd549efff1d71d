package io.provision.steps.kubernetes.rotation;

import io.provision.kube.ClusterAction;
import io.provision.kube.Company;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.rotation.Fact;
import io.provision.model.rotation.Rotation;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.Files;
import io.provision.resource.kernel.AskedFromHere;
import io.provision.resource.kernel.RebootWanted;
import io.provision.step.Absences;
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
import io.provision.steps.kubernetes.ApiServer;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.NodeUpkeep;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.upgrade.NodeTurn;
import io.provision.steps.rotation.GivenChoice;
import io.provision.steps.rotation.HostUpdating;
import io.provision.steps.rotation.OutOfUse;
import io.provision.steps.rotation.RebootCourse;
import io.provision.steps.rotation.RebootReasons;
import io.provision.steps.rotation.RebootWindow;
import io.provision.steps.rotation.SelfReboots;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code node-reboot}: a node whose host wants a reboot is drained, rebooted, and taken back into
 * use once it is heard of anew and Ready. One node at a time, or as many agents as the inventory
 * says: servers in the order of the inventory, then agents, each only while all servers are well;
 * one that fails stops those behind it. Areas that hold data there have a say before it goes, as it
 * goes, and before it is taken back. That a node is out of use by us stands on its host from before
 * the drain, so that the next run gives one back that a killed one has left.
 */
public record NodeReboot(Distributions distributions, Absences absences, GivenChoice given)
    implements Step<Target.OnHost> {
  public static final String NAME = "node-reboot";

  static final Output<Boolean> REBOOTED = RebootCourse.REBOOTED;
  static final String MARKER = OutOfUse.MARKER;

  static final String CLAIM = "rotation";

  /** How many are named of those that say why they cannot be asked. */
  private static final int MOST_NAMES = 3;

  /** Of a plan, in which it is not known yet by which API: it would leave all as it is. */
  static final Repair NOTHING = new Repair.OnHost(List.of(), true);

  /** {@code await_own_api KUBECTL KUBECONFIG}: the API server of this host is ready, 5 minutes. */
  private static final ShellFunction AWAIT_API =
      new ShellFunction(
          "await_own_api",
          """
          say "waiting until its API server is ready, five minutes at most"
          left=300 wait_began=$(date +%s)
          until [ "$(admin_kubectl "$1" "$2" get --raw /readyz 2>/dev/null | head -c 100)" = ok ]; do
            left=$((left - 1))
            [ "$left" -gt 0 ] && [ $(($(date +%s) - wait_began)) -lt 300 ] || {
              echo "hint: look at it there ('journalctl -b'); the node stays out of use until the same command runs again" >&2
              echo "its API server was not ready within five minutes" >&2
              return 1
            }
            sleep 1
          done\
          """,
          List.of(Kubectl.ADMIN));

  /**
   * {@code await_other_apis KUBECTL KUBECONFIG URL...}: those of other control planes are ready,
   * which asks their etcd as well, one minute.
   */
  private static final ShellFunction AWAIT_OTHERS =
      new ShellFunction(
          "await_other_apis",
          """
          program=$1 config=$2
          shift 2
          say "waiting until the API servers of the other control planes are ready, one minute at most"
          left=60 wait_began=$(date +%s)
          for url; do
            until [ "$(admin_kubectl "$program" "$config" "--server=$url" get --raw /readyz 2>/dev/null | head -c 100)" = ok ]; do
              left=$((left - 1))
              [ "$left" -gt 0 ] && [ $(($(date +%s) - wait_began)) -lt 60 ] || {
                echo "hint: look at that control plane, then run the same command again; this node is not rebooted, and is given back where it was out of use" >&2
                echo "the API server at $url was not ready within a minute, and this node cannot go meanwhile" >&2
                return 1
              }
              sleep 1
            done
          done\
          """,
          List.of(Kubectl.ADMIN));

  @Override
  public Probes probes(Target.OnHost target) {
    return RebootReasons.probes(target, given.choice())
        .and(Probes.of(AskedFromHere.QUESTION, Files.at(MARKER)));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var needs =
        new LinkedHashSet<>(NodeTurn.needs(target, REBOOTED, Abreast.of(target, absences).ahead()));
    needs.add(Need.someSoFar(Nodes.ADDRESS, Nodes.servers(target.inventory())));
    needs.add(Need.someSoFar(ClusterAccess.OUTPUT, Nodes.servers(target.inventory())));
    needs.add(Need.clusterIfEver(OtherRebooters.FOUND));
    needs.add(Need.someSoFar(SelfReboots.WHEN, Nodes.all(target.inventory())));
    return needs;
  }

  @Override
  public List<Fact> facts(Target.OnHost target, Observations seen) {
    return RebootReasons.facts(target, given.choice(), seen);
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(REBOOTED);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(
        Change.Action.DRAIN,
        Change.Action.UPGRADE,
        Change.Action.RUN,
        Change.Action.RESTART,
        Change.Action.START);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return check(target, seen, known, Abreast.of(target, absences).company());
  }

  /**
   * The same.
   *
   * @param company with whom it may be out of use
   */
  Check check(Target.OnHost target, Observations seen, Known known, Company company) {
    var left = seen.of(Files.at(MARKER)).exists();
    var unplanned = new HostUpdating(given.choice()).refusal(seen);
    if (unplanned.isPresent()) {
      return left ? givenBack(target, known) : unplanned.get();
    }
    return switch (RebootReasons.of(target, given.choice(), seen)) {
      case RebootWanted.No _ when !left -> new Check.InSync(Observed.of(REBOOTED, true));
      case RebootWanted.No _ -> givenBack(target, known);
      case RebootWanted.Yes _, RebootWanted.Unknown _
          when RebootWindow.resumes(target).isPresent() ->
          left ? givenBack(target, known) : RebootWindow.resumes(target).get();
      case RebootWanted.Yes _ when RebootReasons.runsThis(target, seen) ->
          left ? givenBack(target, known) : new Check.InSync(RebootCourse.leftOut());
      case RebootWanted.Unknown _ ->
          new Check.Refused(
              "this system does not say whether it wants a reboot",
              "reboot it yourself: 'kubectl drain', reboot, 'kubectl uncordon'");
      case RebootWanted.Yes(var reasons) ->
          refusal(target)
              .or(() ->
                  apiGone(target)
                      .or(() -> RebootWindow.shut(target, known))
                      .or(() -> another(known))
                      .or(() -> turn(target, known))
                      .map(it -> left ? givenBack(target, known) : it))
              .orElseGet(() -> rebooted(target, seen, known, company, reasons, left));
    };
  }

  /** Who cannot be rebooted, whoever's turn it is. */
  static Optional<Check> refusal(Target.OnHost target) {
    return Nodes.all(target.inventory()).size() > 1
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "it is the only node, and nobody takes its pods over",
                "reboot it yourself when that suits its users"));
  }

  /** A control plane without which there is no API, and nobody has said that this may be. */
  private Optional<Check> apiGone(Target.OnHost target) {
    var servers = Nodes.servers(target.inventory()).size();
    return given.choice().withoutApi() || !Nodes.isServer(target.host()) || servers > 2
        ? Optional.empty()
        : Optional.of(
            Check.Refused.unsafe(
                servers == 1
                    ? "it is the only control plane, and Kubernetes has no API while it is away"
                    : "it is one of two control planes, without it etcd has no majority, and"
                        + " Kubernetes has no API while it is away",
                "pods run on meanwhile, and nothing starts or moves: where that may be, run with"
                    + " --without-api"));
  }

  /** Who else reboots nodes by itself: it drains as we do, or nothing, and asks us for nothing. */
  static Optional<Check> another(Known known) {
    var self = SelfReboots.refusal(known);
    if (self.isPresent()) {
      return self;
    }
    var found = known.cluster(OtherRebooters.FOUND);
    if (found.isEmpty()) {
      return Optional.of(
          new Check.Refused(
              "nobody could say who else reboots nodes of this cluster" + unheard(known),
              "'provision plan' says what keeps control planes, or their API, from being asked ('%s' asks it)"
                  .formatted(OtherRebooters.NAME)));
    }
    return found.get().all().stream()
        .findFirst()
        .map(other ->
            new Check.Refused(
                "%s reboots nodes of this cluster as well".formatted(other.who()), other.remedy()));
  }

  /** Why no API could be asked, where a control plane says so. */
  private static String unheard(Known known) {
    var why =
        known.never(ClusterAccess.OUTPUT).entrySet().stream()
            .map(it -> "%s: %s".formatted(it.getKey(), it.getValue()))
            .limit(MOST_NAMES)
            .collect(Collectors.joining("; "));
    return why.isEmpty() ? "" : ": no API was reached (%s)".formatted(why);
  }

  /** Why it is not its turn. */
  private Optional<Check> turn(Target.OnHost target, Known known) {
    return nodeTurn(target, known).refusal("its reboot");
  }

  private NodeTurn nodeTurn(Target.OnHost target, Known known) {
    return new NodeTurn(target, known, REBOOTED, Abreast.of(target, absences).ahead());
  }

  /** Whoever's turn it is: nobody misses a node that comes back. */
  Check givenBack(Target.OnHost target, Known known) {
    var servers = Nodes.servers(target.inventory());
    if (known.never(ClusterAccess.OUTPUT).size() == servers.size()) {
      return new Check.Refused(
          "we have it out of use, and no API server answers by which it is given back",
          "fix that first, then run the same command again");
    }
    var name = target.host().name();
    var change = Change.of(Change.Action.START, "node " + name, "cordoned by us", "in use");
    return new Check.Drift(
        List.of(change), upkeep(target, known).map(it -> back(target, it)).orElse(NOTHING));
  }

  private Check rebooted(
      Target.OnHost target,
      Observations seen,
      Known known,
      Company company,
      List<String> reasons,
      boolean left) {
    var turn = nodeTurn(target, known);
    var update = new HostUpdating(given.choice());
    var changes = new ArrayList<Change>();
    changes.add(
        Change.of(
            Change.Action.DRAIN, "node " + target.host().name() + turn.behind(turn::isPending)));
    changes.addAll(update.changes(seen));
    changes.add(Change.of(Change.Action.RESTART, "host", String.join(", ", reasons), "rebooted"));
    return new Check.Drift(
        changes,
        upkeep(target, known)
            .<Repair>map(it -> {
              var course = new RebootCourse(absences, target);
              var others = others(target, known, company);
              var parts = new ArrayList<Repair>();
              if (left) { // what a killed run has ended there would keep it from going
                parts.addAll(absences.onceItStays(target));
              }
              var still = new ArrayList<>(others);
              if (!company.beside().isEmpty()) {
                parts.add(it.spares(company, true));
                still.add(it.spares(company, false));
              }
              parts.addAll(others);
              parts.addAll(course.before());
              var given = given(course, it);
              var between = new ArrayList<>(course.own().beforeDrain());
              between.addAll(RebootWindow.still(target));
              parts.add(
                  it.begunInTurn(
                      otherNames(target, company),
                      company,
                      between,
                      course.own().hasHooks() || !between.isEmpty() ? List.of(given) : List.of()));
              parts.addAll(update.run(target, seen, given));
              parts.addAll(course.still(given));
              parts.add(stillSpared(still, it, given));
              parts.addAll(course.away(given));
              parts.add(back(target, it));
              return new Repair.InOrder(parts);
            })
            .orElse(NOTHING));
  }

  /**
   * That all other nodes are there but its company, asked before the drain and again before the
   * reboot: what was looked at when the run began can be an hour old.
   */
  List<Repair> others(Target.OnHost target, Known known, Company company) {
    var all = known.all(ClusterAccess.OUTPUT);
    var parts = new ArrayList<Repair>();
    access(target.host(), all)
        .ifPresent(any ->
            otherNames(target, company).forEach(node -> parts.add(NodeUpkeep.spares(node, any))));
    var urls =
        Nodes.servers(target.inventory()).stream()
            .filter(node -> !node.equals(target.host()) && all.containsKey(node.name()))
            .map(node ->
                Optional.ofNullable(known.all(Nodes.ADDRESS).get(node.name()))
                    .map(Object::toString)
                    .orElse(node.address().value()))
            .map(ApiServer::url)
            .toArray(String[]::new);
    if (Nodes.isServer(target.host()) && urls.length > 0) {
      var kubectl = distributions.of(target).kubectl();
      parts.add(new Repair.OnHost(Script.of(AWAIT_OTHERS, kubectl.arguments(urls))));
    }
    return parts;
  }

  /** The same once it is out of use, and that it is so still; where it is not it is given back. */
  static Repair stillSpared(List<Repair> others, NodeUpkeep upkeep, Repair given) {
    var asked = new ArrayList<>(others);
    asked.add(upkeep.stillOut());
    return new Repair.Guarded(asked, List.of(given));
  }

  /** All nodes but this one and its company. */
  static List<HostName> otherNames(Target.OnHost target, Company company) {
    var beside = Set.copyOf(company.beside());
    return Nodes.all(target.inventory()).stream()
        .filter(node -> !node.equals(target.host()))
        .map(Host::name)
        .filter(name -> !beside.contains(name.value()))
        .toList();
  }

  Repair back(Target.OnHost target, NodeUpkeep upkeep) {
    var course = new RebootCourse(absences, target);
    var parts = new ArrayList<>(course.back());
    if (Nodes.isServer(target.host())) {
      var kubectl = distributions.of(target).kubectl();
      parts.add(new Repair.OnHost(List.of(Script.of(AWAIT_API, kubectl.arguments())), true));
    }
    parts.add(upkeep.heardOf());
    parts.addAll(
        course.givenBack(given(course, upkeep, spread(target, upkeep)), given(course, upkeep)));
    return new Repair.InOrder(parts);
  }

  private static List<Repair> spread(Target.OnHost target, NodeUpkeep upkeep) {
    var others = otherNames(target, Company.NONE).stream().map(HostName::value).toList();
    return Rotation.of(target.inventory()).leavesCrowded()
        ? List.of()
        : List.of(
            new Repair.OnApi(
                upkeep.access(),
                List.of(
                    new ClusterAction.SpreadAgain(target.host().name().value(), CLAIM, others))));
  }

  private static Repair given(RebootCourse course, NodeUpkeep upkeep) {
    return given(course, upkeep, List.of());
  }

  /**
   * Gives it back, and runs then what its user wants run: pods may come meanwhile. It is its turn
   * until all of that has ended, or another node would go in the middle of it.
   *
   * @param spread moves pods there again
   */
  private static Repair given(RebootCourse course, NodeUpkeep upkeep, List<Repair> spread) {
    if (course.own().afterReturn().isEmpty() && spread.isEmpty()) {
      return upkeep.givenUp();
    }
    var parts = new ArrayList<Repair>();
    parts.add(upkeep.uncordoned());
    parts.addAll(course.own().afterReturn(spread, List.of(upkeep.givenUp())));
    return new Repair.InOrder(parts);
  }

  static Optional<NodeUpkeep> upkeep(Target.OnHost target, Known known) {
    return access(target.host(), known.all(ClusterAccess.OUTPUT))
        .map(access -> new NodeUpkeep(target.host().name(), access, MARKER, CLAIM));
  }

  /** By an API server that runs on meanwhile, where there is one. */
  static Optional<ClusterAccess> access(Host host, Map<HostName, ClusterAccess> all) {
    var others = new ArrayList<ClusterAccess>();
    all.forEach((name, access) -> {
      if (!name.equals(host.name())) {
        others.add(access);
      }
    });
    return others.isEmpty()
        ? Optional.ofNullable(all.get(host.name()))
        : others.stream().findFirst();
  }
}

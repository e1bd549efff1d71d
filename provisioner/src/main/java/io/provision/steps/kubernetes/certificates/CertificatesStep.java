package io.provision.steps.kubernetes.certificates;

import io.provision.model.Host;
import io.provision.resource.unit.UnitState;
import io.provision.resource.unit.Units;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.NodeCertificates;
import io.provision.steps.kubernetes.NodeCertificates.Renewal;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.ServerHealth;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code node-certificates}: no certificate of a node that can be renewed here ends within {@link
 * HeldCertificate#SOON}. One node after another: servers in the order of the inventory, each only
 * while the others are well, then agents. It comes before what waits for the node: one whose
 * certificates have ended does not answer.
 */
public record CertificatesStep(Distributions distributions) implements Step<Target.OnHost> {
  /**
   * Nothing is to be renewed on a node any more. Who comes later waits for this: that its API
   * server is up is known of a node that is still to be restarted.
   */
  static final Output<Boolean> RENEWED = new Output<>("certificates-renewed", Boolean.class);

  private NodeCertificates certificates(Target.OnHost target) {
    return distributions.of(target).certificates();
  }

  private boolean renewsAny(Target.OnHost target) {
    return certificates(target).of(target.host()).stream()
        .anyMatch(held -> held.renewal() == Renewal.APPLY);
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return renewsAny(target)
        ? Probes.of(SeenCertificates.of(target.host(), certificates(target)), unit(target))
        : Probes.NONE;
  }

  private Question<UnitState> unit(Target.OnHost target) {
    return Units.of(distributions.of(target).unit(target.host()));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    if (!renewsAny(target)) {
      return Set.of();
    }
    var servers = Nodes.servers(target.inventory());
    var needs = new LinkedHashSet<Need>();
    if (Nodes.isServer(target.host())) {
      needs.add(Need.some(Nodes.STATE, servers));
      needs.add(Need.someSoFar(Nodes.SERVER_UP, Nodes.before(target)));
      needs.add(Need.someSoFar(RENEWED, Nodes.before(target)));
    } else {
      needs.add(Need.someSoFar(Nodes.STATE, servers));
      needs.add(Need.someSoFar(Nodes.SERVER_UP, servers));
      needs.add(Need.someSoFar(RENEWED, servers));
      ahead(target)
          .ifPresent(host -> {
            needs.add(Need.someSoFar(RENEWED, List.of(host)));
            needs.add(Need.someSoFar(Nodes.STATE, List.of(host)));
            needs.add(Need.someSoFar(Nodes.AGENT_UP, List.of(host)));
          });
    }
    return needs;
  }

  /** The agent that comes before this one. */
  private static Optional<Host> ahead(Target.OnHost target) {
    var agents = Nodes.agents(target.inventory());
    var index = agents.indexOf(target.host()) - 1;
    return index < 0 ? Optional.empty() : Optional.of(agents.get(index));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return renewsAny(target) ? Set.of(RENEWED) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.UPDATE, Change.Action.RESTART);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!renewsAny(target)) {
      return new Check.InSync();
    }
    if (!seen.of(unit(target)).exists()) {
      return new Check.InSync(Observed.of(RENEWED, true)); // what a first start finds, it renews
    }
    var certificates = certificates(target);
    var look = seen.of(SeenCertificates.of(target.host(), certificates));
    if (!look.isAnswered()) {
      return new Check.Refused(
          "it did not say when its certificates end",
          "look at that host: neither its clock nor its files could be asked");
    }
    var due = new ArrayList<HeldCertificate>();
    for (var held : certificates.of(target.host())) {
      var certificate = look.certificates().get(held.path());
      if (certificate != null
          && held.renewal() == Renewal.APPLY
          && certificate.endsSoon(look.now())) {
        due.add(certificate);
      }
    }
    if (due.isEmpty() && !look.isUnderWay()) {
      return new Check.InSync(
          new Observed(Map.of(RENEWED, true), unread(target, certificates, look)));
    }
    var hasEnded = due.stream().anyMatch(it -> it.hasEnded(look.now()));
    return inTheWay(target, known)
        // What has ended keeps the node, and with it the others, from being well.
        .filter(_ -> !hasEnded && !look.isUnderWay())
        .orElseGet(() -> renewal(target, certificates, due, hasEnded));
  }

  /** A file that a run was ended in is made anew by the step whose it is: this one only says so. */
  private static List<String> unread(
      Target.OnHost target, NodeCertificates certificates, SeenCertificates look) {
    return certificates.of(target.host()).stream()
        .map(NodeCertificates.Held::path)
        .filter(look.unread()::contains)
        .map("no certificate can be read in %s"::formatted)
        .toList();
  }

  private static Optional<Check> inTheWay(Target.OnHost target, Known known) {
    var others = new TreeSet<String>();
    if (Nodes.isServer(target.host())) {
      others.addAll(ServerHealth.unhealthy(target, known));
    } else {
      ahead(target)
          .filter(host -> known.all(Nodes.STATE).containsKey(host.name()))
          .filter(host -> known.never(Nodes.AGENT_UP).containsKey(host.name()))
          .ifPresent(host -> others.add(host.name().value()));
    }
    known.never(RENEWED).keySet().stream()
        .filter(known.all(Nodes.STATE)::containsKey) // who was not reached is renewed later
        .forEach(name -> others.add(name.value()));
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "its certificates end soon, and %s, which is renewed before it, is not healthy"
                    .formatted(String.join(", ", others)),
                "fix that node first; a node whose certificates have ended is renewed in any case"));
  }

  private static Check renewal(
      Target.OnHost target,
      NodeCertificates certificates,
      List<HeldCertificate> due,
      boolean hasEnded) {
    var host = target.host();
    var changes = new ArrayList<Change>();
    for (var certificate : due) {
      changes.add(
          Change.of(
              Change.Action.UPDATE, certificate.path(), "ends on " + certificate.day(), "renewed"));
    }
    changes.add(Change.of(Change.Action.RESTART, certificates.restarts(host)));
    var paths = due.stream().map(HeldCertificate::path).toList();
    var scripts = new ArrayList<>(certificates.renewal(host, paths));
    if (!hasEnded) { // the others may have to be renewed before any of them is up
      scripts.addAll(certificates.untilUp(host));
    }
    return new Check.Drift(changes, new Repair.OnHost(scripts, true));
  }
}

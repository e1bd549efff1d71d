package io.provision.steps.k3s;

import io.provision.model.Host;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.ClusterAccess;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distribution;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.certificates.TrustedAuthority;
import io.provision.steps.kubernetes.registration.Registration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * k3s runs as an agent, with the files that are there, and the cluster has it as a node; it comes
 * once a server answers.
 */
public record K3sAgent() implements Step<Target.OnHost> {
  private static final Distribution K3S = new K3sDistribution();

  @Override
  public Probes probes(Target.OnHost target) {
    return Nodes.isServer(target.host())
        ? Probes.NONE
        : new K3sRole(target)
            .probes()
            .and(
                Probes.of(
                    Files.at(K3s.JOINED),
                    Files.text(K3s.AUTHORITY),
                    Registration.of(target.host(), K3S)));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    if (Nodes.isServer(target.host())) {
      return Set.of();
    }
    var needs = new LinkedHashSet<>(K3sRole.needs(target));
    needs.add(Need.local(K3s.DIGESTS));
    needs.add(Need.anySoFar(Nodes.SERVER_UP, Nodes.servers(target.inventory())));
    needs.add(Need.anySoFar(ClusterAccess.OUTPUT, Nodes.servers(target.inventory())));
    return needs;
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Nodes.isServer(target.host()) ? Set.of() : Set.of(Nodes.AGENT_UP);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return K3sRole.MAY_DO;
  }

  @Override
  public Optional<Change> whenChanged(Target.OnHost target, String subject) {
    return K3sService.of(target, Optional.empty()).whenChanged(subject);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (Nodes.isServer(target.host())) {
      return new Check.Skipped("it is a server");
    }
    var stranger = stranger(target, seen, known);
    if (stranger.isPresent()) {
      return stranger.get();
    }
    var role = new K3sRole(target);
    var check = role.check(seen, known);
    var joined =
        joined(
            target.host(),
            seen.of(Files.at(K3s.JOINED)).isFile(),
            seen.of(Registration.of(target.host(), K3S)));
    return role.goesOn(seen, known)
        ? Checks.meanwhile(check, () -> joined)
        : Checks.then(check, () -> joined);
  }

  /**
   * A node of another cluster would be taken away from that by its next start. What it trusts is
   * the digest of a file that k3s brings to each node.
   */
  private static Optional<Check> stranger(Target.OnHost target, Observations seen, Known known) {
    var authority = TrustedAuthority.of(seen.of(Files.text(K3s.AUTHORITY)));
    var ours =
        known.all(ClusterAccess.OUTPUT).values().stream()
            .flatMap(access -> access.identity().stream())
            .map(ClusterAccess.Identity::authority)
            .toList();
    if (!seen.of(Files.at(K3s.JOINED)).isFile()
        || authority.filter(it -> it.isForeignTo(ours)).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Check.Refused(
            "it is a node of another cluster: it trusts the authority %s (%s), which is not that of '%s'"
                .formatted(authority.get().told(), K3s.AUTHORITY, target.cluster().name()),
            "look whether the address in the inventory is that of %s. where that cluster is not needed any more, move %s away on it, and it joins this one; where this cluster's authority was rotated, restart k3s-agent there"
                .formatted(target.host().name(), K3s.JOINED)));
  }

  /** What an agent that runs with the right files has come to. */
  static Check joined(Host host, boolean accepted, Registration told) {
    if (accepted && told == Registration.PRESENT) {
      return new Check.InSync(Observed.of(Nodes.AGENT_UP, true));
    }
    return K3S.unheard(host, accepted ? told.awaited(host) : "a server to accept it");
  }
}

package io.provision.steps.kubernetes.certificates;

import io.provision.resource.unit.UnitState;
import io.provision.resource.unit.Units;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.NodeCertificates;
import io.provision.steps.kubernetes.registration.Registration;
import java.util.Optional;
import java.util.Set;

/**
 * {@code kubelet-certificate}: the certificate by which a kubelet logs in to the API has not ended,
 * where it alone renews that, and only before. One that was off for too long is refused with the
 * way back, before anything waits for a node that cannot come. Changes nothing.
 */
public record KubeletCertificate(Distributions distributions) implements Step<Target.OnHost> {
  private NodeCertificates certificates(Target.OnHost target) {
    return distributions.of(target).certificates();
  }

  private Optional<NodeCertificates.Login> login(Target.OnHost target) {
    return certificates(target).login(target.host());
  }

  private Question<UnitState> unit(Target.OnHost target) {
    return Units.of(distributions.of(target).unit(target.host()));
  }

  private Question<Registration> registration(Target.OnHost target) {
    return Registration.of(target.host(), distributions.of(target));
  }

  private Question<SeenCertificates> look(Target.OnHost target) {
    return SeenCertificates.of(target.host(), certificates(target));
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return login(target).isEmpty()
        ? Probes.NONE
        : Probes.of(look(target), unit(target), registration(target));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return login(target).flatMap(login -> ended(target, seen, login)).orElse(new Check.InSync());
  }

  /** Whoever is heard of logs in by another one. */
  private Optional<Check> ended(
      Target.OnHost target, Observations seen, NodeCertificates.Login login) {
    var look = seen.of(look(target));
    return Optional.ofNullable(look.certificates().get(login.path()))
        .filter(it -> it.hasEnded(look.now()))
        .filter(_ -> seen.of(unit(target)).exists())
        .filter(_ -> seen.of(registration(target)) != Registration.PRESENT)
        .map(it ->
            new Check.Refused(
                "the certificate by which its kubelet logs in to the API ended on %s (%s): a kubelet renews it only before that, and was off or cut off for too long"
                    .formatted(it.day(), it.path()),
                login.wayBack()));
  }
}

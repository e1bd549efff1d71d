package io.provision.steps.kubernetes.certificates;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Nodes;
import java.util.Set;

/** Looks at the certificates of a node, and at those that were asked for, and no more. */
record CertificatesLook(Distributions distributions) implements Step<Target.OnHost> {
  static final Output<SeenCertificates> SEEN = new Output<>("certificates", SeenCertificates.class);

  static final Output<PendingRequests> PENDING =
      new Output<>("certificate-requests", PendingRequests.class);

  private Question<PendingRequests> pending(Target.OnHost target) {
    return PendingRequests.of(distributions.of(target));
  }

  private Question<SeenCertificates> question(Target.OnHost target) {
    return SeenCertificates.of(target.host(), distributions.of(target).certificates());
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Nodes.isServer(target.host())
        ? Probes.of(question(target), pending(target))
        : Probes.of(question(target));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Nodes.isServer(target.host()) ? Set.of(SEEN, PENDING) : Set.of(SEEN);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var certificates = Observed.of(SEEN, seen.of(question(target)));
    return new Check.InSync(
        Nodes.isServer(target.host())
            ? certificates.and(PENDING, seen.of(pending(target)))
            : certificates);
  }
}

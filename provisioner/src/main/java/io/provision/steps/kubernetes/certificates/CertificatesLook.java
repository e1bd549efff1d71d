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
import java.util.Set;

/** Looks at the certificates of a node, and no more. */
record CertificatesLook(Distributions distributions) implements Step<Target.OnHost> {
  static final Output<SeenCertificates> SEEN = new Output<>("certificates", SeenCertificates.class);

  private Question<SeenCertificates> question(Target.OnHost target) {
    return SeenCertificates.of(target.host(), distributions.of(target).certificates());
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(question(target));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(SEEN);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return new Check.InSync(Observed.of(SEEN, seen.of(question(target))));
  }
}

package io.provision.steps.kubeadm.etcd;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.Set;

/** Looks at the member of a control plane, and no more. */
record MemberLook() implements Step<Target.OnHost> {
  static final Output<SeenMember> SEEN = new Output<>("etcd-member", SeenMember.class);

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(SeenMember.of(target.host().name()));
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
    return new Check.InSync(Observed.of(SEEN, seen.of(SeenMember.of(target.host().name()))));
  }
}

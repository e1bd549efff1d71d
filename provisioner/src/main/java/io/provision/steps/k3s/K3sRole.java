package io.provision.steps.k3s;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Target;
import java.util.Optional;
import java.util.Set;

/** k3s runs on a host as what the inventory says that it is, and as nothing else. */
record K3sRole(Target.OnHost target) {
  /** What it takes, the end of the other role included. */
  static final Set<Change.Action> MAY_DO =
      Set.of(
          Change.Action.CREATE,
          Change.Action.UPDATE,
          Change.Action.ENABLE,
          Change.Action.START,
          Change.Action.RESTART,
          Change.Action.STOP,
          Change.Action.DISABLE,
          Change.Action.REMOVE);

  Probes probes() {
    return K3sService.of(target, Optional.empty())
        .probes()
        .and(new OtherRole(target.host()).probes())
        .and(Probes.of(K3sLooks.BASICS));
  }

  /** Refused where there is no program for the host. */
  Check check(Observations seen, Known known) {
    var basics = seen.of(K3sLooks.BASICS);
    var refusal = K3sBinary.refusal(basics, known);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    var service = K3sService.of(target, Optional.of(K3sBinary.digest(basics, known)));
    return Checks.together(new OtherRole(target.host()).check(seen), service.check(seen));
  }
}

package io.provision.steps.k3s;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Need;
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
        .and(new K3sTakeover(target).probes());
  }

  /** What is needed to compare with a k3s of somebody else. */
  static Set<Need> needs(Target.OnHost target) {
    return new K3sConfig().needs(target);
  }

  /** Whether a k3s of somebody else is taken over without a restart: it is what it will be. */
  boolean goesOn(Observations seen, Known known) {
    var takeover = new K3sTakeover(target);
    return takeover.isPossible(seen)
        && K3sBinary.refusal(seen.of(K3sLooks.BASICS), known).isEmpty()
        && takeover.reasons(seen, known).isEmpty();
  }

  /** Refused where there is no program for the host. */
  Check check(Observations seen, Known known) {
    var basics = seen.of(K3sLooks.BASICS);
    var refusal = K3sBinary.refusal(basics, known);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    var notTaken = K3sAdoption.refusal(target, seen, known);
    if (notTaken.isPresent()) {
      return notTaken.get(); // a playbook may have it without the step that says so first
    }
    var service = K3sService.of(target, Optional.of(K3sBinary.digest(basics, known)));
    var takeover = new K3sTakeover(target);
    return Checks.together(
        new OtherRole(target.host()).check(seen),
        takeover.isPossible(seen)
            ? service.takenOver(seen, takeover.reasons(seen, known))
            : service.check(seen));
  }
}

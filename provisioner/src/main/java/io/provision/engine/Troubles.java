package io.provision.engine;

import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.kube.ClusterException;
import io.provision.remote.RemoteException;
import io.provision.step.Check;

/** How trouble is reported. */
final class Troubles {
  private Troubles() {}

  static Failure of(Check.Refused refused) {
    return refused.unsafe()
        ? Failure.unsafe(refused.what(), refused.remedy())
        : new Failure(refused.what(), refused.remedy());
  }

  static Failure of(ClusterException e) {
    if (e.isHeld()) {
      return Failure.held(e.what(), e.remedy());
    }
    return e.isUnsafe() ? Failure.unsafe(e.what(), e.remedy()) : new Failure(e.what(), e.remedy());
  }

  static Outcome of(RemoteException e) {
    var failure = new Failure(e.what(), e.remedy());
    return switch (e) {
      case RemoteException.Unreachable _ -> new Outcome.Unreachable(failure);
      case RemoteException.Lost _ -> new Outcome.Lost(failure);
      case RemoteException.AuthFailed _,
          RemoteException.BecomeFailed _,
          RemoteException.HostKeyUnknown _,
          RemoteException.HostKeyChanged _,
          RemoteException.CommandFailed _ ->
          new Outcome.Failed(failure);
    };
  }
}

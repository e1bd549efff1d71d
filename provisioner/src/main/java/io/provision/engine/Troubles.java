package io.provision.engine;

import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.remote.RemoteException;

/** How trouble with a connection is reported. */
final class Troubles {
  private Troubles() {}

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

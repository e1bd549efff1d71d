package io.provision.remote;

import java.io.IOException;

/** An exchange that cannot be brought to its end though both sides live: we have to end it. */
final class GivenUp extends IOException {
  private final String remedy;

  GivenUp(String what, String remedy) {
    super(what);
    this.remedy = remedy;
  }

  RemoteException reason() {
    var reason = new RemoteException.CommandFailed(String.valueOf(getMessage()), remedy);
    reason.addSuppressed(this);
    return reason;
  }
}

package io.provision.engine.event;

import io.provision.remote.RemoteException;
import java.util.List;

/** Asks the operator once whether all these unknown host keys are to be trusted. */
@FunctionalInterface
public interface HostKeyPrompt {
  /** Nobody is there to ask: unknown keys are refused. */
  HostKeyPrompt REFUSE = _ -> false;

  boolean trust(List<RemoteException.HostKeyUnknown> keys);
}

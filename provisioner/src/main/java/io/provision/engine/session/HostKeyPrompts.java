package io.provision.engine.session;

import io.provision.engine.event.HostKeyPrompt;
import io.provision.remote.RemoteException;
import io.provision.remote.Transport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Collects the unknown host keys of a run, so that they are asked for once, with all fingerprints.
 * Every host arrives here once, with or without one; those without go on at once.
 */
public final class HostKeyPrompts {
  private final Transport transport;
  private final HostKeyPrompt prompt;
  private final List<RemoteException.HostKeyUnknown> unknown = new ArrayList<>();
  private final CompletableFuture<Boolean> trusted = new CompletableFuture<>();
  private int outstanding;

  public HostKeyPrompts(Transport transport, HostKeyPrompt prompt, int hosts) {
    this.transport = transport;
    this.prompt = prompt;
    this.outstanding = hosts;
  }

  /** A host that has nothing to ask. */
  public void known() {
    arrive(List.of());
  }

  /** A host whose key is unknown: waits until all have arrived and the operator has answered. */
  public boolean unknown(RemoteException.HostKeyUnknown key)
      throws RemoteException, InterruptedException {
    arrive(List.of(key));
    try {
      return trusted.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException unwritten) {
        throw new RemoteException.CommandFailed(
            "its host key was accepted and could not be kept (%s)".formatted(unwritten),
            "make %s writable, then run the same command again".formatted(key.knownHosts()));
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private void arrive(List<RemoteException.HostKeyUnknown> keys) {
    boolean last;
    synchronized (this) {
      unknown.addAll(keys);
      outstanding--;
      last = outstanding == 0;
    }
    if (last) {
      try {
        var yes = !unknown.isEmpty() && prompt.trust(List.copyOf(unknown));
        if (yes) {
          transport.trust(unknown);
        }
        var _ = trusted.complete(yes);
      } catch (IOException | RuntimeException e) {
        var _ = trusted.completeExceptionally(e);
      }
    }
  }
}

package io.provision.ssh;

import io.provision.model.Host;
import io.provision.model.SecretUnavailable;
import io.provision.remote.Connection.Costs;
import io.provision.remote.RemoteException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one login: what a library's callbacks need to know, and what they found. Shared
 * between the thread that waits and the library's own.
 */
public final class Handshake {
  private final Host host;
  private final Login login;
  private final HostKeys hostKeys;
  private final List<String> hostKeyAlgorithms;
  private final List<String> offered = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final long start = System.nanoTime();
  private volatile long connectedAt;
  private volatile long verifiedAt;
  private volatile long doneAt;
  private @Nullable RemoteException rejected;
  private boolean passwordSpent;

  public Handshake(Host host, Login login, HostKeys hostKeys) throws RemoteException {
    this.host = host;
    this.login = login;
    this.hostKeys = hostKeys;
    this.hostKeyAlgorithms = hostKeys.algorithms(login);
  }

  public Login login() {
    return login;
  }

  /** What to propose to the host, in this order. */
  public List<String> hostKeyAlgorithms() {
    return hostKeyAlgorithms;
  }

  /** The TCP connection stands. */
  public void connected() {
    connectedAt = System.nanoTime();
  }

  /** The login was accepted. */
  public void done() {
    doneAt = System.nanoTime();
  }

  /** Whether the host's key is the known one; if not, {@link #rejected} says why. */
  public boolean verify(HostKey shown) {
    try {
      hostKeys.verify(host, login, shown);
      if (verifiedAt == 0) {
        verifiedAt = System.nanoTime();
      }
      return true;
    } catch (RemoteException e) {
      reject(e);
      return false;
    }
  }

  public boolean verified() {
    return verifiedAt != 0;
  }

  public HandshakePhase phase() {
    if (verified()) {
      return HandshakePhase.LOGIN;
    }
    if (received.get() > 0) {
      return HandshakePhase.KEY_EXCHANGE;
    }
    return connectedAt == 0 ? HandshakePhase.CONNECTING : HandshakePhase.GREETING;
  }

  private synchronized void reject(RemoteException reason) {
    if (rejected == null) {
      rejected = reason;
    }
  }

  /** Why the attempt must fail, whatever the library makes of it. */
  public synchronized Optional<RemoteException> rejected() {
    return Optional.ofNullable(rejected);
  }

  /** Something was shown to the host to prove who we are: from now on a refusal is final. */
  public synchronized void offer(String what) {
    if (!offered.contains(what)) {
      offered.add(what);
    }
  }

  /** Something that explains a refusal, should there be one. */
  public synchronized void note(String what) {
    if (!notes.contains(what)) {
      notes.add(what);
    }
  }

  public synchronized boolean hasOffered() {
    return !offered.isEmpty();
  }

  public synchronized RemoteException refused() {
    return Failures.refused(login, List.copyOf(offered), List.copyOf(notes));
  }

  /**
   * The password, the first time only: a second try could lock an account.
   *
   * @param method by which it is sent, for the message
   */
  public synchronized @Nullable String spendPassword(String method) {
    if (passwordSpent || login.password().isEmpty()) {
      return null;
    }
    passwordSpent = true;
    try {
      var password = new String(login.password().get().reveal(), StandardCharsets.UTF_8);
      offer("password by " + method);
      return password;
    } catch (SecretUnavailable e) {
      note(String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** A server's question other than for one password. */
  public void unanswerable(String prompt) {
    note("the server asks '%s', which has no answer here".formatted(prompt.strip()));
  }

  public void sent(long bytes) {
    sent.addAndGet(bytes);
  }

  public void received(long bytes) {
    received.addAndGet(bytes);
  }

  /** The price so far. */
  public Costs costs() {
    return new Costs(
        Duration.ofNanos(connectedAt - start),
        Duration.ofNanos(Math.max(0, verifiedAt - connectedAt)),
        Duration.ofNanos(Math.max(0, doneAt - verifiedAt)),
        sent.get(),
        received.get());
  }
}

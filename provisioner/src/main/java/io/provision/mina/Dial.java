package io.provision.mina;

import io.provision.model.Host;
import io.provision.remote.RemoteException;
import io.provision.ssh.HostKey;
import io.provision.ssh.HostKeys;
import io.provision.ssh.Login;
import java.net.SocketAddress;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.client.keyverifier.ServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one login: what MINA's callbacks need to know, and what they found. Shared between
 * the thread that waits and MINA's own.
 */
final class Dial implements ServerKeyVerifier {
  static final AttributeRepository.AttributeKey<Dial> KEY =
      new AttributeRepository.AttributeKey<>();

  final Host host;
  final Login login;
  final List<String> hostKeyAlgorithms;
  final Identities identities;
  final Optional<ClientSession> through;
  final AtomicLong sent = new AtomicLong();
  final AtomicLong received = new AtomicLong();
  private final HostKeys hostKeys;
  private final List<String> offered = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private @Nullable RemoteException rejected;
  private volatile long verifiedAt;
  private boolean passwordSpent;

  Dial(
      Host host,
      Login login,
      HostKeys hostKeys,
      Identities identities,
      Optional<ClientSession> through)
      throws RemoteException {
    this.host = host;
    this.login = login;
    this.hostKeys = hostKeys;
    this.identities = identities;
    this.through = through;
    this.hostKeyAlgorithms = hostKeys.algorithms(login);
    this.notes.addAll(identities.notes());
  }

  AttributeRepository context() {
    return AttributeRepository.ofKeyValuePair(KEY, this);
  }

  static @Nullable Dial of(@Nullable AttributeRepository context) {
    return context == null ? null : context.getAttribute(KEY);
  }

  @Override
  public boolean verifyServerKey(ClientSession session, SocketAddress remote, PublicKey key) {
    try {
      var buffer = new ByteArrayBuffer();
      buffer.putRawPublicKey(key);
      hostKeys.verify(host, login, HostKey.of(buffer.getCompactData()));
      if (verifiedAt == 0) {
        verifiedAt = System.nanoTime();
      }
      return true;
    } catch (RemoteException e) {
      reject(e);
      return false;
    }
  }

  /** Why the attempt must fail, whatever MINA makes of it. */
  synchronized void reject(RemoteException reason) {
    if (rejected == null) {
      rejected = reason;
    }
  }

  synchronized Optional<RemoteException> rejected() {
    return Optional.ofNullable(rejected);
  }

  /** Something was shown to the host to prove who we are: from now on a refusal is final. */
  synchronized void offer(String what) {
    if (!offered.contains(what)) {
      offered.add(what);
    }
  }

  synchronized void note(String what) {
    if (!notes.contains(what)) {
      notes.add(what);
    }
  }

  synchronized List<String> offered() {
    return List.copyOf(offered);
  }

  synchronized List<String> notes() {
    return List.copyOf(notes);
  }

  /** The password, the first time only: a second try could lock an account. */
  synchronized @Nullable String spendPassword(String method) {
    if (passwordSpent || login.password().isEmpty()) {
      return null;
    }
    passwordSpent = true;
    offer("password by " + method);
    return new String(login.password().get().reveal(), java.nio.charset.StandardCharsets.UTF_8);
  }

  /** {@link System#nanoTime} of the moment the host key was verified; 0 before. */
  long verifiedAt() {
    return verifiedAt;
  }
}

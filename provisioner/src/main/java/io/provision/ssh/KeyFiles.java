package io.provision.ssh;

import io.provision.files.BoundedRead;
import io.provision.model.Secret;
import io.provision.remote.RemoteException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The key files of logins, each read once in a run: the key derivation of an encrypted one takes
 * its time. One that somebody named and that cannot be used is an error, unless an agent may hold
 * it; a default one is skipped with a note.
 *
 * @param <K> a library's private key
 */
public final class KeyFiles<K> {
  /** Much more than the longest key with its certificates. */
  private static final int LONGEST = 1 << 20;

  /** How a library reads private keys. */
  @FunctionalInterface
  public interface Decoder<K> {
    K decode(byte[] file, Optional<byte[]> passphrase)
        throws Locked, IOException, GeneralSecurityException;
  }

  /** The passphrase is wrong or missing. */
  public static final class Locked extends Exception {}

  /** A key and the file it was in. */
  public record Key<K>(Path file, K key) {}

  /**
   * @param publicOnly public halves of files whose private half an agent may have
   * @param notes why keys were skipped
   */
  public record Loaded<K>(List<Key<K>> keys, List<HostKey> publicOnly, List<String> notes) {}

  private final Decoder<K> decoder;
  private final Map<Path, Map<Optional<Secret>, K>> read = new ConcurrentHashMap<>();

  public KeyFiles(Decoder<K> decoder) {
    this.decoder = decoder;
  }

  /**
   * The keys that a login offers. That a person is asked for a passphrase takes nothing of the
   * host's time.
   */
  public Loaded<K> of(Login login, Deadline deadline) throws RemoteException {
    var asked = System.nanoTime();
    try {
      return of(login);
    } finally {
      deadline.excuse(asked);
    }
  }

  private Loaded<K> of(Login login) throws RemoteException {
    var keys = new ArrayList<Key<K>>();
    var publicOnly = new ArrayList<HostKey>();
    var notes = new ArrayList<String>();
    for (var file : login.identities()) {
      try {
        keys.add(new Key<>(file, load(file, login.passphrase())));
      } catch (RemoteException e) {
        var open = publicKey(file).or(() -> publicHalf(file));
        open.ifPresent(publicOnly::add);
        if (login.identitiesChosen() && (open.isEmpty() || login.agent().isEmpty())) {
          throw e;
        }
        notes.add(e.what());
      }
    }
    return new Loaded<>(List.copyOf(keys), List.copyOf(publicOnly), List.copyOf(notes));
  }

  private K load(Path file, Optional<Secret> passphrase) throws RemoteException {
    var byPassphrase = read.computeIfAbsent(file, x -> new ConcurrentHashMap<>());
    var known = byPassphrase.get(passphrase);
    if (known != null) {
      return known;
    }
    var key = decode(file, passphrase);
    byPassphrase.put(passphrase, key);
    return key;
  }

  private K decode(Path file, Optional<Secret> passphrase) throws RemoteException {
    try {
      return decoder.decode(
          BoundedRead.bytes(file, LONGEST, BoundedRead.PATIENCE), passphrase.map(Secret::reveal));
    } catch (NoSuchFileException e) {
      throw Failures.key(file, "it does not exist", "correct ssh.key or IdentityFile");
    } catch (Locked e) {
      throw passphrase.isPresent()
          ? Failures.key(file, "the passphrase is wrong", "correct ssh.passphrase")
          : Failures.key(
              file,
              "it has a passphrase and none is given",
              "set ssh.passphrase, or add the key to the agent with ssh-add");
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw Failures.key(
          file,
          Failures.evidence(e),
          "it must be an OpenSSH or PEM private key that you may read, not the .pub");
    }
  }

  private static Optional<HostKey> publicHalf(Path file) {
    return publicKey(file.resolveSibling(file.getFileName() + ".pub"));
  }

  /** A public key chooses that one of the agent, also where it is what was named. */
  private static Optional<HostKey> publicKey(Path file) {
    try {
      var words = BoundedRead.text(file, LONGEST).strip().split("\\s+", 3);
      return Optional.of(HostKey.of(Base64.getDecoder().decode(words[1])));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }
}

package io.provision.ssh;

import io.provision.files.BoundedRead;
import io.provision.model.Secret;
import io.provision.model.SecretUnavailable;
import io.provision.remote.RemoteException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

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

  /**
   * A key and where it came from.
   *
   * @param name its file, or the reference by which its text was given
   */
  public record Key<K>(String name, K key) {}

  /**
   * @param publicOnly public halves of files whose private half an agent may have
   * @param certificates of these keys, and perhaps of an agent's
   * @param notes why keys and certificates were skipped
   */
  public record Loaded<K>(
      List<Key<K>> keys,
      List<HostKey> publicOnly,
      List<Certificate> certificates,
      List<String> notes) {
    /** The certificates of one key. */
    public List<Certificate> certificatesOf(HostKey key) {
      return certificates.stream().filter(each -> each.of().equals(key)).toList();
    }

    /**
     * What to say of certificates that are shown with no key.
     *
     * @param shown the names of those that are
     */
    public List<String> ofNoKey(Collection<String> shown) {
      return certificates.stream()
          .map(Certificate::name)
          .filter(name -> !shown.contains(name))
          .map("%s certifies none of the keys that are at hand"::formatted)
          .toList();
    }
  }

  private final Decoder<K> decoder;
  private final Map<Source, Map<Optional<Secret>, K>> read = new ConcurrentHashMap<>();

  /** Where the bytes of a key come from. */
  private sealed interface Source {
    record File(Path path) implements Source {
      @Override
      public byte[] bytes() throws IOException {
        return BoundedRead.bytes(path, LONGEST, BoundedRead.PATIENCE);
      }

      @Override
      public String toString() {
        return path.toString();
      }
    }

    record Text(Secret secret) implements Source {
      /** What a command or variable gives has lost its last line end, without which it is cut. */
      @Override
      public byte[] bytes() {
        var text = secret.reveal();
        var whole = Arrays.copyOf(text, text.length + 1);
        whole[text.length] = '\n';
        return whole;
      }

      @Override
      public String toString() {
        return secret.reference();
      }
    }

    byte[] bytes() throws IOException;
  }

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
    for (var source : sources(login)) {
      try {
        keys.add(new Key<>(source.toString(), load(source, login.passphrase())));
      } catch (RemoteException e) {
        var open = publicKey(source).or(() -> publicHalf(source));
        open.ifPresent(publicOnly::add);
        if (login.identitiesChosen() && (open.isEmpty() || login.agent().isEmpty())) {
          throw e;
        }
        notes.add(e.what());
      }
    }
    var certificates = certificates(login, notes);
    return new Loaded<>(
        List.copyOf(keys), List.copyOf(publicOnly), certificates, List.copyOf(notes));
  }

  /** Those that were named, else those that lie beside key files: ssh(1), {@code -i}. */
  private static List<Certificate> certificates(Login login, List<String> notes) {
    var named = login.certificates();
    var files =
        named.isEmpty()
            ? login.identities().stream()
                .map(key -> key.resolveSibling(key.getFileName() + "-cert.pub"))
                .filter(Files::isRegularFile)
                .toList()
            : named;
    var certificates = new ArrayList<Certificate>();
    for (var file : files) {
      try {
        var text = BoundedRead.bytes(file, LONGEST, BoundedRead.PATIENCE);
        Certificate.read(file.toString(), new String(text, StandardCharsets.UTF_8))
            .ifPresentOrElse(
                certificates::add,
                () -> notes.add("%s is not a certificate of a user's key".formatted(file)));
      } catch (IOException e) {
        notes.add(
            "the certificate %s is not used (%s)"
                .formatted(
                    file,
                    e instanceof NoSuchFileException ? "it does not exist" : Failures.evidence(e)));
      }
    }
    return List.copyOf(certificates);
  }

  private static List<Source> sources(Login login) {
    return Stream.<Source>concat(
            login.keyTexts().stream().map(Source.Text::new),
            login.identities().stream().map(Source.File::new))
        .toList();
  }

  private K load(Source file, Optional<Secret> passphrase) throws RemoteException {
    var byPassphrase = read.computeIfAbsent(file, x -> new ConcurrentHashMap<>());
    var known = byPassphrase.get(passphrase);
    if (known != null) {
      return known;
    }
    var key = decode(file, passphrase);
    byPassphrase.put(passphrase, key);
    return key;
  }

  private K decode(Source file, Optional<Secret> passphrase) throws RemoteException {
    try {
      return decoder.decode(file.bytes(), passphrase.map(Secret::reveal));
    } catch (NoSuchFileException e) {
      throw Failures.key(file.toString(), "it does not exist", "correct ssh.key or IdentityFile");
    } catch (Locked e) {
      throw passphrase.isPresent()
          ? Failures.key(file.toString(), "the passphrase is wrong", "correct ssh.passphrase")
          : Failures.key(
              file.toString(),
              "it has a passphrase and none is given",
              "set ssh.passphrase, or add the key to the agent with ssh-add");
    } catch (SecretUnavailable e) {
      throw e; // says where it should come from
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw Failures.key(
          file.toString(),
          file instanceof Source.File ? Failures.evidence(e) : "it is not a private key",
          "it must be an OpenSSH or PEM private key that you may read, not the .pub");
    }
  }

  private static Optional<HostKey> publicHalf(Source source) {
    return source instanceof Source.File(var file)
        ? publicKey(new Source.File(file.resolveSibling(file.getFileName() + ".pub")))
        : Optional.empty();
  }

  /** A public key chooses that one of the agent, also where it is what was named. */
  private static Optional<HostKey> publicKey(Source source) {
    try {
      var words = new String(source.bytes(), StandardCharsets.UTF_8).strip().split("\\s+", 3);
      return Optional.of(HostKey.of(Base64.getDecoder().decode(words[1])));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }
}

package io.provision.mina;

import io.provision.model.Secret;
import io.provision.remote.RemoteException;
import io.provision.ssh.Failures;
import io.provision.ssh.Login;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.util.security.SecurityUtils;

/**
 * The key files of a login, read. One that somebody named and that cannot be used is an error,
 * unless an agent holds it; a default one is skipped with a note.
 *
 * @param publicOnly keys whose private half an agent may have
 */
record Identities(
    List<Loaded> loaded, List<java.security.PublicKey> publicOnly, List<String> notes) {

  record Loaded(Path file, KeyPair pair) {}

  /** Reads each file once in a run: the key derivation of an encrypted one takes its time. */
  static final class Reader {
    private final Map<Path, Map<Optional<Secret>, KeyPair>> read = new ConcurrentHashMap<>();

    Identities of(Login login) throws RemoteException {
      var loaded = new ArrayList<Loaded>();
      var publicOnly = new ArrayList<java.security.PublicKey>();
      var notes = new ArrayList<String>();
      for (var file : login.identities()) {
        try {
          loaded.add(new Loaded(file, load(file, login.passphrase())));
        } catch (RemoteException e) {
          var open = publicHalf(file);
          open.ifPresent(publicOnly::add);
          if (login.identitiesChosen() && (open.isEmpty() || login.agent().isEmpty())) {
            throw e;
          }
          notes.add(e.what());
        }
      }
      return new Identities(List.copyOf(loaded), List.copyOf(publicOnly), List.copyOf(notes));
    }

    private KeyPair load(Path file, Optional<Secret> passphrase) throws RemoteException {
      var known = read.computeIfAbsent(file, x -> new ConcurrentHashMap<>()).get(passphrase);
      if (known != null) {
        return known;
      }
      var pair = decode(file, passphrase);
      read.computeIfAbsent(file, x -> new ConcurrentHashMap<>()).put(passphrase, pair);
      return pair;
    }

    private static KeyPair decode(Path file, Optional<Secret> passphrase) throws RemoteException {
      var asked = new boolean[1];
      FilePasswordProvider words =
          (session, resource, retry) -> {
            asked[0] = true;
            return passphrase
                .map(secret -> new String(secret.reveal(), StandardCharsets.UTF_8))
                .orElse(null);
          };
      try (var in = Files.newInputStream(file)) {
        var pairs =
            SecurityUtils.loadKeyPairIdentities(
                null, NamedResource.ofName(file.toString()), in, words);
        if (pairs != null) {
          for (var pair : pairs) {
            return pair;
          }
        }
        throw Failures.key(file, "it holds no private key", "name the private key, not the .pub");
      } catch (NoSuchFileException e) {
        throw Failures.key(file, "it does not exist", "correct ssh.key or IdentityFile");
      } catch (IOException | GeneralSecurityException | RuntimeException e) {
        throw unusable(file, asked[0], passphrase.isPresent(), e);
      }
    }

    private static RemoteException unusable(
        Path file, boolean encrypted, boolean given, Exception cause) {
      if (encrypted) {
        return given
            ? Failures.key(file, "the passphrase is wrong", "correct ssh.passphrase")
            : Failures.key(
                file,
                "it has a passphrase and none is given",
                "set ssh.passphrase, or add the key to the agent with ssh-add");
      }
      return Failures.key(
          file,
          Failures.evidence(cause),
          "it must be an OpenSSH or PEM private key that you may read");
    }

    private static Optional<java.security.PublicKey> publicHalf(Path file) {
      var path = file.resolveSibling(file.getFileName() + ".pub");
      try {
        return Optional.ofNullable(
            PublicKeyEntry.parsePublicKeyEntry(Files.readString(path).strip())
                .resolvePublicKey(null, null, null));
      } catch (IOException | GeneralSecurityException | RuntimeException e) {
        return Optional.empty();
      }
    }
  }
}

package io.provision.ssh;

import io.provision.mina.Ed25519;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/** Keys made for a test, and the files people keep them in. */
public final class TestKeys {
  static {
    Ed25519.register();
  }

  private TestKeys() {}

  public static KeyPair ed25519() {
    return generate(() -> KeyPairGenerator.getInstance("Ed25519"));
  }

  public static KeyPair ecdsa() {
    return generate(() -> {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator;
    });
  }

  public static KeyPair rsa() {
    return generate(() -> {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator;
    });
  }

  private interface Making {
    KeyPairGenerator make() throws GeneralSecurityException;
  }

  private static KeyPair generate(Making making) {
    try {
      return making.make().generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes the private key as ssh-keygen does; an empty passphrase leaves it plain. */
  public static Path write(KeyPair pair, Path file, String passphrase) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    OpenSSHKeyEncryptionContext context = null;
    if (!passphrase.isEmpty()) {
      context = new OpenSSHKeyEncryptionContext();
      context.setPassword(passphrase);
      context.setCipherType("256");
      context.setKdfRounds(4);
    }
    try (var out = Files.newOutputStream(file)) {
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "test", context, out);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  /** Writes the private key as PKCS#8 PEM, as openssl does. */
  public static Path writePem(KeyPair pair, Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    var lines =
        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pair.getPrivate().getEncoded());
    return Files.writeString(
        file, "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n");
  }

  /** Type and base64, as in known_hosts and authorized_keys. */
  public static String line(PublicKey key) {
    return PublicKeyEntry.toString(key);
  }

  public static HostKey hostKey(KeyPair pair) {
    var buffer = new ByteArrayBuffer();
    buffer.putRawPublicKey(pair.getPublic());
    return HostKey.of(buffer.getCompactData());
  }
}

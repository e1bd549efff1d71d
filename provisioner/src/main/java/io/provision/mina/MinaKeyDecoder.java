package io.provision.mina;

import io.provision.ssh.KeyFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Optional;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.security.SecurityUtils;

/** Reads private keys in OpenSSH's format and in PEM. */
final class MinaKeyDecoder implements KeyFiles.Decoder<KeyPair> {
  @Override
  public KeyPair decode(byte[] file, Optional<byte[]> passphrase)
      throws KeyFiles.Locked, IOException, GeneralSecurityException {
    var asked = new boolean[1];
    FilePasswordProvider words =
        (session, resource, retry) -> {
          asked[0] = true;
          return passphrase.map(word -> new String(word, StandardCharsets.UTF_8)).orElse(null);
        };
    try {
      var pairs =
          SecurityUtils.loadKeyPairIdentities(
              null, NamedResource.ofName("key"), new ByteArrayInputStream(file), words);
      if (pairs == null || !pairs.iterator().hasNext()) {
        throw new IOException("it holds no private key");
      }
      return pairs.iterator().next();
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      if (asked[0]) {
        var locked = new KeyFiles.Locked();
        locked.initCause(e);
        throw locked;
      }
      throw e;
    }
  }
}

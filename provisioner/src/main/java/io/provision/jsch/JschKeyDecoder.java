package io.provision.jsch;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import io.provision.ssh.KeyFiles;
import java.io.IOException;
import java.util.Optional;

/** Reads private keys in OpenSSH's format and in PEM. */
final class JschKeyDecoder implements KeyFiles.Decoder<KeyPair> {
  private final JSch jsch;

  JschKeyDecoder(JSch jsch) {
    this.jsch = jsch;
  }

  @Override
  public KeyPair decode(byte[] file, Optional<byte[]> passphrase)
      throws KeyFiles.Locked, IOException {
    try {
      var pair = KeyPair.load(jsch, file, null);
      if (pair.isEncrypted() && !(passphrase.isPresent() && pair.decrypt(passphrase.get()))) {
        throw new KeyFiles.Locked();
      }
      return pair;
    } catch (JSchException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}

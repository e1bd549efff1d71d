package io.provision.ssh;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * A public key as it goes over the wire (RFC 4253 §6.6).
 *
 * @param type its own name for itself, for example {@code ssh-ed25519}
 */
public record HostKey(String type, byte[] blob) {
  public HostKey {
    blob = blob.clone();
  }

  /** Reads the type out of the blob. */
  public static HostKey of(byte[] blob) {
    if (blob.length < 4) {
      throw new IllegalArgumentException("a host key of %d bytes".formatted(blob.length));
    }
    int length =
        (blob[0] & 0xff) << 24 | (blob[1] & 0xff) << 16 | (blob[2] & 0xff) << 8 | blob[3] & 0xff;
    if (length < 1 || length > blob.length - 4) {
      throw new IllegalArgumentException("a host key whose type is not readable");
    }
    var type = new String(blob, 4, length, java.nio.charset.StandardCharsets.US_ASCII);
    return new HostKey(type, blob);
  }

  @Override
  public byte[] blob() {
    return blob.clone();
  }

  /** As OpenSSH prints it: {@code SHA256:} and unpadded base64. */
  public String fingerprint() {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(blob);
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As known_hosts writes it: type and base64. */
  public String line() {
    return type + " " + Base64.getEncoder().encodeToString(blob);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HostKey key && Arrays.equals(blob, key.blob);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(blob);
  }

  @Override
  public String toString() {
    return type + " " + fingerprint();
  }
}

package io.provision.steps.kubernetes.etcd;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The bytes of a snapshot of etcd, as far as anybody but etcd looks at them. */
public final class SoundSnapshot {
  private SoundSnapshot() {}

  /**
   * It begins as a file of bbolt does, and ends with its SHA-256.
   *
   * @param size without that, a multiple of 512
   */
  public static byte[] of(int size) {
    var bytes = ByteBuffer.allocate(size + 32).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(16, 0xED0CDAED);
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes.array(), 0, size);
      return bytes.put(size, digest.digest()).array();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

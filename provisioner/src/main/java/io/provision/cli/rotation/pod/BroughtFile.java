package io.provision.cli.rotation.pod;

import io.provision.cli.run.Refused;
import io.provision.files.BoundedRead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/**
 * A file of this machine that lies in a pod by the same path.
 *
 * @param key by which its object has it
 * @param isSecret whether nobody else may see it
 */
record BroughtFile(String key, Path path, byte[] bytes, boolean isSecret) {
  private static final int MOST_BYTES = 1 << 20;

  /**
   * @param number which of all it is
   */
  static BroughtFile read(int number, Path path, boolean isSecret) throws Refused {
    var name = String.valueOf(path.getFileName()).replaceAll("[^A-Za-z0-9._-]", "_");
    try {
      var bytes = BoundedRead.bytes(path, MOST_BYTES);
      return new BroughtFile("%02d-%s".formatted(number, name), path, bytes, isSecret);
    } catch (IOException e) {
      throw new Refused(
          path.toString(),
          "it is needed in the pod, and cannot be read (%s)".formatted(e.getMessage()));
    }
  }

  BroughtFile {
    bytes = bytes.clone();
  }

  @Override
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Its text; empty where it is none, or a ConfigMap would not take it. */
  Optional<String> text() {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }

  String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}

package io.provision.ssh;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * A user's certificate as OpenSSH makes them: a public key, and an authority's word for it. Whether
 * the word is good is the server's to judge.
 *
 * @param name its file
 * @param whole the certificate as it goes over the wire
 * @param of the key that it certifies
 * @see <a
 *     href="https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.certkeys?rev=HEAD">PROTOCOL.certkeys</a>
 */
public record Certificate(String name, HostKey whole, HostKey of) {
  private static final String SUFFIX = "-cert-v01@openssh.com";

  /** By the type of key, how many fields it has between the nonce and the serial number. */
  private static final Map<String, Integer> FIELDS =
      Map.of(
          "ssh-rsa", 2,
          "ssh-ed25519", 1,
          "ecdsa-sha2-nistp256", 2,
          "ecdsa-sha2-nistp384", 2,
          "ecdsa-sha2-nistp521", 2,
          "sk-ssh-ed25519@openssh.com", 2,
          "sk-ecdsa-sha2-nistp256@openssh.com", 3);

  /** The algorithm by which a certified key signs, or its type; others are as they are. */
  public static String plain(String type) {
    if (!type.endsWith(SUFFIX)) {
      return type;
    }
    var name = type.substring(0, type.length() - SUFFIX.length());
    return name.startsWith("sk-") ? name + "@openssh.com" : name;
  }

  /** Reads the line of a certificate's file; empty where it is none. */
  static Optional<Certificate> read(String name, String text) {
    try {
      var words = text.strip().split("\\s+", 3);
      var whole = HostKey.of(Base64.getDecoder().decode(words[1]));
      return whole.type().endsWith(SUFFIX)
          ? Optional.of(new Certificate(name, whole, certified(whole)))
          : Optional.empty();
    } catch (RuntimeException e) {
      return Optional.empty(); // no base64, cut short, or a kind of key that nobody knows
    }
  }

  private static HostKey certified(HostKey whole) {
    var in = ByteBuffer.wrap(whole.blob());
    var type = plain(new String(field(in), StandardCharsets.US_ASCII));
    field(in); // the nonce
    var out = new ByteArrayOutputStream();
    put(out, type.getBytes(StandardCharsets.US_ASCII));
    for (int left = FIELDS.getOrDefault(type, 0); left > 0; left--) {
      put(out, field(in));
    }
    if (!FIELDS.containsKey(type)) {
      throw new IllegalArgumentException("a certificate of '%s'".formatted(type));
    }
    return HostKey.of(out.toByteArray());
  }

  private static byte[] field(ByteBuffer in) {
    var length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("a field of %d bytes".formatted(length));
    }
    var field = new byte[length];
    in.get(field);
    return field;
  }

  private static void put(ByteArrayOutputStream out, byte[] field) {
    out.writeBytes(ByteBuffer.allocate(4).putInt(field.length).array());
    out.writeBytes(field);
  }
}

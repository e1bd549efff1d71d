package io.provision.ssh;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A name as {@code ssh-keygen -H} writes it: HMAC-SHA1 under a salt of its own, so that only who
 * knows a name can find it. Each name is tried against all of them; what is done for each is kept
 * small.
 */
final class HashedName {
  private static final String MARK = "|1|";
  private static final String ALGORITHM = "HmacSHA1";
  private static final int SIZE = 20;

  private final byte[] salt;
  private final byte[] digest;

  private HashedName(byte[] salt, byte[] digest) {
    this.salt = salt;
    this.digest = digest;
  }

  static boolean is(String text) {
    return text.startsWith(MARK);
  }

  /** {@code |1|SALT|DIGEST}, both in base64. */
  static HashedName parse(String text) {
    var parts = text.split("\\|");
    if (parts.length != 4) {
      throw new IllegalArgumentException("no salt and digest");
    }
    var decoder = Base64.getDecoder();
    var salt = decoder.decode(parts[2]);
    if (salt.length == 0) {
      throw new IllegalArgumentException("an empty salt");
    }
    return new HashedName(salt, decoder.decode(parts[3]));
  }

  static HashedName of(String name) {
    var salt = new byte[SIZE];
    new SecureRandom().nextBytes(salt);
    return new HashedName(salt, new Trial(name).digest(salt));
  }

  @Override
  public String toString() {
    var encoder = Base64.getEncoder();
    return MARK + encoder.encodeToString(salt) + "|" + encoder.encodeToString(digest);
  }

  /** One name, to be tried against many. For one thread. */
  static final class Trial {
    private final byte[] name;
    private final Mac mac;

    Trial(String name) {
      this.name = name.getBytes(StandardCharsets.UTF_8);
      try {
        this.mac = Mac.getInstance(ALGORITHM);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    boolean fits(HashedName hashed) {
      return Arrays.equals(digest(hashed.salt), hashed.digest);
    }

    private byte[] digest(byte[] salt) {
      try {
        mac.init(new SecretKeySpec(salt, ALGORITHM));
        return mac.doFinal(name);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}

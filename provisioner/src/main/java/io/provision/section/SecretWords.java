package io.provision.section;

import java.util.regex.Pattern;

/** How a secret is told in free data: by a reference to it, or by the key before it. */
public final class SecretWords {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file|cmd):");

  /** What programs and people call that which must not be seen. */
  private static final Pattern KEY =
      Pattern.compile(
          "(?i)(.*[_-])?(password|passphrase|token|secret|secret-key|auth|datastore-endpoint)|identitytoken");

  /** What services call it in the query of a URL, where much else would be the key of a map. */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?i)(.*[_.-])?(key|api-?key|access-?key|sig|signature|pwd|passwd|pass|credentials?)");

  private SecretWords() {}

  /** Whether this text asks for a secret from elsewhere. */
  public static boolean isReference(String text) {
    return REFERENCE.matcher(text).find();
  }

  /** Whether what a URL has behind this name in its query must not be seen. */
  public static boolean isParameter(String name) {
    return isKey(name) || PARAMETER.matcher(name).matches();
  }

  /** Whether what stands behind this key must not be seen. */
  public static boolean isKey(String key) {
    return KEY.matcher(key).matches();
  }
}

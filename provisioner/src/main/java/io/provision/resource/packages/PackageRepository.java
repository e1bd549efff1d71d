package io.provision.resource.packages;

import io.provision.model.Content;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A repository of packages that their publisher keeps and signs, and what of it lies on a host.
 *
 * @param name of the files that are ours, such as {@code kubernetes}
 * @param uri where its packages are; it ends with a slash
 * @param fingerprint of the one key that signs it
 * @param key as it was given; empty where the repository has it itself, as {@code Release.key}
 */
public record PackageRepository(
    String name, String uri, String fingerprint, Optional<Content.Plain> key) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,40}");
  private static final Pattern URI = Pattern.compile("https?://[A-Za-z0-9:/._~+-]+/");
  private static final Pattern FINGERPRINT = Pattern.compile("[0-9A-F]{40}");

  public PackageRepository {
    if (!NAME.matcher(name).matches()
        || !URI.matcher(uri).matches()
        || !FINGERPRINT.matcher(fingerprint).matches()) {
      throw new IllegalArgumentException(
          "not a repository: %s at %s of %s".formatted(name, uri, fingerprint));
    }
  }

  /** What tells which packages it brought to the host, and in which version. */
  public String record() {
    return record(name);
  }

  /** The same, of the repository of this name, wherever it is. */
  public static String record(String name) {
    return "/var/lib/provision/packages/" + name;
  }

  /** Whether hosts need certificates of authorities to reach it. */
  boolean isEncrypted() {
    return uri.startsWith("https://");
  }
}

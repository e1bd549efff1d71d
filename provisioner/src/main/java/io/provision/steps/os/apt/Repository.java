package io.provision.steps.os.apt;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A repository that apt is told to ask.
 *
 * @param file of sources.list(5) that has it
 * @param uri as it stands there
 * @param suite such as {@code kubernetes-xenial}
 */
record Repository(String file, String uri, String suite) {
  private static final Pattern LINE = Pattern.compile("(/[A-Za-z0-9_.:/-]+) (\\S+) (\\S+)");

  /**
   * Gone on 2024-03-04
   * (https://kubernetes.io/blog/2023/08/31/legacy-package-repository-deprecation/): the first was
   * Kubernetes' alone, the second has others of Google's besides.
   */
  private static final Set<String> HOSTS = Set.of("apt.kubernetes.io", "packages.cloud.google.com");

  /** Reads {@code FILE URI SUITE}; empty where a line is none. */
  static Optional<Repository> parse(String line) {
    var words = LINE.matcher(line);
    return words.matches()
        ? Optional.of(new Repository(words.group(1), words.group(2), words.group(3)))
        : Optional.empty();
  }

  /** Whether nobody will ever serve it again. */
  boolean isDead() {
    return host().filter(HOSTS::contains).isPresent() && suite.startsWith("kubernetes-");
  }

  private Optional<String> host() {
    try {
      return Optional.ofNullable(URI.create(uri).getHost());
    } catch (IllegalArgumentException _) { // apt takes more than that, and it is none of ours
      return Optional.empty();
    }
  }

  /** As people say it. */
  @Override
  public String toString() {
    return uri + " " + suite;
  }
}

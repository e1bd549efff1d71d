package io.provision.steps.os.apt;

import java.util.Optional;
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

  /** Reads {@code FILE URI SUITE}; empty where a line is none. */
  static Optional<Repository> parse(String line) {
    var words = LINE.matcher(line);
    return words.matches()
        ? Optional.of(new Repository(words.group(1), words.group(2), words.group(3)))
        : Optional.empty();
  }

  /** As people say it. */
  @Override
  public String toString() {
    return uri + " " + suite;
  }
}

package io.provision.remote;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which shell functions the unit tests of this run have entered: each writes its name as the first
 * thing it does, also those that are defined inside of others.
 */
public final class FunctionsRun {
  private static final Path FILE = TestsRun.file("functions");
  private static final Pattern DEFINED = Pattern.compile("(?m)^[ \t]*([a-z_0-9]+)\\(\\) \\{");

  private FunctionsRun() {}

  /** The text of a script, whose functions tell that they are run. */
  public static String traced(String script) {
    return DEFINED.matcher(script).replaceAll("$0 " + line("$1"));
  }

  private static String line(String name) {
    return "{ echo %s >>'%s'; } 2>/dev/null;".formatted(name, FILE);
  }

  /** The names of the functions that a text defines. */
  static Set<String> defined(String script) {
    var names = new HashSet<String>();
    DEFINED.matcher(script).results().forEach(found -> names.add(found.group(1)));
    return names;
  }

  /** So far, in all processes. */
  static Set<String> names() throws IOException {
    return new HashSet<>(TestsRun.lines("functions"));
  }
}

package io.provision.ssh;

import io.provision.files.BoundedRead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One file of ssh_config(5), parsed but not yet asked about a host.
 *
 * @see <a href="https://man.openbsd.org/ssh_config">ssh_config(5)</a>
 */
record SshConfigFile(List<Line> lines) {
  /** OpenSSH's own limit (READCONF_MAX_DEPTH). */
  private static final int MAX_DEPTH = 16;

  private static final int LONGEST = 4 << 20;

  sealed interface Line {
    Where where();
  }

  record Where(Path file, int line) {
    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  record HostBlock(Where where, List<String> patterns) implements Line {}

  record MatchBlock(Where where, List<String> criteria) implements Line {}

  /**
   * @param rest all that follows the keyword, as it was written
   */
  record Option(Where where, String keyword, List<String> values, String rest) implements Line {}

  record Included(Where where, List<SshConfigFile> files) implements Line {}

  /** The files that it has lines of: itself, unless it is empty, and those it includes. */
  List<Path> sources() {
    return lines.stream()
        .flatMap(line ->
            line instanceof Included(var where, var files)
                ? Stream.concat(
                    Stream.of(where.file()), files.stream().flatMap(it -> it.sources().stream()))
                : Stream.of(line.where().file()))
        .distinct()
        .toList();
  }

  static SshConfigFile read(Path file, Workstation here, Path base) throws IOException {
    return read(file, here, base, 0);
  }

  private static SshConfigFile read(Path file, Workstation here, Path base, int depth)
      throws IOException {
    if (depth > MAX_DEPTH) {
      throw new IOException("Include goes deeper than %d files".formatted(MAX_DEPTH));
    }
    return of(BoundedRead.lines(file, LONGEST, StandardCharsets.UTF_8), file, here, base, depth);
  }

  /**
   * A text that is at hand.
   *
   * @param name what messages call it
   * @param base where relative paths start
   */
  static SshConfigFile of(List<String> texts, Path name, Workstation here, Path base)
      throws IOException {
    return of(texts, name, here, base, 0);
  }

  private static SshConfigFile of(
      List<String> texts, Path file, Workstation here, Path base, int depth) throws IOException {
    var lines = new ArrayList<Line>();
    int number = 0;
    for (var text : texts) {
      var where = new Where(file, ++number);
      var words = words(text, where);
      if (words.isEmpty()) {
        continue;
      }
      var keyword = words.getFirst().toLowerCase(Locale.ROOT);
      var values = words.subList(1, words.size());
      if (values.isEmpty()) {
        throw new IOException("%s: '%s' has no value".formatted(where, words.getFirst()));
      }
      lines.add(
          switch (keyword) {
            case "host" -> new HostBlock(where, values);
            case "match" -> new MatchBlock(where, values);
            case "include" -> new Included(where, include(values, here, base, depth));
            default -> new Option(where, words.getFirst(), values, rest(text, words.getFirst()));
          });
    }
    return new SshConfigFile(List.copyOf(lines));
  }

  private static String rest(String line, String keyword) {
    var rest = line.strip();
    rest = rest.substring(rest.startsWith("\"") ? keyword.length() + 2 : keyword.length()).strip();
    return rest.startsWith("=") ? rest.substring(1).strip() : rest;
  }

  private static List<SshConfigFile> include(
      List<String> patterns, Workstation here, Path base, int depth) throws IOException {
    var files = new ArrayList<SshConfigFile>();
    for (var pattern : patterns) {
      for (var file : expand(here.path(pattern, base))) {
        files.add(read(file, here, base, depth + 1));
      }
    }
    return List.copyOf(files);
  }

  /** The files a pattern names, in order of name; none is no error, as with OpenSSH. */
  private static List<Path> expand(Path pattern) throws IOException {
    var parent = pattern.getParent();
    var name = pattern.getFileName();
    if (parent == null || name == null || !Glob.isGlob(name.toString())) {
      return Files.isRegularFile(pattern) ? List.of(pattern) : List.of();
    }
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    var matcher = FileSystems.getDefault().getPathMatcher("glob:" + name);
    try (var entries = Files.list(parent)) {
      return entries
          .filter(Files::isRegularFile)
          .filter(file ->
              matcher.matches(file.getFileName()) && !file.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    }
  }

  /** Splits a line: {@code key value}, {@code key=value}, double quotes, {@code #} comments. */
  static List<String> words(String line, Where where) throws IOException {
    var words = new ArrayList<String>();
    int at = 0;
    while (at < line.length()) {
      char c = line.charAt(at);
      if (Character.isWhitespace(c) || (c == '=' && words.size() == 1)) {
        at++;
        continue;
      }
      if (c == '#') {
        break;
      }
      var word = new StringBuilder();
      var quoted = false;
      while (at < line.length()) {
        c = line.charAt(at);
        if (c == '"') {
          quoted = !quoted;
        } else if (!quoted && (Character.isWhitespace(c) || (c == '=' && words.isEmpty()))) {
          break;
        } else {
          word.append(c);
        }
        at++;
      }
      if (quoted) {
        throw new IOException("%s: a quote is not closed".formatted(where));
      }
      words.add(word.toString());
    }
    return words;
  }
}

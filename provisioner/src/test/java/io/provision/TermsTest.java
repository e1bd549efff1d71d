package io.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a person reads is held to the list of terms in {@code terms.txt}. */
final class TermsTest {
  private static final Path TOP = Path.of("..");

  /** A text literal on one line, or a line of a text block. */
  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  private record Term(Pattern wrong, String right) {}

  private record Text(String where, String value) {}

  @Test
  void messagesUseTheWordsOfTheField() throws IOException {
    var texts = texts();
    assertThat(texts).as("texts that were found").hasSizeGreaterThan(1500);
    assertThat(wrong(texts)).isEmpty();
  }

  @Test
  void everyTermIsFoundWhereItStands() throws IOException {
    var wrong =
        List.of(
            "it is no file",
            "this is no valid YAML",
            "on the desk",
            "3 not seen",
            "waited 3 s in vain for it",
            "it did not answer within 3 s",
            "it took longer than 3 s",
            "Unknown is what became of w1",
            "shut without w1",
            "w1 is not well",
            "finishes the steps in hand",
            "Mend it, then run again",
            "whose owner is gone for good",
            "this machine's way to the internet",
            "The host is called as in the inventory",
            "a bug of ours",
            "bricks are out of reach",
            "a host name",
            "the entrance");
    assertThat(terms()).hasSameSizeAs(wrong);
    for (var text : wrong) {
      assertThat(wrong(List.of(new Text("here", text)))).as(text).isNotEmpty();
    }
    assertThat(wrong(List.of(new Text("here", "there is no file; it is no longer mounted"))))
        .isEmpty();
  }

  private static List<String> wrong(List<Text> texts) throws IOException {
    var wrong = new ArrayList<String>();
    for (var text : texts) {
      for (var term : terms()) {
        if (term.wrong().matcher(text.value()).find()) {
          wrong.add("%s: '%s': write: %s".formatted(text.where(), text.value(), term.right()));
        }
      }
    }
    return wrong;
  }

  private static List<Term> terms() throws IOException {
    return Files.readAllLines(Path.of("src/test/resources/terms.txt")).stream()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .map(line -> line.split("  =>  ", 2))
        .map(it -> new Term(Pattern.compile(it[0]), it[1]))
        .toList();
  }

  /** All text literals of the program, its scripts included, its README and its templates. */
  private static List<Text> texts() throws IOException {
    var texts = new ArrayList<Text>();
    for (var file : files("provisioner/src/main/java", ".java")) {
      addLiterals(file, texts);
    }
    for (var file : files("templates", ".ftl")) {
      addLines(file, texts);
    }
    for (var file : files("provisioner/src/main/sh", ".sh")) {
      addLines(file, texts);
    }
    addLines(TOP.resolve("README.md"), texts);
    return texts;
  }

  private static List<Path> files(String below, String end) throws IOException {
    try (var paths = Files.walk(TOP.resolve(below))) {
      return paths.filter(path -> path.toString().endsWith(end)).sorted().toList();
    }
  }

  private static void addLiterals(Path file, List<Text> texts) throws IOException {
    var inBlock = false;
    var number = 0;
    for (var line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      number++;
      var stripped = line.strip();
      if (!inBlock && (stripped.startsWith("*") || stripped.startsWith("/"))) {
        continue;
      }
      var where = "%s:%d".formatted(file.getFileName(), number);
      var quotes = line.split("\"\"\"", -1).length - 1;
      if (inBlock && quotes == 0 && !stripped.startsWith("#")) {
        texts.add(new Text(where, stripped));
      } else if (quotes == 0) {
        var found = LITERAL.matcher(line);
        while (found.find()) {
          texts.add(new Text(where, found.group(1)));
        }
      }
      inBlock ^= quotes % 2 == 1;
    }
  }

  private static void addLines(Path file, List<Text> texts) throws IOException {
    var number = 0;
    for (var line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      texts.add(new Text("%s:%d".formatted(file.getFileName(), ++number), line));
    }
  }
}

package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.resource.LocalHost;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One call of a shell function on a host that is a directory, as {@code shell/*.txt} writes it:
 *
 * <pre>
 * == what it shows
 * file PATH TEXT        is there, with backslash-n for a newline
 * program NAME SCRIPT   answers in the place of the program
 * at PATH SCRIPT        the same, at this place below the root
 * link PATH TARGET      is there
 * old PATH              was last changed long ago
 * socket PATH           is there, and nobody listens
 * payload TEXT          comes on stdin
 * -> FUNCTION WORD...   is called; words may be quoted
 * <- STATUS             is returned
 * TEXT                  is a line of what it prints
 * ! TEXT                is nowhere in what it prints
 * ? SCRIPT              holds afterwards, in the root
 * </pre>
 *
 * <p>{@code @} alone stands for the root, and {@code sleep} takes no time.
 */
record ShellCase(
    String title, List<String> before, List<String> call, int status, List<String> after) {
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  /** The cases of one file. */
  static List<ShellCase> read(Path file) throws IOException {
    var cases = new ArrayList<ShellCase>();
    for (var block : ("\n" + Files.readString(file)).split("\n== ")) {
      if (block.contains("\n-> ")) {
        cases.add(parse(block));
      }
    }
    return cases;
  }

  private static ShellCase parse(String block) {
    var before = new ArrayList<String>();
    var after = new ArrayList<String>();
    var call = List.<String>of();
    var status = -1;
    var lines = block.lines().toList();
    for (var line : lines.subList(1, lines.size())) {
      if (line.startsWith("-> ")) {
        call = words(line.substring(3));
      } else if (line.startsWith("<- ")) {
        status = Integer.parseInt(line.substring(3));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        (call.isEmpty() ? before : after).add(line);
      }
    }
    assertThat(status).as(block).isNotNegative();
    return new ShellCase(lines.getFirst(), before, call, status, after);
  }

  private static List<String> words(String line) {
    return WORD.matcher(line)
        .results()
        .map(it -> text(it.group(1) == null ? it.group(2) : it.group(1)))
        .toList();
  }

  private static String text(String written) {
    return written.replace("\\n", "\n").replace("\\r", "\r").replace("\\0", "\0");
  }

  /** Runs it in a shell, and sees that all of it is as it is written. */
  void run(Path root, List<String> shell) throws Exception {
    var bounded = new ArrayList<>(List.of("timeout", "-s", "KILL", "60"));
    bounded.addAll(shell);
    var host = new LocalHost(root).below(root).withoutSleep().in(bounded.toArray(String[]::new));
    var payloads = new ArrayList<Payload>();
    for (var line : before) {
      prepare(rooted(line, root), root, host, payloads);
    }
    var function = AllFunctions.byName().get(call.getFirst());
    assertThat(function).as(call.getFirst()).isNotNull();
    var arguments = call.subList(1, call.size()).stream().map(word -> rooted(word, root)).toList();
    var asked = new Call(function, arguments);
    var ended =
        function.name().startsWith("look_")
            ? host.run(asked)
            : host.attempt(new Script(asked, payloads, Duration.ofMinutes(1)));
    var as = "%s, in %s, which printed: %s".formatted(title, shell, ended.output());
    assertThat(ended.status()).as(as).isEqualTo(status);
    assertThat(broken(root)).as(as).isEmpty();
    for (var line : after) {
      var text = rooted(line, root);
      if (text.startsWith("? ")) {
        continue;
      } else if (text.startsWith("! ")) {
        assertThat(ended.output()).as(as).doesNotContain(text(text.substring(2)));
      } else {
        assertThat(ended.output().lines()).as(as).contains(text);
      }
    }
  }

  private static void prepare(String line, Path root, LocalHost host, List<Payload> payloads)
      throws IOException {
    var words = line.split(" ", 3);
    var rest = words.length > 2 ? words[2] : "";
    switch (words[0]) {
      case "file" -> Files.writeString(place(root, words[1]), text(rest));
      case "program" -> host.program(words[1], rest);
      case "at" -> {
        var file = Files.writeString(place(root, words[1]), "#!/bin/sh\n" + rest + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
      }
      case "socket" -> {
        try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
          socket.bind(UnixDomainSocketAddress.of(place(root, words[1])));
        }
      }
      case "old" ->
          Files.setLastModifiedTime(
              place(root, words[1]), FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
      case "link" -> Files.createSymbolicLink(place(root, words[1]), Path.of(rest));
      case "payload" ->
          payloads.add(new Payload.Bytes(io.provision.model.Content.of(text(line.substring(8)))));
      default -> throw new IllegalStateException("not a line of a case: " + line);
    }
  }

  private static Path place(Path root, String path) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return file;
  }

  private static String rooted(String text, Path root) {
    return text.replaceAll("(?<!\\$)@(?=[/'\" ;)]|$)", root.toString());
  }

  /** The conditions that do not hold; one shell asks them all. */
  private String broken(Path root) throws Exception {
    var asked = new StringBuilder();
    for (var line : after) {
      if (line.startsWith("? ")) {
        var condition = rooted(line.substring(2), root);
        asked.append("(%s\n) >/dev/null 2>&1 || echo %s\n".formatted(condition, Quote.word(line)));
      }
    }
    if (asked.isEmpty()) {
      return "";
    }
    var process =
        new ProcessBuilder("/bin/sh", "-c", asked.toString())
            .directory(root.toFile())
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}

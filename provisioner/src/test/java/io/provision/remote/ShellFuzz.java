package io.provision.remote;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Runs shell functions one after the other in one shell, with programs that all answer the same,
 * and counts what they do: each round of a loop and each function that is entered is a step.
 *
 * @param others how those programs answer that do not answer the same
 */
record ShellFuzz(
    Path directory,
    List<String> shell,
    Map<String, String> others,
    Map<String, ShellFunction> functions) {
  /** The longest wait there is goes round 240 times; dash itself ends a recursion after 1000. */
  private static final int STEPS = 900;

  private static final Pattern ROUND =
      Pattern.compile("((?:^|[;\n])[ \t]*do|\\bfor \\w+ do)(?=\\s)");
  private static final Pattern ENTERED = Pattern.compile("(?m)^(?!ANSWER)\\w+\\(\\) \\{$");
  private static final Pattern MINUTES = Pattern.compile("(\\d+)m([\\d.]+)s");

  /**
   * @param endless who would have gone on after {@link #STEPS}
   * @param seconds what each took of the processor, as finely as the shell tells
   */
  record Seen(Set<String> endless, Map<String, Double> seconds) {}

  /**
   * @param answer how every program answers, as the body of a shell function
   * @param arguments what each function is called with
   */
  Seen run(String answer, List<String> arguments) throws Exception {
    var root = Files.createDirectories(directory.resolve("root"));
    var endless = Files.createDirectories(directory.resolve("endless"));
    FakeHost.populate(root);
    var lines = lines(script(root, endless, answer, arguments));
    assertThat(lines).as("%s answers for each function", shell).hasSize(3 * functions.size());
    var seconds = new TreeMap<String, Double>();
    var before = 0.0;
    for (var i = 0; i < lines.size(); i += 3) {
      var now = seconds(lines.get(i + 1) + " " + lines.get(i + 2));
      seconds.put(lines.get(i), now - before);
      before = now;
    }
    var left = new TreeSet<String>();
    for (var name : functions.keySet()) {
      if (Files.deleteIfExists(endless.resolve(name))) {
        left.add(name);
      }
    }
    return new Seen(left, seconds);
  }

  private String script(Path root, Path endless, String answer, List<String> arguments) {
    var words = arguments.stream().map(Quote::word).collect(joining(" "));
    var text = new StringBuilder();
    text.append(
        """
        steps=0
        step() {
          step_status=$?
          steps=$((steps + 1))
          if [ "$steps" -ge %d ] || [ -e '%s'/"$called" ]; then : >'%2$s'/"$called"; exit 77; fi
          return "$step_status"
        }
        """
            .formatted(STEPS, endless));
    text.append(counted(FakeHost.functions(root, answer, others, functions)));
    for (var name : functions.keySet()) {
      text.append("called=%s; (%1$s %s) </dev/null >/dev/null 2>&1\n".formatted(name, words));
      text.append("echo %s; times\n".formatted(name));
    }
    return text.toString();
  }

  private static String counted(String script) {
    var rounds = ROUND.matcher(script).replaceAll("$1 step;");
    return ENTERED.matcher(rounds).replaceAll("$0 step");
  }

  private List<String> lines(String script) throws Exception {
    var file = Files.writeString(directory.resolve("fuzz.sh"), script);
    var command = new ArrayList<>(List.of("setsid", "timeout", "-k", "5", "240"));
    command.addAll(shell);
    command.add(file.toString());
    var out = directory.resolve("out").toFile();
    var process =
        new ProcessBuilder(command)
            .directory(Files.createDirectories(directory.resolve("cwd")).toFile())
            .redirectError(directory.resolve("err").toFile())
            .redirectOutput(out)
            .start();
    assertThat(process.waitFor(260, TimeUnit.SECONDS)).as("it ends").isTrue();
    return Files.readAllLines(out.toPath());
  }

  /** Of what {@code times} prints. */
  private static double seconds(String times) {
    return MINUTES
        .matcher(times)
        .results()
        .mapToDouble(it -> 60 * Double.parseDouble(it.group(1)) + Double.parseDouble(it.group(2)))
        .sum();
  }
}

package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who looks on while a host waits is told for what, read out of the text of all functions. */
final class WaitsAreSaidTest {
  private static final Map<String, ShellFunction> ALL = AllFunctions.byName();

  private static final Pattern SAYS = Pattern.compile("(?m)(?:^|[;&|{(\\s])say \"");
  private static final Pattern SLEEPS = Pattern.compile("(?m)(?:^|[;&|{(\\s])sleep [\\d.\"$]");

  /** Looks, whose waits the engine tells of, and a pause of one second. */
  private static final Set<String> SILENT =
      Set.of(
          "ask_gluster_health",
          "end_lock",
          "look_gluster_directory",
          "look_taken_addresses",
          "mount_answer");

  @Test
  void whatWaitsSaysForWhat() {
    var silent = new TreeSet<String>();
    for (var function : ALL.values()) {
      if (SLEEPS.matcher(function.body()).find() && !SAYS.matcher(function.body()).find()) {
        silent.add(function.name());
      }
    }
    assertThat(silent).isEqualTo(new TreeSet<>(SILENT));
  }

  /** What is said goes with the output, so whoever sends that off, or keeps it, loses it. */
  @Test
  void nobodySendsOffTheOutputOfWhatSaysSomething() {
    var saying = ALL.values().stream().filter(WaitsAreSaidTest::says).toList();
    assertThat(saying).extracting(ShellFunction::name).contains("gluster_do", "run_apt");
    var lost = new TreeSet<String>();
    for (var function : ALL.values()) {
      for (var said : saying) {
        losses(said.name(), function.body())
            .forEach(line -> lost.add(function.name() + ": " + line));
      }
    }
    assertThat(lost).isEmpty();
  }

  @Test
  void everyWayToLoseAnOutputIsSeen() {
    assertThat(
            List.of(
                "speak a >/dev/null || return 1",
                "x=$(speak a) || return",
                "x=$(true && speak a)",
                "speak \"$a\" | head -n 1",
                "speak a &>/dev/null",
                "speak a >>\"$log\" 2>&1",
                "wait_for 5 speak a",
                "(speak a) 1>/dev/null"))
        .allSatisfy(line -> assertThat(losses("speak", line)).hasSize(1));
    assertThat(
            List.of(
                "speak a || return 1",
                "speak a 2>/dev/null || { other >/dev/null; }",
                "speak a 2>/run/x && return 0; echo >&2",
                "[ a ] || speak \"$1\" >&1",
                "speak_not a >/dev/null"))
        .allSatisfy(line -> assertThat(losses("speak", line)).isEmpty());
  }

  private static List<String> losses(String name, String body) {
    var command = "(?<![\\w-])" + name + "(?![\\w-])(?:[^;&|\\n>]|2>(?!&1))*";
    var sent = command + "(?:(?<!2)>(?!&)|1>(?!&)|&>|\\|(?!\\|))";
    var kept = "(?:\\$\\(|`)[^)`\\n]*(?<![\\w-])" + name + "(?![\\w-])";
    var awaited = "wait_for \\S+ " + name + "(?![\\w-])";
    return Pattern.compile(sent + "|" + kept + "|" + awaited)
        .matcher(body)
        .results()
        .map(found -> found.group().strip())
        .collect(Collectors.toList());
  }

  private static boolean says(ShellFunction function) {
    return SAYS.matcher(function.body()).find()
        || function.uses().stream()
            .anyMatch(used ->
                says(used)
                    && Pattern.compile("(?<![\\w-])" + used.name() + "(?![\\w-])")
                        .matcher(function.body())
                        .find());
  }
}

package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Runs of one command that are killed with {@code kill -9} in each of their actions: at the first
 * one that was not tried so often yet, at a point that a seed draws ({@code -Dseed=1} draws
 * others), or as the next thing has ended. What runs on the hosts is killed as well: it would end
 * by itself what it began.
 */
final class KilledRuns {
  /** Whoever is logged in over SSH, with all that was started there; services are none of it. */
  private static final String END_SESSIONS =
      """
      ps -eo pid=,ppid=,args= | awk '
        { parent[$1] = $2 }
        /sshd[a-z-]*: admin/ { session[$1] = 1 }
        END {
          for (each in parent) {
            for (up = each; up + 0 > 1; up = parent[up]) if (up in session) { print each; break }
          }
        }' | xargs --no-run-if-empty kill -9 2>/dev/null || :
      """;

  private final Lab lab;
  private final int times;
  private final int mostDelay;
  private final String[] command;
  private final Random random = new Random(Long.getLong("seed", 20261128));

  /** By host and step, how many runs were killed in it or as it had ended. */
  private final Map<String, Integer> tried = new TreeMap<>();

  private Running last;

  /**
   * @param times how often each action is tried, where it is not done by then
   * @param mostDelay milliseconds in an action; most are far shorter, as actions are
   */
  KilledRuns(Lab lab, int times, int mostDelay, String... command) {
    this.lab = lab;
    this.times = times;
    this.mostDelay = mostDelay;
    this.command = command.clone();
  }

  Map<String, Integer> tried() {
    return Map.copyOf(tried);
  }

  /** Kills one run after the other, until one ends by itself. */
  Result untilOneEnds() {
    while (oneIsKilled()) {
      // each round tries an action that was not tried so often
    }
    return last.end();
  }

  /**
   * As {@link #untilOneEnds}, where the command removes something: the last that was killed may
   * have left nothing to remove.
   */
  void untilItIsGone(String name) {
    var end = untilOneEnds();
    var nothing = "nothing called '%s' has left the inventory".formatted(name);
    assertThat(end.exit() == 0 || end.text().contains(nothing)).as("%s", end).isTrue();
  }

  /** False where it ended by itself. */
  boolean oneIsKilled() {
    last = lab.provision().startJson(command);
    if (!last.reaches(this::beginsSomethingNew)) {
      return false;
    }
    var lines = last.lines();
    for (var i = (int) (mostDelay * Math.pow(random.nextDouble(), 3)); i > 0; i -= 20) {
      if (last.linesSince(lines).anyMatch(KilledRuns::ends)) {
        break;
      }
      Pause.milliseconds(20);
    }
    last.kill();
    lab.nodes().forEach(node -> node.sh(END_SESSIONS));
    last.linesSince(0)
        .filter(KilledRuns::begins)
        .map(KilledRuns::action)
        .distinct()
        .forEach(each -> tried.merge(each, 1, Integer::sum));
    return true;
  }

  private boolean beginsSomethingNew(JsonNode event) {
    return begins(event) && tried.getOrDefault(action(event), 0) < times;
  }

  private static String action(JsonNode event) {
    return event.path("target").asText() + " " + event.path("step").asText();
  }

  private static boolean begins(JsonNode event) {
    return event.path("event").asText().equals("step_started")
        && !event.path("doing").asText().startsWith("waiting");
  }

  private static boolean ends(JsonNode event) {
    return event.path("event").asText().equals("step_finished")
        && event.path("result").asText().equals("changed");
  }
}

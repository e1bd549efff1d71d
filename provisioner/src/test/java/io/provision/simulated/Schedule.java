package io.provision.simulated;

import io.provision.simulated.SafetyWatch.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One course of things: a run comes to a point, something happens there, and it goes on, or is
 * killed and made again. Then all that had gone wrong is put right, and it is made once more.
 *
 * @param point from which on the fault is there, counted from zero; one that is of the next reboot
 *     is there from the beginning where the run is killed, so that both meet
 */
record Schedule(Site site, int point, Fault fault, Then then, Mutant mutant) {
  /** What becomes of the run. */
  enum Then {
    GOES_ON,
    /** And the same command is given on the same machine. */
    IS_KILLED,
    /** And it is given on another one. */
    IS_KILLED_FOR_ANOTHER
  }

  /** Longer than a turn is kept for whoever does nothing with it. */
  private static final Duration A_WHILE = Duration.ofSeconds(80);

  private static final Set<String> WANTING = Set.of("n1", "n2");
  private static final Set<String> ELSEWHERE = Set.of("n3");

  /** Where two may be away at a time, a third one that would go. */
  private static final Set<String> BESIDE = Set.of("n4");

  /**
   * What came of it.
   *
   * @param points to which the first run came, by what it was about to do
   */
  record Course(
      List<String> points,
      List<Violation> violations,
      Map<String, Map<String, String>> runs,
      World world) {
    /** For people, where something is wrong. */
    String told() {
      var text = new StringBuilder();
      runs.forEach((name, ends) -> text.append(name + ": " + ends + "\n"));
      world.trace().forEach(it -> text.append(it + "\n"));
      return text.toString();
    }
  }

  Course run() {
    if (then != Then.GOES_ON && fault.isOfTheNextReboot()) {
      var both = new Running();
      fault.happens(both.world);
      var course = both.all();
      if (both.happened) {
        return course;
      }
    }
    return new Running().all();
  }

  private final class Running {
    private final World world = new World(site);
    private final Turns turns = new Turns(world);
    private final Map<String, Map<String, String>> runs = new LinkedHashMap<>();
    private final List<String> points = new ArrayList<>();
    private boolean happened;

    private Course all() {
      var killed = !made("A", "ops@here", WANTING);
      if (killed) {
        var again = then == Then.IS_KILLED ? "A2" : "C";
        var _ = made(again, then == Then.IS_KILLED ? "ops@here" : "ops@there", WANTING);
      }
      turns.join();
      world.recovers();
      if (happened) {
        var _ = made("D", "ops@there", WANTING);
        if (fault != Fault.ADMIN_CORDONS_OURS) { // which nobody else may end
          ended("D");
        }
      }
      var left = world.watch.left();
      if (!left.isEmpty()) {
        violated(Property.NOTHING_IS_LEFT, left.toString());
      }
      return new Course(points, world.watch.violations(), runs, world);
    }

    /** P8: this run has brought all to their end. */
    private void ended(String run) {
      for (var name : WANTING) {
        if (world.of(name).wants) {
          violated(Property.DONE_OR_SAID, "%s after %s: %s".formatted(name, run, runs));
        }
      }
    }

    private void violated(Property property, String how) {
      world.watch.violations().add(new Violation(property, how));
    }

    /** P8 as well: who says that it is done has done it, and left nothing. */
    private void said(Map<String, String> ends, Set<String> rotated) {
      for (var name : rotated) {
        var end = ends.getOrDefault(name, "");
        if (world.of(name).wants && (end.isEmpty() || end.equals(Walk.DONE))) {
          violated(Property.DONE_OR_SAID, "%s: '%s'".formatted(name, end));
        }
        if (end.equals(Walk.DONE) && world.watch.left().containsKey(name)) {
          violated(Property.NOTHING_IS_LEFT, world.watch.left().toString());
        }
      }
    }

    /** Whether it was not killed. */
    private boolean made(String name, String owner, Set<String> rotated) {
      var by = new Controller(name, owner, world, turns, this::point);
      try {
        var ends = new Walk(site, by, rotated, mutant).run();
        runs.put(name, ends);
        said(ends, rotated);
        return true;
      } catch (Controller.Killed _) {
        runs.put(name, new TreeMap<>(Map.of("all", "killed")));
        return false;
      }
    }

    private void point(Controller by) {
      if (by.name.equals("A")) {
        points.add(by.about());
        if (points.size() - 1 == point) {
          happens(by);
        }
      }
    }

    private void happens(Controller by) {
      happened = true;
      fault.happens(world);
      switch (fault) {
        case SECOND_RUN -> turns.beside(() -> made("B", "ops@elsewhere", WANTING));
        case SECOND_RUN_ELSEWHERE -> {
          turns.beside(() -> made("B", "ops@elsewhere", ELSEWHERE));
          if (site.most > 1) {
            turns.beside(() -> made("E", "ops@desk", BESIDE));
          }
        }
        case STANDS_STILL_A_WHILE -> {
          turns.beside(() -> made("B", "ops@elsewhere", ELSEWHERE));
          turns.pause(A_WHILE);
          world.happens("A", Happening.What.STOOD_STILL, "", "" + A_WHILE.toMillis());
        }
        case STANDS_STILL -> {
          var begin = world.now();
          var _ = made("B", "ops@elsewhere", ELSEWHERE);
          world.happens("A", Happening.What.STOOD_STILL, "", "" + (world.now() - begin));
        }
        default -> world.pass(Duration.ZERO);
      }
      if (then != Then.GOES_ON) {
        by.kill();
      }
    }
  }
}

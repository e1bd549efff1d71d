package io.provision.cli.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How long volumes could not be used on the hosts that stay while one has no power, by looks at
 * their mounts. Time counts from the cut. A host that did not answer a look says nothing by it.
 */
final class VolumeRecord {
  private final Map<String, Map<String, Course>> courses = new TreeMap<>();
  private Duration now = Duration.ZERO;

  /** One volume on one host. */
  private static final class Course {
    private Duration away = Duration.ZERO;
    private Optional<Duration> since = Optional.empty();

    private Duration whole(Duration now) {
      return since.map(it -> away.plus(now.minus(it))).orElse(away);
    }
  }

  /**
   * A volume.
   *
   * @param hosts where it was looked at
   * @param away how long it could not be used, on the host where that was longest
   * @param where that host; empty where it could be used all the time
   * @param isAway whether that is still so on one of them
   */
  record Row(
      String volume, List<String> hosts, Duration away, Optional<String> where, boolean isAway) {
    Row {
      hosts = List.copyOf(hosts);
    }
  }

  /**
   * @param before as it was directly before the cut: what could not be used then is not looked at
   */
  VolumeRecord(Map<String, Map<String, Boolean>> before) {
    before.forEach((host, volumes) ->
        volumes.forEach((volume, usable) -> {
          if (usable) {
            courses.computeIfAbsent(volume, _ -> new TreeMap<>()).put(host, new Course());
          }
        }));
  }

  boolean isEmpty() {
    return courses.isEmpty();
  }

  /**
   * Takes one look.
   *
   * @param at when it was asked, later than all before; a mount that hangs says so seconds later
   */
  void add(Duration at, Map<String, Map<String, Boolean>> seen) {
    now = at;
    courses.forEach((volume, hosts) ->
        hosts.forEach((host, course) ->
            Optional.ofNullable(seen.get(host))
                .map(it -> it.getOrDefault(volume, false))
                .ifPresent(usable -> look(course, usable))));
  }

  private void look(Course course, boolean usable) {
    if (!usable && course.since.isEmpty()) {
      course.since = Optional.of(now);
    } else if (usable && course.since.isPresent()) {
      course.away = course.whole(now);
      course.since = Optional.empty();
    }
  }

  /** What cannot be used, as it was seen last. */
  List<String> missing() {
    var missing = new ArrayList<String>();
    courses.forEach((volume, hosts) ->
        hosts.forEach((host, course) -> {
          if (course.since.isPresent()) {
            missing.add("%s on %s".formatted(volume, host));
          }
        }));
    return missing;
  }

  List<Row> rows() {
    var rows = new ArrayList<Row>();
    courses.forEach((volume, hosts) -> {
      var where = Optional.<String>empty();
      var longest = Duration.ZERO;
      for (var host : hosts.entrySet()) {
        var away = host.getValue().whole(now);
        if (away.compareTo(longest) > 0) {
          longest = away;
          where = Optional.of(host.getKey());
        }
      }
      var isAway = hosts.values().stream().anyMatch(it -> it.since.isPresent());
      rows.add(new Row(volume, List.copyOf(hosts.keySet()), longest, where, isAway));
    });
    return rows;
  }
}

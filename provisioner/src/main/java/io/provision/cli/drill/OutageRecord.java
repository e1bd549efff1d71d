package io.provision.cli.drill;

import io.provision.cli.drill.ClusterSighting.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What of a cluster was away while one node had no power, by looks at it. Time counts from the cut.
 *
 * <p>What the API says of pods on a node that has no power is of before: none of them counts as
 * Ready until the node is Ready again. A look that was not answered says nothing: what was away
 * before it stays so until a look says otherwise.
 */
final class OutageRecord {
  private final String node;
  private final ClusterSighting before;
  private final Map<String, Course> courses = new TreeMap<>();
  private final Map<String, Duration> detached = new LinkedHashMap<>();
  private ClusterSighting last;
  private Duration now = Duration.ZERO;
  private Duration silent = Duration.ZERO;
  private Optional<Duration> notReady = Optional.empty();
  private Optional<Duration> back = Optional.empty();

  /** One workload. */
  private static final class Course {
    private final long ready;
    private final List<Pod> here;
    private Duration away = Duration.ZERO;
    private Optional<Duration> since = Optional.empty();
    private Optional<Duration> whole = Optional.empty();

    private Course(long ready, List<Pod> here) {
      this.ready = ready;
      this.here = here;
    }
  }

  /**
   * A workload that had pods there.
   *
   * @param ready so many of it were, before
   * @param here so many of these on the node
   * @param away how long no pod of it was Ready; zero for never
   * @param isAway whether that is still so
   * @param whole when as many were Ready as before; empty where that did not come
   * @param nodes where pods of it are Ready in the end
   * @param kept of how many of the pods that were there logs are to be had: those that are there
   *     still
   */
  record Row(
      String workload,
      long ready,
      long here,
      Duration away,
      boolean isAway,
      Optional<Duration> whole,
      List<String> nodes,
      long kept) {
    Row {
      nodes = List.copyOf(nodes);
    }
  }

  /**
   * A volume that was attached there.
   *
   * @param detached when it was not any more; empty where it is still
   */
  record Volume(String name, Optional<Duration> detached) {}

  /**
   * @param before as it was directly before the cut
   */
  OutageRecord(String node, ClusterSighting before) {
    this.node = node;
    this.before = before;
    this.last = before;
    var here =
        before.pods().stream()
            .filter(it -> it.node().equals(node))
            .collect(Collectors.groupingBy(Pod::workload));
    here.forEach(
        (workload, pods) -> courses.put(workload, new Course(ready(before, workload, true), pods)));
    courses.forEach((workload, course) -> {
      if (course.ready > 0 && ready(before, workload, false) == 0) {
        course.since = Optional.of(Duration.ZERO);
      }
    });
  }

  private long ready(ClusterSighting seen, String workload, boolean withNode) {
    return seen.pods().stream()
        .filter(it -> it.workload().equals(workload) && it.ready())
        .filter(it -> withNode || !it.node().equals(node))
        .count();
  }

  /** Its kubelet is heard again; of a container the boot is that of the machine under it. */
  private boolean isBack(ClusterSighting seen) {
    var another = !seen.boot().isEmpty() && !seen.boot().equals(before.boot());
    return seen.nodeReady() && (another || notReady.isPresent());
  }

  /**
   * Takes one look.
   *
   * @param at later than all before
   * @param seen empty where the API did not answer
   */
  void add(Duration at, Optional<ClusterSighting> seen) {
    if (seen.isEmpty()) {
      silent = silent.plus(at.minus(now));
      now = at;
      return;
    }
    now = at;
    last = seen.get();
    var isBack = isBack(last);
    if (!last.nodeReady() && notReady.isEmpty()) {
      notReady = Optional.of(at);
    }
    if (isBack && back.isEmpty()) {
      back = Optional.of(at);
    }
    courses.forEach((workload, course) -> look(workload, course, isBack));
    before.attached().stream()
        .filter(it -> !last.attached().contains(it))
        .forEach(it -> detached.putIfAbsent(it, now));
  }

  private void look(String workload, Course course, boolean isBack) {
    var ready = ready(last, workload, isBack);
    if (ready >= course.ready && course.whole.isEmpty()) {
      course.whole = Optional.of(now);
    }
    if (course.ready == 0) {
      return; // what was not there before cannot be away
    }
    if (ready == 0 && course.since.isEmpty()) {
      course.since = Optional.of(now);
    } else if (ready > 0 && course.since.isPresent()) {
      course.away = course.away.plus(now.minus(course.since.get()));
      course.since = Optional.empty();
    }
  }

  /** What has fewer Ready pods than before, as it was seen last. */
  List<String> missing() {
    var isBack = isBack(last);
    var missing = new ArrayList<String>();
    courses.forEach((workload, course) -> {
      var ready = ready(last, workload, isBack);
      if (ready < course.ready) {
        missing.add("%s (%d of %d)".formatted(workload, ready, course.ready));
      }
    });
    return missing;
  }

  boolean isBack() {
    return back.isPresent();
  }

  /** When the cluster said that the node is not Ready; empty where it never did. */
  Optional<Duration> notReady() {
    return notReady;
  }

  /** When it was Ready again. */
  Optional<Duration> back() {
    return back;
  }

  /** How long the API did not answer. */
  Duration silent() {
    return silent;
  }

  List<Row> workloads() {
    var isBack = isBack(last);
    var there = last.pods().stream().map(Pod::uid).collect(Collectors.toSet());
    var rows = new ArrayList<Row>();
    courses.forEach((workload, course) -> {
      var nodes =
          last.pods().stream()
              .filter(it -> it.workload().equals(workload) && it.ready())
              .map(Pod::node)
              .filter(it -> isBack || !it.equals(node))
              .collect(Collectors.toCollection(TreeSet::new));
      rows.add(
          new Row(
              workload,
              course.ready,
              course.here.size(),
              course.since.map(it -> course.away.plus(now.minus(it))).orElse(course.away),
              course.since.isPresent(),
              course.whole,
              List.copyOf(nodes),
              course.here.stream().filter(it -> there.contains(it.uid())).count()));
    });
    return rows;
  }

  List<Volume> volumes() {
    return before.attached().stream()
        .map(it -> new Volume(it, Optional.ofNullable(detached.get(it))))
        .toList();
  }
}

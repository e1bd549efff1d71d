package io.provision.cli.drill;

import io.provision.desk.DeskException;
import io.provision.kube.Time;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks at a cluster, and at the mounts of the hosts that stay, time and again while one host has
 * no power, and says what it awaits.
 */
final class OutageWatch {
  /** Each look is a list of all pods, and a login to each host with a mount. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  /** A node that is gone is not Ready after 40 s (Kubernetes' usual), or 50 s. */
  private static final Duration UNHEARD = Duration.ofMinutes(2);

  /**
   * Clients of GlusterFS wait 42 s for a host that says nothing any more (network.ping-timeout),
   * and may begin to do so a while after it has gone.
   */
  private static final Duration GIVEN_UP = Duration.ofMinutes(1);

  private static final int MOST_NAMES = 5;

  private final HostLooks hosts;
  private final Repair.Sight sight;
  private final Time time;
  private final Consumer<String> progress;
  private final Optional<OutageRecord> pods;
  private final HostRecord record;
  private String told = "";

  /**
   * @param pods of a node of a cluster
   * @param record which begins with the cut
   */
  OutageWatch(
      HostLooks hosts,
      Repair.Sight sight,
      Time time,
      Consumer<String> progress,
      Optional<OutageRecord> pods,
      HostRecord record) {
    this.hosts = hosts;
    this.sight = sight;
    this.time = time;
    this.progress = progress;
    this.pods = pods;
    this.record = record;
  }

  /**
   * Until all that was there is elsewhere: as many pods Ready as before, the volumes to be used on
   * the other hosts, and it was seen that it is gone.
   */
  void untilElsewhere(Duration most) throws DeskException, InterruptedException {
    if (pods.isPresent()) {
      untilElsewhere(pods.get(), most);
      return;
    }
    until(
        () -> record.passed().compareTo(GIVEN_UP) >= 0 && record.volumes().missing().isEmpty(),
        () ->
            record.volumes().missing().isEmpty()
                ? "until whoever used it has had to do without (%d s)"
                    .formatted(GIVEN_UP.toSeconds())
                : withoutIt(),
        most);
    if (hosts.isReached(sight)) {
      throw another(
          "%s is still reached %d s after its power was off"
              .formatted(hosts.host(), record.passed().toSeconds()));
    }
  }

  private void untilElsewhere(OutageRecord pods, Duration most)
      throws DeskException, InterruptedException {
    var off = time.patience(UNHEARD);
    var silent = pods.silent();
    until(
        () ->
            pods.notReady().isPresent()
                    && pods.missing().isEmpty()
                    && record.volumes().missing().isEmpty()
                || isUntouched(pods, off, silent),
        () -> awaited(pods),
        most);
    if (isUntouched(pods, off, silent)) {
      throw another(
          "the cluster still has %s as Ready %d s after its power was off"
              .formatted(hosts.host(), UNHEARD.toSeconds()));
    }
  }

  private String awaited(OutageRecord pods) {
    if (pods.notReady().isEmpty()) {
      return "for the cluster to see that %s is gone".formatted(hosts.host());
    }
    return pods.missing().isEmpty()
        ? withoutIt()
        : "for pods to be Ready elsewhere: " + named(pods.missing());
  }

  private String withoutIt() {
    return "for volumes to be used without it: " + named(record.volumes().missing());
  }

  private static boolean isUntouched(OutageRecord pods, Time.Patience off, Duration silent) {
    return pods.notReady().isEmpty()
        && off.passed().minus(pods.silent().minus(silent)).compareTo(UNHEARD) >= 0;
  }

  private static DeskException another(String what) {
    return new DeskException(
        what + ": that of another machine was cut",
        "see which machine its 'power' in the inventory switches, and how that one is",
        null);
  }

  /** Until it is there again; whoever comes back to it says where it is not. */
  void untilBack(Duration most) throws InterruptedException {
    until(
        this::isBack,
        () ->
            pods.isPresent()
                ? "for %s to boot, and to be Ready".formatted(hosts.host())
                : "for %s to boot".formatted(hosts.host()),
        most);
  }

  private boolean isBack() throws InterruptedException {
    if (pods.isPresent()) {
      return pods.get().isBack();
    }
    var is = hosts.isReached(sight);
    if (is) {
      record.isReached();
    }
    return is;
  }

  private interface Awaited {
    String words();
  }

  private interface Condition {
    boolean isSo() throws InterruptedException;
  }

  private void until(Condition condition, Awaited awaited, Duration most)
      throws InterruptedException {
    var patience = time.patience(most);
    while (true) {
      var answers = look();
      if (answers && condition.isSo() || patience.isOver()) {
        return;
      }
      tell(
          answers ? awaited.words() : "for the cluster's API to answer",
          most.minus(patience.passed()));
      time.pause(BETWEEN_LOOKS);
    }
  }

  /** Whether all answered on which what is awaited depends. */
  private boolean look() throws InterruptedException {
    var answers = true;
    if (pods.isPresent()) {
      var seen = ClusterSighting.look(sight.api().orElseThrow(), hosts.host().toString());
      pods.get().add(record.passed(), seen);
      answers = seen.isPresent();
    }
    if (!record.volumes().isEmpty()) {
      var asked = record.passed();
      record.volumes().add(asked, hosts.volumes(sight));
    }
    return answers;
  }

  /** Once for each thing that is awaited. */
  private void tell(String awaited, Duration left) {
    if (!awaited.equals(told)) {
      told = awaited;
      progress.accept(
          "waiting %s (%d s after the cut, %d s more at most)"
              .formatted(awaited, record.passed().toSeconds(), left.toSeconds()));
    }
  }

  private static String named(List<String> all) {
    var more = all.size() > MOST_NAMES ? " and %d more".formatted(all.size() - MOST_NAMES) : "";
    return String.join(", ", all.stream().limit(MOST_NAMES).toList()) + more;
  }
}

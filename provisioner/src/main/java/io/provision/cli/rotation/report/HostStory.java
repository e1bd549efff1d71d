package io.provision.cli.rotation.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What became of one host in a rotation. What nobody told is not known, and stays empty.
 *
 * @param node whether it is a node of Kubernetes
 * @param storage whether it has bricks
 * @param why in words what kept it or went wrong; empty where nothing did
 * @param reasons why it wants a reboot, or wanted the one it had; empty where it is not known
 * @param from since when it was out of use
 * @param until when it was back
 */
public record HostStory(
    String host,
    boolean node,
    boolean storage,
    State state,
    String why,
    Optional<List<String>> reasons,
    Optional<Instant> from,
    Optional<Instant> until,
    Measured<String> kernel,
    Measured<Integer> pods,
    Healing healing) {
  public HostStory {
    reasons = reasons.map(List::copyOf);
  }

  /** How it ended. */
  public enum State {
    REBOOTED("rebooted"),
    GIVEN_BACK("given back"),
    NOT_WANTED("wants no reboot"),
    LEFT_OUT("left out"),
    WAITING("waiting"),
    NOT_BEGUN("not begun"),
    FAILED("failed"),
    UNREACHABLE("unreachable"),
    UNKNOWN("not known");

    private final String words;

    State(String words) {
      this.words = words;
    }

    /** As people read it. */
    public String words() {
      return words;
    }

    /** As a program reads it. */
    public String key() {
      return words.replace(' ', '_');
    }
  }

  /** Something before and after the reboot. */
  public record Measured<V>(Optional<V> before, Optional<V> after) {}

  /**
   * What waited to be healed, of all volumes.
   *
   * @param before as it came to be its turn
   * @param after when that was first known of after its reboot
   * @param took from its reboot until nothing waited any more
   */
  public record Healing(Optional<Long> before, Optional<Long> after, Optional<Duration> took) {}

  /** Whether it was taken out of use, as far as this run saw. */
  public boolean isBegun() {
    return from.isPresent();
  }

  /**
   * How long it was out of use; empty where it was not, is still, or it is not known since when.
   */
  public Optional<Duration> away() {
    return from.flatMap(since -> until.map(end -> Duration.between(since, end)));
  }

  /** Whether it wants a reboot now. */
  public boolean isWanting() {
    return state != State.REBOOTED && reasons.filter(it -> !it.isEmpty()).isPresent();
  }
}

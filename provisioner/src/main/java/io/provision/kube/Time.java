package io.provision.kube;

import java.time.Duration;

/**
 * Time, as those see it who wait: it goes by between two looks at the same thing. Whoever has a
 * deadline measures it by the time it pauses with, so that where nobody really sleeps no deadline
 * depends on how fast a machine is.
 */
public interface Time {
  Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  /** Lets it go by. */
  void pause(Duration time) throws InterruptedException;

  /** The same time, for what has to be brought to its end: nobody's request for one ends it. */
  default Time regardless() {
    return this;
  }

  /** In nanoseconds, of a clock that never goes back; only differences say something. */
  long nanos();

  /** Begins now. */
  default Patience patience(Duration most) {
    return new Patience(this, nanos(), most);
  }

  /**
   * How long something is waited for.
   *
   * @param begin in nanoseconds of this time
   * @param most after which it is over
   */
  record Patience(Time time, long begin, Duration most) {
    public boolean isOver() {
      return passed().compareTo(most) >= 0;
    }

    /** Until it is over; never negative. */
    public Duration left() {
      var left = most.minus(passed());
      return left.isNegative() ? Duration.ZERO : left;
    }

    public Duration passed() {
      return Duration.ofNanos(time.nanos() - begin);
    }
  }
}

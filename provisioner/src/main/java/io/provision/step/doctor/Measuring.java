package io.provision.step.doctor;

/** What measures on hosts, on all at once. */
public interface Measuring extends AutoCloseable {
  /**
   * @throws InterruptedException where an end was asked for
   */
  <A> Measured<A> take(Measurement<A> measurement) throws InterruptedException;

  /** Takes away what another one has put there, also where an end was asked for meanwhile. */
  void takeAway(Measurement<?> removal) throws InterruptedException;

  @Override
  void close();
}

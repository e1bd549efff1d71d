package io.provision.step.doctor;

/** What measures on hosts, on all at once. */
public interface Measuring extends AutoCloseable {
  /**
   * @throws InterruptedException where an end was asked for
   */
  <A> Measured<A> take(Measurement<A> measurement) throws InterruptedException;

  /**
   * The same of what stays on hosts until it is taken away: where it was begun it is brought to its
   * end also where one is asked for meanwhile, since else nobody would know what to take away.
   *
   * @throws InterruptedException where an end was asked for before; nothing was put there then
   */
  <A> Measured<A> put(Measurement<A> measurement) throws InterruptedException;

  /** Takes away what another one has put there, also where an end was asked for meanwhile. */
  void takeAway(Measurement<?> removal) throws InterruptedException;

  @Override
  void close();
}

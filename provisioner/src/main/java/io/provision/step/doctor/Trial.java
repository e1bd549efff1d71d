package io.provision.step.doctor;

import io.provision.model.HostName;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What a doctor tries out on hosts that have answered. It leaves nothing behind. */
public interface Trial {
  /** What is measured, such as {@code the ways between hosts}. */
  String what();

  /** How long it may take where hosts do not answer any more. */
  Duration most();

  /** On whom; nobody where there is nothing to try. */
  Set<HostName> hosts();

  /**
   * What came of it.
   *
   * @throws InterruptedException where an end was asked for; nothing is left on hosts then either
   */
  List<Examined> examined(Measuring measuring) throws InterruptedException;
}

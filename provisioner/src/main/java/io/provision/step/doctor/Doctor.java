package io.provision.step.doctor;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.step.Observed;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** All that {@code doctor} looks at besides what a plan asks. */
public interface Doctor {
  /** What is looked at on each host by itself. */
  List<Examination> examinations();

  /**
   * What shows only where hosts are compared with each other, and with the calendar.
   *
   * @param seen what was seen of the hosts that answered
   * @param now by the clock of this machine
   */
  List<Examined> compared(Inventory inventory, Map<HostName, Observed> seen, Instant now);

  /**
   * What is tried out then, one after the other.
   *
   * @param seen what was seen of the hosts that may be measured on: the addresses by which they
   *     reach each other among it
   * @param opened hosts whose firewall an apply would open
   * @param run names the run, by which its listeners are known
   */
  List<Trial> trials(
      Inventory inventory, Map<HostName, Observed> seen, Collection<HostName> opened, String run);
}

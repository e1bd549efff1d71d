package io.provision.resource.unit;

import io.provision.remote.Call;
import io.provision.step.Question;
import java.time.Duration;

/** What starts, stops and watches the services of a host. Each is one file. */
interface ServiceManager {

  /** As {@link ServiceManagers} finds it on a host, and as people call it. */
  String name();

  Question<UnitState> question(String unit);

  /**
   * Brings a unit to what it should be.
   *
   * @param run start (which leaves one that runs alone), restart (which starts one that does not
   *     run), stop or {@code -}
   * @param boot enable, disable, mask or {@code -}
   */
  Call bring(String unit, String run, String boot);

  /** How long to wait for a unit that is starting. */
  Duration settle();

  /** Whether a unit is up; 69 where it has failed for good. */
  Call isUp(String unit);

  /** For a person: its state, and why it is not up. */
  Call explain(String unit);
}

package io.provision.local.power;

import io.provision.desk.PowerSwitch;
import io.provision.model.power.Power;
import java.time.Duration;
import java.util.Map;

/** Reaches the power of hosts from this machine. */
public final class PowerSwitches {
  /** A controller that is busy takes its seconds, and says by then that it is. */
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final Map<String, String> environment;
  private final Duration deadline;

  /**
   * @param environment of the operator
   */
  public PowerSwitches(Map<String, String> environment) {
    this(environment, DEADLINE);
  }

  PowerSwitches(Map<String, String> environment, Duration deadline) {
    this.environment = Map.copyOf(environment);
    this.deadline = deadline;
  }

  /** Nothing is asked yet. */
  public PowerSwitch of(Power power) {
    var program = new PowerProgram(environment, deadline);
    return switch (power) {
      case Power.Ipmi ipmi -> new IpmiPower(ipmi, program);
      case Power.Redfish redfish ->
          new RedfishPower(redfish, new RedfishService(redfish, deadline));
      case Power.Libvirt libvirt -> new LibvirtPower(libvirt, program);
      case Power.Programs programs -> new OwnProgramsPower(programs, program);
    };
  }
}

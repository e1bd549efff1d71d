package io.provision.local.power;

import io.provision.desk.DeskException;
import io.provision.desk.PowerSwitch;
import io.provision.model.power.Power;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * By {@code ipmitool chassis power} over RMCP+ (ipmitool(1)). With {@code -E} it takes the password
 * from its environment: IPMITOOL_PASSWORD, and older versions IPMI_PASSWORD alone
 * (lib/ipmi_main.c); no other user of this machine can read that.
 */
record IpmiPower(Power.Ipmi power, PowerProgram program) implements PowerSwitch {
  private static final String REMEDY = "install it: apt-get install ipmitool";

  @Override
  public State state() throws DeskException, InterruptedException {
    var said = said("status");
    return switch (said.text().strip()) {
      case "Chassis Power is on" -> State.ON;
      case "Chassis Power is off" -> State.OFF;
      default ->
          throw new DeskException(
              "the controller at %s does not say whether the power is on (%s)"
                  .formatted(power.address(), said.shown()),
              "ask it by hand: 'ipmitool -I lanplus -H %s -U %s -a chassis power status'"
                  .formatted(power.address(), power.login().user()),
              null);
    };
  }

  @Override
  public void off() throws DeskException, InterruptedException {
    var _ = said("off");
  }

  @Override
  public void on() throws DeskException, InterruptedException {
    var _ = said("on");
  }

  private PowerProgram.Answer said(String order) throws DeskException, InterruptedException {
    var password = new PowerPassword(power.login().password());
    var command = new ArrayList<>(List.of("ipmitool", "-I", "lanplus", "-H", power.address()));
    power.port().ifPresent(it -> command.addAll(List.of("-p", String.valueOf(it))));
    command.addAll(List.of("-U", power.login().user(), "-E", "chassis", "power", order));
    var secret = password.text();
    var answer =
        program.run(command, Map.of("IPMITOOL_PASSWORD", secret, "IPMI_PASSWORD", secret), REMEDY);
    var told =
        new PowerProgram.Answer(
            answer.exit(), password.kept(answer.text()), password.kept(answer.beside()));
    if (told.exit() != 0) {
      throw new DeskException(
          "'ipmitool ... chassis power %s' of the controller at %s exited %d: %s"
              .formatted(order, power.address(), told.exit(), told.shown()),
          "see whether its address, user and password are right, and whether it lets that user switch the power over LAN",
          null);
    }
    return told;
  }
}

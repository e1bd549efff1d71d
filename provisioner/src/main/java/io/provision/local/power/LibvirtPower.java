package io.provision.local.power;

import io.provision.desk.DeskException;
import io.provision.desk.PowerSwitch;
import io.provision.model.power.Power;
import java.util.List;
import java.util.Map;

/**
 * By {@code virsh} (virsh(1)): {@code destroy} ends a virtual machine at once, as if its plug were
 * pulled, and leaves its disks; {@code start} begins it.
 */
record LibvirtPower(Power.Libvirt power, PowerProgram program) implements PowerSwitch {
  private static final String REMEDY = "install it: apt-get install libvirt-clients";

  @Override
  public State state() throws DeskException, InterruptedException {
    var answer = said("domstate");
    return switch (answer.text().strip().replace(' ', '_')) {
      case "running", "idle" -> State.ON;
      case "shut_off", "crashed" -> State.OFF;
      case "paused", "in_shutdown", "pmsuspended" -> State.BETWEEN;
      default ->
          throw new DeskException(
              "libvirt does not say how %s is (%s)".formatted(power.domain(), answer.shown()),
              "ask it by hand: 'virsh -c %s domstate %s'"
                  .formatted(power.connection(), power.domain()),
              null);
    };
  }

  @Override
  public void off() throws DeskException, InterruptedException {
    var _ = said("destroy");
  }

  @Override
  public void on() throws DeskException, InterruptedException {
    var _ = said("start");
  }

  private PowerProgram.Answer said(String order) throws DeskException, InterruptedException {
    var answer =
        program.run(
            List.of("virsh", "-q", "-c", power.connection(), order, "--domain", power.domain()),
            Map.of(),
            REMEDY);
    if (answer.exit() != 0) {
      throw new DeskException(
          "'virsh %s' of %s exited %d: %s"
              .formatted(order, power.domain(), answer.exit(), answer.shown()),
          "see 'virsh -c %s list --all'; are you allowed to there?".formatted(power.connection()),
          null);
    }
    return answer;
  }
}

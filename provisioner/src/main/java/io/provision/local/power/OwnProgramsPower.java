package io.provision.local.power;

import io.provision.desk.DeskException;
import io.provision.desk.PowerSwitch;
import io.provision.model.power.Power;
import java.util.List;
import java.util.Map;

/** By programs of the operator's own. */
record OwnProgramsPower(Power.Programs power, PowerProgram program) implements PowerSwitch {

  @Override
  public State state() throws DeskException, InterruptedException {
    var answer = said(power.status());
    return switch (answer.text().strip()) {
      case "on" -> State.ON;
      case "off" -> State.OFF;
      default ->
          throw new DeskException(
              "'%s' says neither on nor off (%s)"
                  .formatted(power.status().getFirst(), answer.shown()),
              "have it write one of these two words, and nothing else",
              null);
    };
  }

  @Override
  public void off() throws DeskException, InterruptedException {
    var _ = said(power.off());
  }

  @Override
  public void on() throws DeskException, InterruptedException {
    var _ = said(power.on());
  }

  private PowerProgram.Answer said(List<String> command)
      throws DeskException, InterruptedException {
    var answer = program.run(command, Map.of(), "install it, or write where it is");
    if (answer.exit() != 0) {
      throw new DeskException(
          "'%s' exited %d: %s".formatted(command.getFirst(), answer.exit(), answer.shown()),
          "run it by hand to see why",
          null);
    }
    return answer;
  }
}

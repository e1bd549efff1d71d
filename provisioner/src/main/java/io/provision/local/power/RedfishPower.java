package io.provision.local.power;

import io.provision.desk.DeskException;
import io.provision.desk.PowerSwitch;
import io.provision.model.power.Power;
import java.util.List;
import java.util.Optional;

/**
 * By a ComputerSystem of a Redfish service: its PowerState, and its action ComputerSystem.Reset
 * with a ResetType that the service itself names among those it allows (DSP0268, ComputerSystem 1.x
 * and Resource 1.x).
 */
record RedfishPower(Power.Redfish power, RedfishService service) implements PowerSwitch {
  private static final String SYSTEMS = "/redfish/v1/Systems";
  private static final String ACTION = "#ComputerSystem.Reset";
  private static final String ALLOWED = "ResetType@Redfish.AllowableValues";

  @Override
  public State state() throws DeskException, InterruptedException {
    var state = system().text("PowerState").orElse("nothing");
    return switch (state) {
      case "On" -> State.ON;
      case "Off" -> State.OFF;
      case "PoweringOn", "PoweringOff", "Paused" -> State.BETWEEN;
      default ->
          throw new DeskException(
              "%s does not say whether the power is on (%s)"
                  .formatted(power.service(), new PowerProgram.Answer(0, state).shown()),
              "see what it says of the system itself",
              null);
    };
  }

  @Override
  public void off() throws DeskException, InterruptedException {
    reset(List.of("ForceOff"));
  }

  @Override
  public void on() throws DeskException, InterruptedException {
    reset(List.of("On", "ForceOn"));
  }

  /** With the first of these that it allows; what it allows it need not say. */
  private void reset(List<String> types) throws DeskException, InterruptedException {
    var action = system().object("Actions").object(ACTION);
    var allowed = action.texts(ALLOWED);
    Optional<String> type =
        types.stream().filter(it -> allowed.isEmpty() || allowed.contains(it)).findFirst();
    var target = action.text("target");
    if (type.isEmpty() || target.isEmpty()) {
      throw new DeskException(
          "%s has no ComputerSystem.Reset with %s for this system"
              .formatted(power.service(), String.join(" or ", types)),
          "may this user switch the power there? else write programs of your own (off, on, status)",
          null);
    }
    service.post(target.get(), "{\"ResetType\":\"%s\"}".formatted(type.get()));
  }

  private JsonAnswer system() throws DeskException, InterruptedException {
    var links =
        service.get(SYSTEMS).objects("Members").stream()
            .flatMap(it -> service.link(it).stream())
            .toList();
    var chosen =
        links.stream()
            .filter(it -> power.system().isEmpty() || power.system().get().equals(last(it)))
            .toList();
    if (chosen.size() != 1) {
      throw new DeskException(
          power.system().isPresent()
              ? "%s has no system %s".formatted(power.service(), power.system().get())
              : "%s has %d systems".formatted(power.service(), links.size()),
          "write 'system:' with one of: "
              + new PowerProgram.Answer(
                      0, String.join(", ", links.stream().map(RedfishPower::last).toList()))
                  .shown(),
          null);
    }
    return service.get(chosen.getFirst());
  }

  private static String last(String path) {
    return path.replaceFirst("/$", "").replaceFirst(".*/", "");
  }
}

package io.provision.resource.unit;

import io.provision.remote.Call;
import io.provision.step.Question;
import java.time.Duration;

/** systemd: {@link Units} looks, {@link UnitScripts} does. */
final class Systemd implements ServiceManager {
  @Override
  public String name() {
    return "systemd";
  }

  @Override
  public Question<UnitState> question(String unit) {
    return Units.of(unit);
  }

  @Override
  public Call bring(String unit, String run, String boot) {
    return Call.of(UnitScripts.BRING, unit, run, boot);
  }

  @Override
  public Duration settle() {
    return Duration.ofSeconds(90);
  }

  @Override
  public Call isUp(String unit) {
    return Call.of(UnitScripts.IS_ACTIVE, unit);
  }

  @Override
  public Call explain(String unit) {
    return Call.of(UnitScripts.EXPLAIN, unit);
  }
}

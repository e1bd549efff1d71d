package io.provision.steps.gluster.gate;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.step.SafetyCheck;
import io.provision.steps.gluster.declared.GlusterStorage;
import java.util.List;
import java.util.Optional;

/** The gate of GlusterFS, asked by itself. */
public final class GlusterSafety implements SafetyCheck {

  @Override
  public Optional<String> nothing(Inventory inventory) {
    return inventory.cluster().filter(it -> !GlusterStorage.of(it).volumes().isEmpty()).isEmpty()
        ? Optional.of("the inventory has no gluster volumes")
        : Optional.empty();
  }

  @Override
  public List<Host> members(Inventory inventory) {
    return inventory.with(Role.STORAGE);
  }

  @Override
  public List<Named> asks(Optional<HostName> without) {
    return List.of(
        new Named("gluster-health", new GlusterHealth(false)),
        new Named("gluster-gate", new GlusterGateStep(without)));
  }
}

package io.provision.model.rotation;

import java.util.List;

/**
 * What a user wants asked and run around a host's reboot.
 *
 * @param checks all must pass before it goes and before it is given back
 * @param beforeDrain run in this order, the first that fails keeps it
 * @param afterReturn run in this order, all of them
 */
public record OwnSteps(List<OwnCheck> checks, List<Hook> beforeDrain, List<Hook> afterReturn) {
  public static final OwnSteps NONE = new OwnSteps(List.of(), List.of(), List.of());

  public OwnSteps {
    checks = List.copyOf(checks);
    beforeDrain = List.copyOf(beforeDrain);
    afterReturn = List.copyOf(afterReturn);
  }
}

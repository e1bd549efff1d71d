package io.provision.step;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import java.util.List;
import java.util.Optional;

/**
 * An area's gate as a question of its own: is it healthy, also without a host? It is when the last
 * step of {@link #asks} provides an output {@code healthy}, and what that step fails with says why
 * it is not.
 */
public interface SafetyCheck {

  /** Why there is nothing to check. */
  Optional<String> nothing(Inventory inventory);

  /** Which hosts may be left out. */
  List<Host> members(Inventory inventory);

  /** The steps of the check, which only look, for all members. */
  List<Named> asks(Optional<HostName> without);

  /** A step with its name in messages. */
  record Named(String step, Step<Target.OnHost> look) {}
}

package io.provision.step.doctor;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.step.Observed;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.List;
import java.util.Map;

/**
 * The ways between hosts that have to be open: listeners are put up on each host where nobody
 * listens yet, all others try to reach them, and the listeners go. Three looks, one after the
 * other; listeners of a run that is killed go by themselves after a minute or two.
 */
public interface Ways {
  /** Who takes part; nobody where hosts need nothing of each other. */
  List<Host> hosts();

  /** Puts the listeners up. */
  Step<Target.OnHost> listen();

  /**
   * Tries to reach those of all others.
   *
   * @param listening what {@link #listen} saw of each host
   */
  Step<Target.OnHost> reach(Map<HostName, Observed> listening);

  /** Takes the listeners away. */
  Step<Target.OnHost> end(Map<HostName, Observed> listening);

  /**
   * What is not open, told of the host that cannot be reached, and what could not be measured.
   *
   * @param reached what {@link #reach} saw of each host
   */
  List<Examined> examined(Map<HostName, Observed> listening, Map<HostName, Observed> reached);
}

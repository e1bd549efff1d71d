package io.provision.step.outage;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What an area asks and does where all hosts go down together, and come up again. */
public interface Outage {

  /** What is asked of which hosts for {@link #missing}. */
  Map<Host, Probes> asked(Inventory inventory);

  /**
   * Why what these hosts hold together is not whole, as they tell; empty where it is.
   *
   * @param never why others were not heard
   */
  List<String> missing(
      Inventory inventory, Map<HostName, Observations> seen, Map<HostName, String> never);

  /** Ends what of this host uses it, which others may serve. */
  List<Repair> letGo(Target.OnHost target);

  /** The units by which this host serves it; none where it does not. */
  List<String> units(Target.OnHost target);

  /** Ends what serves it here, once nobody uses it any more. */
  List<Repair> ended(Target.OnHost target);

  /** Begins to serve it again, while others do the same. */
  List<Repair> begun(Target.OnHost target);

  /** Uses it again, once it is whole, and waits until that can be done. */
  List<Repair> used(Target.OnHost target, Duration patience);
}

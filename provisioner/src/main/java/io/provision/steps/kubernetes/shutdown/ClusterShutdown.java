package io.provision.steps.kubernetes.shutdown;

import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.step.outage.Outages;
import io.provision.steps.kubernetes.Distributions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What {@code stop} and {@code start} have done on each host, by names, in this order. No playbook
 * can name these: a host alone neither goes down nor comes up this way.
 */
public record ClusterShutdown(Distributions distributions, Outages outages) {
  private static final String LOOK = "shutdown-look";

  /** All down: pods, workers, control planes, storage. */
  public Map<String, Step<Target.OnHost>> stop() {
    var steps = new LinkedHashMap<String, Step<Target.OnHost>>();
    steps.put(LOOK, new ShutdownLook());
    steps.put("shutdown-claimed", new NodeClaimed(distributions, outages));
    steps.put("shutdown-emptied", new NodeEmptied(distributions));
    steps.put("shutdown-down", new HostDown(distributions, outages));
    steps.put("shutdown-stopped", new StorageDown(outages));
    return Collections.unmodifiableMap(steps);
  }

  /** All up: storage, control planes, workers, pods. */
  public Map<String, Step<Target.OnHost>> start() {
    var steps = new LinkedHashMap<String, Step<Target.OnHost>>();
    steps.put(LOOK, new ShutdownLook());
    steps.put("start-storage", new StorageUp(outages));
    steps.put("start-up", new HostUp(distributions, outages));
    steps.put("start-released", new NodeReleased(distributions));
    return Collections.unmodifiableMap(steps);
  }
}

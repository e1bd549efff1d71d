package io.provision.steps.gluster.mount;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Target;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Whether volumes can be used by the hosts that mount them, for whoever asks time and again. */
public record MountWatch(Inventory inventory) {

  /** What to ask of these hosts; one that mounts nothing is left out. */
  public Map<Host, Probes> asked(Collection<Host> hosts) {
    var asked = new LinkedHashMap<Host, Probes>();
    for (var host : hosts) {
      var probes = new GlusterMounts().probes(target(host));
      if (!probes.questions().isEmpty()) {
        asked.put(host, probes);
      }
    }
    return Collections.unmodifiableMap(asked);
  }

  /**
   * By the names of volumes, whether each gives an answer; what is not mounted is left out, for
   * that has another reason.
   */
  public Map<String, Boolean> usable(Host host, Observations seen) {
    var usable = new TreeMap<String, Boolean>();
    for (var volume : GlusterMount.mounted(target(host))) {
      var state = seen.of(new MountUnits(volume).question());
      if (state.isMounted()) {
        usable.put(volume.name(), state.answer().equals("ok"));
      }
    }
    return usable;
  }

  private Target.OnHost target(Host host) {
    return new Target.OnHost(host, inventory);
  }
}

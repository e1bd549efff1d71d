package io.provision.steps.gluster.mount;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Target;
import io.provision.step.outage.VolumeWatch;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Of volumes of GlusterFS, by their mounts. */
public record MountWatch(Inventory inventory) implements VolumeWatch {

  @Override
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

  @Override
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

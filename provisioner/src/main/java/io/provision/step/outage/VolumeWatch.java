package io.provision.step.outage;

import io.provision.model.Host;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.util.Collection;
import java.util.Map;

/** Whether volumes can be used by the hosts that mount them, for whoever asks time and again. */
public interface VolumeWatch {
  /** What to ask of these hosts; one that mounts nothing is left out. */
  Map<Host, Probes> asked(Collection<Host> hosts);

  /**
   * By the names of volumes, whether each gives an answer; what is not mounted is left out, for
   * that has another reason.
   */
  Map<String, Boolean> usable(Host host, Observations seen);
}

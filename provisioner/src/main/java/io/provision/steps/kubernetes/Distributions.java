package io.provision.steps.kubernetes;

import io.provision.model.Cluster;
import io.provision.step.Given;
import io.provision.step.Target;
import java.util.Map;

/** The distributions that there are, by the inventory's word. */
public record Distributions(Map<Cluster.Distribution, Distribution> all) implements Given {
  public Distributions {
    all = Map.copyOf(all);
  }

  /** That of the target's cluster; the steps that ask are in playbooks of what is built alone. */
  public Distribution of(Target target) {
    var wanted = target.cluster().distribution();
    var distribution = all.get(wanted);
    if (distribution == null) {
      throw new IllegalStateException("nothing is built for a cluster of " + wanted);
    }
    return distribution;
  }
}

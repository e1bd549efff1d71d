package io.provision.steps.kubernetes;

import io.provision.model.Cluster;
import io.provision.step.Given;
import io.provision.step.Target;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The distributions that there are, by what the inventory can name. */
public record Distributions(Map<Cluster.Distribution, Distribution> all) implements Given {
  public Distributions {
    all = Map.copyOf(all);
  }

  /** Each by what it declares. */
  public static Distributions of(List<Distribution> all) {
    return new Distributions(
        all.stream().collect(Collectors.toMap(Distribution::declared, each -> each)));
  }

  /** That of the target's cluster; the steps that ask are in playbooks of what is built alone. */
  public Distribution of(Target target) {
    var wanted = target.cluster().distribution();
    var distribution = all.get(wanted);
    if (distribution == null) {
      throw new IllegalStateException("nothing is built for a cluster of " + wanted.name());
    }
    return distribution;
  }
}

package io.provision.step;

import io.provision.model.Host;
import io.provision.model.HostName;
import java.util.List;

/** Who has an output. */
public sealed interface Provider {

  /** Each of these hosts has one of its own; of no hosts there is none. */
  record Hosts(List<HostName> names) implements Provider {
    public Hosts {
      names = List.copyOf(names);
    }

    static Hosts of(List<Host> hosts) {
      return new Hosts(hosts.stream().map(Host::name).toList());
    }
  }

  /** The cluster's API, as steps on the cluster see it: an address that a service got. */
  record Cluster() implements Provider {}

  /** The operator's machine. */
  record Local() implements Provider {}
}

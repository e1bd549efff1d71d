package io.provision.engine.playbook;

import io.provision.model.Host;
import io.provision.step.Target;
import java.util.List;

/** Steps for a group of targets, in order. */
public sealed interface Play {
  String name();

  /**
   * Steps on hosts.
   *
   * @param serial how many hosts are repaired at once; 0 for all
   */
  record OnHosts(String name, List<Host> hosts, int serial, List<Item<Target.OnHost>> items)
      implements Play {
    public OnHosts {
      hosts = List.copyOf(hosts);
      items = List.copyOf(items);
    }
  }

  /** Steps on the cluster's API. */
  record OnCluster(String name, List<Item<Target.OnCluster>> items) implements Play {
    public OnCluster {
      items = List.copyOf(items);
    }
  }

  /** Steps on the operator's machine. */
  record OnDesk(String name, List<Item<Target.OnDesk>> items) implements Play {
    public OnDesk {
      items = List.copyOf(items);
    }
  }
}

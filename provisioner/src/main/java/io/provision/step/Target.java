package io.provision.step;

import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.Inventory;

/** Where desired state lives. */
public sealed interface Target {
  Inventory inventory();

  /** The cluster that the inventory describes; a step that needs one is only in its playbooks. */
  default Cluster cluster() {
    return inventory()
        .cluster()
        .orElseThrow(() -> new IllegalStateException("the inventory has no cluster"));
  }

  /** A host, reached over SSH, as root. */
  record OnHost(Host host, Inventory inventory) implements Target {}

  /** The API of the cluster. */
  record OnCluster(Inventory inventory) implements Target {}

  /** The operator's own machine. */
  record OnDesk(Inventory inventory) implements Target {}
}

package io.provision.step;

import io.provision.desk.DeskChange;
import io.provision.kube.ClusterChange;
import io.provision.remote.Script;
import java.util.List;

/** What would mend a difference, as data. The engine runs it and puts the look behind it. */
public sealed interface Repair {

  /**
   * Scripts to run in this order on the host itself, as root, in one exec together with the look
   * that verifies them. The first that fails ends it.
   *
   * @param bringsFiles whether files of other steps can come along (packages, archives), so that
   *     the rest of the list must be looked at again
   */
  record OnHost(List<Script> scripts, boolean bringsFiles) implements Repair {
    public OnHost {
      scripts = List.copyOf(scripts);
    }

    public OnHost(Script... scripts) {
      this(List.of(scripts), false);
    }
  }

  /** Changes through the cluster's API, in this order. The first that fails ends it. */
  record OnCluster(List<ClusterChange> changes) implements Repair {
    public OnCluster {
      changes = List.copyOf(changes);
    }
  }

  /** A change on the operator's machine. */
  record OnDesk(DeskChange change) implements Repair {}
}

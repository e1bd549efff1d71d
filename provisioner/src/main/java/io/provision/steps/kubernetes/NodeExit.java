package io.provision.steps.kubernetes;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.remote.Script;
import io.provision.step.ClusterAccess;
import io.provision.step.Repair;
import java.util.List;

/** How a node of a distribution gets out of its cluster, and what it leaves on its host. */
public interface NodeExit {

  /** Whether it counts in the majority of the cluster's own datastore. */
  boolean isMember(NodeObject node);

  /** Keeps a snapshot of the datastore on this server, which stays, before a member goes. */
  Script snapshot(HostName server, String name);

  /**
   * Has a server that stays take the member of another one out of the datastore; nothing happens
   * where it is out already.
   */
  Repair memberRemoved(HostName server, HostName leaver, ClusterAccess access);

  /** Where a node keeps the certificate of the authority that it trusts. */
  String authority();

  /**
   * What is deleted on a host once it is no node any more, in this order: directories with all that
   * is in them, and files; the unit's own last, which is the record that there is something left.
   */
  List<String> remains(Host host);

  /** What was installed for it and is more than files, in the order in which it goes. */
  default List<Brought> brought() {
    return List.of();
  }

  /**
   * What goes with a node by a way of its own.
   *
   * @param what it is, for people
   * @param record what is there for as long as any of it is
   * @param removed takes away what the record names as ours, and it itself last
   */
  record Brought(String what, String record, Script removed) {}

  /** A word that is in the command line of every containerd-shim of its pods, and of no other. */
  String shims();

  /**
   * What kube-proxy and network plugins set in the kernel, as a clause. It is left alone: chains of
   * CNI are those of podman as well, and nobody keeps them beyond a boot but who saves them.
   */
  String RULES =
      "rules of kube-proxy and of the network of pods stay in the kernel until it boots ('iptables-save"
          + " | grep -E \"KUBE-|CNI-|FLANNEL|cali-\"', 'nft list tables' and 'ipvsadm -Ln' show them)";

  /** What stays on the host on purpose, as a sentence; empty where nothing does. */
  String kept();
}

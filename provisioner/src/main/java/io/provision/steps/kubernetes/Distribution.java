package io.provision.steps.kubernetes;

import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.step.Check;
import io.provision.step.Target;
import io.provision.step.datastore.Datastore;
import io.provision.steps.kubernetes.apiserver.EncryptionPlace;
import java.util.Optional;

/**
 * What a distribution of Kubernetes has its own way of. The steps of this package are every
 * distribution's, and ask here; a new distribution is one of these, a line in the catalog, and the
 * steps that put it on a host.
 */
public interface Distribution {
  /** What can be known of it without any of its steps. */
  Cluster.Distribution declared();

  /** As people call it. */
  default String name() {
    return declared().name();
  }

  /** The systemd unit that runs a node on this host; its kubelet's, where there are several. */
  String unit(Host host);

  /** How a server's API is asked by itself. */
  Kubectl kubectl();

  /**
   * Where the kubelet of a node has its kubeconfig once a server has accepted it; nothing is there
   * before.
   */
  String kubeletKubeconfig();

  /**
   * Waits until the cluster hears of the kubelet of this host; no longer once that has failed for
   * good. Why it is not heard of is said in its own words.
   *
   * @param awaited what the cluster has not heard yet
   */
  Check.NotYet unheard(Host host, String awaited);

  /** What a node needs of this host. */
  Requirements requirements(Target.OnHost target);

  /** How archives of images reach the container runtime. */
  ImageStore images();

  /** In which way its API servers encrypt Secrets. */
  EncryptionPlace encryption();

  /** How a node of it leaves. */
  NodeExit exit();

  /** The datastore of its servers. */
  Datastore datastore();

  /** What certificates a node of it has. */
  NodeCertificates certificates();

  /** The DNS of services; empty where the inventory switches it off. */
  Optional<DnsService> dns(Cluster cluster);
}

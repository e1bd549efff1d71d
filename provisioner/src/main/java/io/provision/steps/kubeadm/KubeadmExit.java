package io.provision.steps.kubeadm;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.remote.Script;
import io.provision.step.ClusterAccess;
import io.provision.step.Repair;
import io.provision.steps.kubeadm.etcd.EtcdScripts;
import io.provision.steps.kubeadm.packages.KubernetesPackages;
import io.provision.steps.kubeadm.runtime.RuntimePrograms;
import io.provision.steps.kubernetes.NodeExit;
import io.provision.steps.kubernetes.NodeObject;
import io.provision.steps.kubernetes.etcd.SnapshotScripts;
import java.time.Duration;
import java.util.List;

/**
 * A node of kubeadm leaves. {@code kubeadm reset} is not asked for it: it can take a member out of
 * etcd only while the node that leaves still answers, and goes on where that fails.
 */
record KubeadmExit() implements NodeExit {
  private static final Duration MEMBER = Duration.ofMinutes(5);
  private static final String CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

  /** Each control plane of ours has a member of etcd. */
  @Override
  public boolean isMember(NodeObject node) {
    return node.labels().containsKey(CONTROL_PLANE);
  }

  @Override
  public Script snapshot(HostName server, String name) {
    return new KubeadmDatastore().snapshot(server, name, SnapshotScripts.KEPT);
  }

  @Override
  public Repair memberRemoved(HostName server, HostName leaver, ClusterAccess access) {
    return new Repair.OnHost(
        Script.of(EtcdScripts.REMOVE_MEMBER, server.value(), leaver.value()).within(MEMBER));
  }

  @Override
  public String authority() {
    return Kubeadm.AUTHORITY;
  }

  /** Of CNI what flannel and Calico put there (their manifests): podman has its own beside it. */
  @Override
  public List<String> remains(Host host) {
    return List.of(
        "/var/lib/kubelet",
        "/var/lib/cni/networks/cbr0",
        "/var/lib/cni/flannel",
        "/run/flannel",
        "/var/lib/etcd",
        "/etc/cni/net.d/10-flannel.conflist",
        "/etc/cni/net.d/10-calico.conflist",
        "/etc/cni/net.d/calico-kubeconfig",
        Kubeadm.FOLDER,
        Kubeadm.KUBEADM,
        Kubeadm.KUBECTL,
        Kubeadm.KUBELET,
        "/etc/systemd/system/%s.d".formatted(Kubeadm.SERVICE),
        "/etc/systemd/system/" + Kubeadm.SERVICE);
  }

  @Override
  public List<Brought> brought() {
    return List.of(
        new Brought(
            "the packages, with their repository,",
            KubernetesPackages.RECORD,
            KubernetesPackages.removed()),
        new Brought("the container runtime", RuntimePrograms.RECORDS, RuntimePrograms.removed()));
  }

  @Override
  public String shims() {
    return "k8s.io";
  }

  @Override
  public String kept() {
    return "containerd's images, that of the system itself, other packages of it and kernel settings stay as they are; "
        + RULES;
  }
}

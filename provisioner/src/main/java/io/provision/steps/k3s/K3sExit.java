package io.provision.steps.k3s;

import io.provision.kube.ClusterAction;
import io.provision.kube.ObjectRef;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.remote.Script;
import io.provision.step.ClusterAccess;
import io.provision.step.Repair;
import io.provision.steps.k3s.etcd.K3sSnapshot;
import io.provision.steps.kubernetes.NodeExit;
import io.provision.steps.kubernetes.NodeObject;
import io.provision.steps.kubernetes.etcd.SnapshotScripts;
import java.time.Duration;
import java.util.List;

/**
 * A node of k3s leaves. Its member of etcd is taken out by k3s itself, where the Node asks for it
 * by an annotation (k3s, pkg/etcd/member_controller.go): it hands the leadership on first.
 */
record K3sExit() implements NodeExit {
  private static final Duration MEMBER = Duration.ofMinutes(2);

  /** k3s sets it on the nodes that have a member of etcd. */
  private static final String ROLE = "node-role.kubernetes.io/etcd";

  @Override
  public boolean isMember(NodeObject node) {
    return "true".equals(node.labels().get(ROLE));
  }

  @Override
  public Script snapshot(HostName server, String name) {
    return K3sSnapshot.script(name, SnapshotScripts.KEPT);
  }

  @Override
  public Repair memberRemoved(HostName server, HostName leaver, ClusterAccess access) {
    return new Repair.OnApi(
        access,
        List.of(
            new ClusterAction.Request(
                ObjectRef.of("v1", "Node", leaver.value()),
                "etcd.k3s.cattle.io/remove",
                "etcd.k3s.cattle.io/removed-node-name",
                "etcd to let go of " + leaver,
                MEMBER,
                "look at what k3s says of it: 'journalctl -u k3s' on " + server)));
  }

  @Override
  public String authority() {
    return K3s.AUTHORITY;
  }

  /** Not the files of volumes, which the provisioner of k3s keeps beside these directories. */
  @Override
  public List<String> remains(Host host) {
    return List.of(
        "/var/lib/kubelet",
        "/var/lib/cni/networks/cbr0",
        "/var/lib/cni/flannel",
        "/run/k3s",
        "/run/flannel",
        "/var/lib/rancher/k3s/agent",
        "/var/lib/rancher/k3s/server",
        "/var/lib/rancher/k3s/data",
        "/etc/rancher/node",
        K3s.FOLDER,
        K3s.BINARY,
        "/etc/systemd/system/%s.d".formatted(K3s.unit(host)),
        "/etc/systemd/system/" + K3s.unit(host));
  }

  @Override
  public String shims() {
    return "/run/k3s/containerd/containerd.sock";
  }

  @Override
  public String kept() {
    return "files of local volumes stay in /var/lib/rancher/k3s/storage, and packages and kernel"
        + " settings as they are; "
        + RULES;
  }
}

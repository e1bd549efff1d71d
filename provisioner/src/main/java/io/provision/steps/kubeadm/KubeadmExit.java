package io.provision.steps.kubeadm;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.remote.Call;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.ClusterAccess;
import io.provision.step.Repair;
import io.provision.step.datastore.Datastore;
import io.provision.step.datastore.Restoration;
import io.provision.steps.kubeadm.etcd.EtcdScripts;
import io.provision.steps.kubernetes.NodeExit;
import io.provision.steps.kubernetes.NodeObject;
import io.provision.steps.kubernetes.etcd.SnapshotScripts;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

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
  public String shims() {
    return "k8s.io";
  }

  @Override
  public String kept() {
    return "containerd with its images, packages and kernel settings stay as they are";
  }

  /**
   * The etcd of kubeadm's control planes. All other certificates and kubeconfigs are made anew from
   * the authorities (https://kubernetes.io/docs/setup/best-practices/certificates/).
   */
  record KubeadmDatastore() implements Datastore {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** {@code look_kubeadm_datastore NODE PATH...}: as {@code SnapshotSource} reads it. */
    private static final ShellFunction LOOK =
        new ShellFunction(
            "look_kubeadm_datastore",
            """
            [ ! -d /var/lib/etcd/member ] || echo etcd
            node=$1
            shift
            missing_of "$@"
            kubeadm_etcdctl "$node" https://127.0.0.1:2379 endpoint health >/dev/null 2>&1 && echo well
            return 0\
            """,
            List.of(SnapshotScripts.MISSING, EtcdScripts.ETCDCTL));

    @Override
    public List<String> required() {
      return Stream.of(
              "ca.crt",
              "ca.key",
              "front-proxy-ca.crt",
              "front-proxy-ca.key",
              "sa.key",
              "sa.pub",
              "etcd/ca.crt",
              "etcd/ca.key")
          .map((Kubeadm.FOLDER + "/pki/")::concat)
          .toList();
    }

    @Override
    public List<String> optional() {
      return List.of(Kubeadm.FOLDER + "/encryption/config.yaml");
    }

    @Override
    public Call look(HostName server) {
      var words = Stream.concat(Stream.of(server.value()), required().stream());
      return Call.of(LOOK, words.toArray(String[]::new));
    }

    @Override
    public Script snapshot(HostName server, String kind, int number) {
      return Script.of(EtcdScripts.SNAPSHOT, server.value(), kind, Integer.toString(number))
          .within(LIMIT);
    }

    @Override
    public Script archive(String snapshot) {
      return SnapshotScripts.archive(snapshot, required(), optional());
    }

    @Override
    public Restoration restoration() {
      return new KubeadmRestoration();
    }
  }
}

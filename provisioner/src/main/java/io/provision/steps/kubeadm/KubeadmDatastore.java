package io.provision.steps.kubeadm;

import io.provision.model.HostName;
import io.provision.remote.Call;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.datastore.Datastore;
import io.provision.step.datastore.Drill;
import io.provision.step.datastore.HealthView;
import io.provision.step.datastore.Restoration;
import io.provision.step.datastore.Upkeep;
import io.provision.steps.kubeadm.apiserver.KubeadmApiServer;
import io.provision.steps.kubeadm.etcd.EtcdScripts;
import io.provision.steps.kubeadm.etcd.MemberDefragmentation;
import io.provision.steps.kubeadm.etcd.MemberDrill;
import io.provision.steps.kubeadm.etcd.MembersView;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.etcd.SnapshotScripts;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The etcd of kubeadm's control planes. All other certificates and kubeconfigs are made anew from
 * the authorities (https://kubernetes.io/docs/setup/best-practices/certificates/).
 */
record KubeadmDatastore() implements Datastore {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Duration READY = Duration.ofMinutes(6);

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
    return List.of(KubeadmApiServer.KEY_FILE);
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

  @Override
  public Drill drill() {
    return new MemberDrill(new Kubectl(Kubeadm.KUBECTL, Kubeadm.ADMIN), Kubeadm.INIT);
  }

  @Override
  public HealthView health() {
    return new MembersView();
  }

  @Override
  public Upkeep upkeep() {
    return new Upkeep.ByUs(
        new MemberDefragmentation(Script.of(UpgradeScripts.AWAIT_API).within(READY)));
  }
}

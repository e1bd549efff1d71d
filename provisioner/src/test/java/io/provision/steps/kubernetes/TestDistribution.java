package io.provision.steps.kubernetes;

import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.remote.Call;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.step.datastore.Datastore;
import io.provision.step.datastore.HealthView;
import io.provision.step.datastore.Upkeep;
import io.provision.steps.k3s.K3sDistribution;
import io.provision.steps.kubeadm.KubeadmDistribution;
import io.provision.steps.kubernetes.apiserver.EncryptionPlace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A distribution whose every path is its own, so that nothing of another one goes unnoticed. */
public record TestDistribution(Kubectl kubectl, String kubeletKubeconfig, Optional<DnsService> dns)
    implements Distribution {

  public TestDistribution() {
    this(
        new Kubectl("/test/kubectl", "/test/admin.conf"),
        "/test/kubelet.conf",
        Optional.of(new DnsService("10.43.0.10", "test.local")));
  }

  /** It alone, for every word of the inventory. */
  public Distributions alone() {
    return new Distributions(
        Map.of(K3sDistribution.DECLARED, this, KubeadmDistribution.DECLARED, this));
  }

  @Override
  public Cluster.Distribution declared() {
    return new Cluster.Distribution("test", Optional.empty());
  }

  @Override
  public String unit(Host host) {
    return Nodes.isServer(host) ? "test-server.service" : "test-agent.service";
  }

  @Override
  public Check.NotYet unheard(Host host, String awaited) {
    return new Check.NotYet(awaited, Duration.ofMinutes(5), "test", "test");
  }

  @Override
  public Requirements requirements(Target.OnHost target) {
    var isServer = Nodes.isServer(target.host());
    return new Requirements(
        isServer ? 900 << 10 : 400 << 10,
        1 << 20,
        "/test/place",
        true,
        5,
        5,
        isServer ? List.of("tcp/6443", "tcp/10250", "udp/8472") : List.of("tcp/10250", "udp/8472"),
        List.of("test-server.service", "test-agent.service"),
        List.of("test"),
        "/test/kubelet.conf.d");
  }

  @Override
  public ImageStore images() {
    return new ImageStore("/store", true, "/waiting", "/run/it.sock", List.of("ctr", "import"));
  }

  @Override
  public Optional<DnsService> dns(Cluster cluster) {
    return dns;
  }

  @Override
  public Datastore datastore() {
    return new TestDatastore();
  }

  /** It has one file that matters. */
  private record TestDatastore() implements Datastore {
    private static final ShellFunction LOOK = new ShellFunction("look_test_datastore", ":");

    @Override
    public List<String> required() {
      return List.of("/test/ca.key");
    }

    @Override
    public List<String> optional() {
      return List.of();
    }

    @Override
    public Call look(HostName server) {
      return Call.of(LOOK);
    }

    @Override
    public Script snapshot(HostName server, String kind, int number) {
      return new TestExit().snapshot(server, kind);
    }

    @Override
    public io.provision.step.datastore.Drill drill() {
      throw new UnsupportedOperationException();
    }

    @Override
    public io.provision.step.datastore.Restoration restoration() {
      throw new UnsupportedOperationException("nothing is restored here");
    }

    @Override
    public HealthView health() {
      throw new UnsupportedOperationException("nobody asks for it here");
    }

    @Override
    public Upkeep upkeep() {
      throw new UnsupportedOperationException("nobody asks for it here");
    }

    @Override
    public Script archive(String snapshot) {
      return Script.of(LOOK);
    }
  }

  @Override
  public EncryptionPlace encryption() {
    throw new UnsupportedOperationException("nobody asks for it here");
  }

  @Override
  public NodeCertificates certificates() {
    return new TestCertificates();
  }

  /** It has none. */
  private record TestCertificates() implements NodeCertificates {
    @Override
    public List<Held> of(Host host) {
      return List.of();
    }

    @Override
    public Optional<Login> login(Host host) {
      return Optional.empty();
    }

    @Override
    public Optional<String> marker() {
      return Optional.empty();
    }

    @Override
    public String restarts(Host host) {
      return "nothing";
    }

    @Override
    public List<Script> renewal(Host host, List<String> due) {
      return List.of();
    }

    @Override
    public List<Script> untilUp(Host host) {
      return List.of();
    }
  }

  @Override
  public NodeExit exit() {
    return new TestExit();
  }

  /** Members are those with a label of its own. */
  private record TestExit() implements NodeExit {
    private static final ShellFunction SNAPSHOT = new ShellFunction("test_snapshot", ":");
    private static final ShellFunction REMOVE = new ShellFunction("test_remove_member", ":");

    @Override
    public boolean isMember(NodeObject node) {
      return node.labels().containsKey("test/member");
    }

    @Override
    public Script snapshot(HostName server, String name) {
      return Script.of(SNAPSHOT, server.value(), name);
    }

    @Override
    public Repair memberRemoved(HostName server, HostName leaver, ClusterAccess access) {
      return new Repair.OnHost(Script.of(REMOVE, server.value(), leaver.value()));
    }

    @Override
    public String authority() {
      return "/test/ca.crt";
    }

    @Override
    public List<String> remains(Host host) {
      return List.of("/test/data", "/etc/systemd/system/test.service");
    }

    @Override
    public String shims() {
      return "test";
    }

    @Override
    public String kept() {
      return "what is kept stays";
    }
  }
}

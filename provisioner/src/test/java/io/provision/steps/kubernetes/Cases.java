package io.provision.steps.kubernetes;

import io.provision.model.Cidr;
import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.NodeAddress;
import io.provision.model.Position;
import io.provision.model.Role;
import io.provision.model.Sections;
import io.provision.model.Sha256;
import io.provision.model.SshAddress;
import io.provision.model.SshSettings;
import io.provision.model.Version;
import io.provision.remote.Frame;
import io.provision.section.Node.Mapping;
import io.provision.step.Known;
import io.provision.step.Output;
import io.provision.step.Question;
import io.provision.step.Target;
import io.provision.steps.k3s.K3sCases;
import io.provision.steps.k3s.K3sDistribution;
import io.provision.steps.kubernetes.settings.ContainerdSection;
import io.provision.steps.kubernetes.settings.KubeProxySection;
import io.provision.steps.kubernetes.settings.KubeletSection;
import io.provision.steps.metallb.MetallbSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Inventories, hosts and outputs for the tests of clusters. */
public final class Cases {
  public static final Sha256 DIGEST = Sha256.of(new byte[] {1});
  public static final Position NOWHERE = new Position("test", 1, 1);

  private Cases() {}

  public static Host host(String name, int number, Set<Role> roles, Map<String, Object> k3s) {
    return new Host(
        new HostName(name),
        new SshAddress("10.0.0." + number),
        Optional.empty(),
        roles,
        Map.of(),
        List.of(),
        SshSettings.DEFAULTS,
        k3s.isEmpty() ? Sections.NONE : programs(Map.of("k3s", k3s)),
        Map.of(),
        NOWHERE);
  }

  public static Host server(int number) {
    return host("cp" + number, number, Set.of(Role.CONTROL_PLANE), Map.of());
  }

  public static Host agent(int number) {
    return host("w" + number, 100 + number, Set.of(Role.WORKER), Map.of());
  }

  public static Cluster cluster(String version, Cluster.Cni cni, Map<String, Object> k3s) {
    return cluster(version, cni, k3s, Map.of());
  }

  /** With settings of programs besides those of k3s. */
  public static Cluster cluster(
      String version,
      Cluster.Cni cni,
      Map<String, Object> k3s,
      Map<String, Map<String, Object>> programs) {
    var settings = new HashMap<>(programs);
    if (!k3s.isEmpty()) {
      settings.put("k3s", k3s);
    }
    return new Cluster(
        "home",
        K3sDistribution.DECLARED,
        Optional.of(Version.parse(version)),
        Optional.empty(),
        Optional.empty(),
        new Cluster.Network(
            cni, Optional.empty(), Cidr.parse("10.42.0.0/16"), Cidr.parse("10.43.0.0/16")),
        Sections.of(
                new MetallbSettings(
                    MetallbSettings.USUAL_VERSION, List.of("10.0.0.200-10.0.0.210")))
            .and(programs(settings)),
        Optional.of(new Cluster.Kubeconfig(Path.of("/home/op/.kube/config"), "home")),
        List.of(),
        NOWHERE);
  }

  /** What steps find of settings of programs, by the keys of the inventory. */
  public static Sections programs(Map<String, Map<String, Object>> settings) {
    var nothing = Mapping.empty(NOWHERE);
    return new Sections(
        settings.entrySet().stream()
            .map(it ->
                switch (it.getKey()) {
                  case "k3s" -> K3sCases.options(it.getValue());
                  case KubeletSection.KEY -> new KubeletSection(nothing, it.getValue());
                  case KubeProxySection.KEY -> new KubeProxySection(nothing, it.getValue());
                  case ContainerdSection.KEY -> new ContainerdSection(nothing, it.getValue());
                  default -> throw new IllegalArgumentException(it.getKey());
                })
            .toList());
  }

  public static Inventory inventory(Host... hosts) {
    return inventory(cluster("v1.36.4+k3s1", Cluster.Cni.FLANNEL, Map.of()), hosts);
  }

  public static Inventory inventory(Cluster cluster, Host... hosts) {
    return new Inventory(
        Optional.of(cluster),
        List.of(hosts),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Path.of("/inv/home.yml"));
  }

  public static Target.OnHost on(Host host, Inventory inventory) {
    return new Target.OnHost(host, inventory);
  }

  /** What a question's own reader makes of this output. */
  public static <A> A read(Question<A> question, String output) {
    return question.kind().read(List.of(question), new Frame(0, output)).getFirst();
  }

  public static NodeState state(boolean holds, boolean answers) {
    return new NodeState("amd64", Optional.empty(), holds, answers, false);
  }

  /** Outputs that are settled. */
  public static final class Settled implements Known {
    private final Map<Output<?>, Map<HostName, Object>> values = new HashMap<>();
    private final Map<Output<?>, Map<HostName, String>> nevers = new HashMap<>();
    private final Map<Output<?>, Object> desk = new HashMap<>();
    private final Map<Output<?>, Object> cluster = new HashMap<>();
    private Optional<Instant> asOf = Optional.empty();

    /** As if it had come to be known then. */
    public Settled at(Instant instant) {
      asOf = Optional.of(instant);
      return this;
    }

    @Override
    public Instant asOf() {
      return asOf.orElseGet(Known.super::asOf);
    }

    public <V> Settled has(Host host, Output<V> output, V value) {
      values.computeIfAbsent(output, _ -> new TreeMap<>()).put(host.name(), value);
      return this;
    }

    public Settled address(Host... hosts) {
      for (var host : hosts) {
        var _ = has(host, Nodes.ADDRESS, NodeAddress.parse(host.address().value()));
      }
      return this;
    }

    public <V> Settled atDesk(Output<V> output, V value) {
      desk.put(output, value);
      return this;
    }

    public <V> Settled ofCluster(Output<V> output, V value) {
      cluster.put(output, value);
      return this;
    }

    public Settled never(Host host, Output<?> output) {
      nevers.computeIfAbsent(output, _ -> new TreeMap<>()).put(host.name(), "no route to host");
      return this;
    }

    @Override
    public <V> Map<HostName, V> all(Output<V> output) {
      var all = new TreeMap<HostName, V>();
      values
          .getOrDefault(output, Map.of())
          .forEach((host, value) -> all.put(host, output.type().cast(value)));
      return all;
    }

    @Override
    public <V> Optional<V> cluster(Output<V> output) {
      return Optional.ofNullable(cluster.get(output)).map(output.type()::cast);
    }

    @Override
    public <V> Optional<V> local(Output<V> output) {
      return Optional.ofNullable(desk.get(output)).map(output.type()::cast);
    }

    @Override
    public Map<HostName, String> never(Output<?> output) {
      return nevers.getOrDefault(output, Map.of());
    }
  }
}

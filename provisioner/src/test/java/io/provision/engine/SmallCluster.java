package io.provision.engine;

import io.provision.kube.Manifest;
import io.provision.model.Cidr;
import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.model.Role;
import io.provision.model.Sections;
import io.provision.model.Sha256;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.resource.ClusterObjects;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.k3s.K3sDistribution;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A cluster of one server, which comes up by a file, and one object in it. */
final class SmallCluster {
  private static final Position AT = new Position("inventory.yml", 1, 1);

  private SmallCluster() {}

  static final ClusterAccess.Identity IDENTITY =
      new ClusterAccess.Identity(Sha256.of(new byte[2]), Sha256.of(new byte[3]));

  /** A server that comes up by a file, and then hands its kubeconfig over. */
  record Server(FileStep file) implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return file.probes(target);
    }

    @Override
    public Set<Output<?>> provides(Target.OnHost target) {
      return Set.of(ClusterAccess.OUTPUT);
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      var check = file.check(target, seen, known);
      if (!(check instanceof Check.InSync)) {
        return check;
      }
      var path = file.root().resolve(target.host().name().value()).resolve(file.file());
      var handoff = new Handoff.Kept(target.host().name(), Call.of(FileStep.READ, path.toString()));
      var access = new ClusterAccess(List.of("https://cp:6443"), handoff, Optional.of(IDENTITY));
      return new Check.InSync(Observed.of(ClusterAccess.OUTPUT, access));
    }
  }

  record Objects(Optional<String> colour) implements Step<Target.OnCluster> {
    @Override
    public Probes probes(Target.OnCluster target) {
      return objects().probes();
    }

    @Override
    public Check check(Target.OnCluster target, Observations seen, Known known) {
      return objects().check(seen);
    }

    private ClusterObjects objects() {
      return new ClusterObjects(
          colour.map(SmallCluster::settings).map(List::of).orElse(List.of()), false);
    }
  }

  static Manifest settings(String colour) {
    return Manifest.of(
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "ConfigMap",
            "metadata",
            Map.of("name", "settings"),
            "data",
            Map.of("colour", colour)));
  }

  /** A control plane, which comes last among the hosts, and these others. */
  static Inventory inventory(String... others) {
    var it = TestInventory.host("cp");
    var host =
        new Host(
            it.name(),
            it.address(),
            it.nodeAddress(),
            Set.of(Role.CONTROL_PLANE),
            it.labels(),
            it.taints(),
            it.ssh(),
            it.sections(),
            it.vars(),
            it.position());
    var hosts = Stream.concat(Stream.of(others).map(TestInventory::host), Stream.of(host)).toList();
    var cluster =
        new Cluster(
            "home",
            K3sDistribution.DECLARED,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            new Cluster.Network(
                Cluster.Cni.FLANNEL,
                Optional.empty(),
                Cidr.parse("10.42.0.0/16"),
                Cidr.parse("10.43.0.0/16")),
            Sections.NONE,
            Optional.of(new Cluster.Kubeconfig(Path.of("/nowhere/config"), "home")),
            List.of(),
            AT);
    var plain = TestInventory.of(hosts);
    return new Inventory(
        Optional.of(cluster),
        plain.hosts(),
        plain.groups(),
        plain.artifacts(),
        plain.mirror(),
        plain.playbook(),
        plain.file());
  }
}

package io.provision.steps.k3s;

import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code k3s-preflight}: what can be known of a host before anything is installed on it, and would
 * else be found by a k3s that does not come up. Changes nothing.
 */
public record K3sPreflight() implements Step<Target.OnHost> {
  /** The kubelet refuses cgroup v1 from here on (kubernetes/kubernetes#134298). */
  private static final int WITHOUT_CGROUP_V1 = 35;

  /** In KiB: what k3s asks for (2 GB and 512 MB), less what a kernel keeps for itself. */
  private static final long MEMORY_OF_A_SERVER = 900 << 10;

  private static final long MEMORY_OF_AN_AGENT = 400 << 10;

  /** In KiB: the program, what it unpacks, and the images that every node has. */
  private static final long DISK = 1 << 20;

  /** k3s has its kubelet evict pods where less is left: eviction-hard nodefs.available. */
  private static final int PERCENT_THAT_EVICTS = 5;

  /** About what k3s, its kubelet and its containerd open. */
  private static final long INOTIFY = 16;

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(HostLimits.QUESTION);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var limits = seen.of(HostLimits.QUESTION);
    var whats = new ArrayList<String>();
    var remedies = new LinkedHashSet<String>();
    for (var problem : problems(target, limits)) {
      whats.add(problem.what());
      remedies.add(problem.remedy());
    }
    return whats.isEmpty()
        ? new Check.InSync()
        : new Check.Refused(String.join("; ", whats), String.join("; ", remedies));
  }

  /** Something that k3s would fail of. */
  private record Problem(String what, String remedy) {}

  private static List<Problem> problems(Target.OnHost target, HostLimits limits) {
    var problems = new ArrayList<Problem>();
    cgroups(target, limits).ifPresent(problems::add);
    if (!limits.is("running", "yes")) {
      memory(target.host(), limits).ifPresent(problems::add);
      disk(limits).ifPresent(problems::add);
      inotify(limits).ifPresent(problems::add);
      problems.addAll(ports(target, limits));
    }
    return problems;
  }

  private static Optional<Problem> cgroups(Target.OnHost target, HostLimits limits) {
    var version = K3s.version(target);
    if (limits.is("memcg", "no")) {
      return Optional.of(
          new Problem(
              "the kernel runs without the memory cgroup, which k3s needs",
              "add cgroup_enable=memory to the kernel's command line and reboot"));
    }
    var refuses = version.major() == 1 && version.minor() >= WITHOUT_CGROUP_V1;
    return refuses && limits.is("cgroup", "1") && !allowsCgroupV1(target, limits)
        ? Optional.of(
            new Problem(
                "it has cgroup v1, on which the kubelet of %s does not run".formatted(version),
                "boot it with cgroup v2 (systemd.unified_cgroup_hierarchy=1), or set 'kubelet: {"
                    + " failCgroupV1: false }' in the inventory"))
        : Optional.empty();
  }

  /** By the inventory, or by a file of the host that its kubelet reads as well. */
  private static boolean allowsCgroupV1(Target.OnHost target, HostLimits limits) {
    var ofHost = target.host().settings().get("kubelet");
    var declared = ofHost == null ? null : ofHost.get("failCgroupV1");
    if (declared == null) {
      var ofCluster = target.cluster().settings().get("kubelet");
      declared = ofCluster == null ? null : ofCluster.get("failCgroupV1");
    }
    return declared == null ? limits.is("cgroup1", "allowed") : declared.equals(false);
  }

  private static Optional<Problem> memory(Host host, HostLimits limits) {
    var needed = K3s.isServer(host) ? MEMORY_OF_A_SERVER : MEMORY_OF_AN_AGENT;
    var has = limits.number("memory");
    return has.isPresent() && has.getAsLong() < needed
        ? Optional.of(
            new Problem(
                "it has %d MiB of memory, and %s of k3s needs %d MiB at least"
                    .formatted(
                        has.getAsLong() >> 10,
                        K3s.isServer(host) ? "a server" : "an agent",
                        needed >> 10),
                "give it more memory"))
        : Optional.empty();
  }

  private static Optional<Problem> disk(HostLimits limits) {
    var free = limits.number("free");
    var size = limits.number("disk");
    if (free.isEmpty() || size.isEmpty()) {
      return Optional.empty();
    }
    var needed = Math.max(DISK, size.getAsLong() / 100 * PERCENT_THAT_EVICTS);
    return free.getAsLong() < needed
        ? Optional.of(
            new Problem(
                "%d MiB are free on %s, where /var/lib/rancher is, and a node needs %d MiB at least"
                    .formatted(
                        free.getAsLong() >> 10,
                        limits.values().getOrDefault("place", "/"),
                        needed >> 10),
                "free some space there, or mount a larger disk at /var/lib/rancher"))
        : Optional.empty();
  }

  private static Optional<Problem> inotify(HostLimits limits) {
    var most = limits.number("inotify");
    var used = limits.number("watching").orElse(0);
    return most.isPresent() && most.getAsLong() - used < INOTIFY
        ? Optional.of(
            new Problem(
                "%d of its %d inotify instances are in use, and k3s needs about %d"
                    .formatted(used, most.getAsLong(), INOTIFY),
                "raise fs.inotify.max_user_instances (for containers: on the machine under them)"))
        : Optional.empty();
  }

  private static List<Problem> ports(Target.OnHost target, HostLimits limits) {
    var problems = new ArrayList<Problem>();
    for (var port : listensOn(target)) {
      var who = limits.ports().getOrDefault(port, "");
      if (!who.isEmpty() && !who.startsWith("k3s")) {
        var number = port.replaceFirst(".*/", "");
        var protocol = port.replaceFirst("/.*", "").toUpperCase(java.util.Locale.ROOT);
        problems.add(
            new Problem(
                "%s listens on %s port %s, which k3s needs".formatted(who, protocol, number),
                "stop what listens there, or move it to another port (ss -lnptu)"));
      }
    }
    return problems;
  }

  /** https://docs.k3s.io/installation/requirements#networking, and what listens on 127.0.0.1. */
  private static List<String> listensOn(Target.OnHost target) {
    var ports = new ArrayList<String>();
    if (K3s.isServer(target.host())) {
      ports.add("tcp/" + K3s.PORT);
      if (K3s.servers(target.inventory()).size() > 1) {
        ports.addAll(List.of("tcp/2379", "tcp/2380"));
      }
    }
    ports.addAll(List.of("tcp/6444", "tcp/10250"));
    if (target.cluster().network().cni() == Cluster.Cni.FLANNEL) {
      ports.add("udp/8472");
    }
    return ports;
  }
}

package io.provision.steps.kubernetes.preflight;

import io.provision.resource.kernel.HostRoutes;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.Requirements;
import io.provision.steps.kubernetes.settings.KubeletSection;
import io.provision.steps.kubernetes.settings.Overrides;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a host lacks that a node needs.
 *
 * @param distribution as people call it
 * @param unit that runs the node on this host
 * @param container whether its kernel is that of the machine below
 */
record Shortages(
    Target.OnHost target,
    String distribution,
    String unit,
    Requirements needed,
    HostLimits limits,
    boolean container) {
  /** The kubelet refuses cgroup v1 from here on (kubernetes/kubernetes#134298). */
  private static final int WITHOUT_CGROUP_V1 = 35;

  /** About what a kubelet, a container runtime and what they start open. */
  private static final long INOTIFY = 16;

  /** Files of a node's own images and of few others: one image can have several thousand. */
  private static final long INODES = 20_000;

  /** Something that a node would fail of. */
  record Problem(String what, String remedy) {}

  List<Problem> all() {
    var problems = new ArrayList<Problem>();
    cgroups().ifPresent(problems::add);
    if (!limits.is("running", "yes")) {
      other().ifPresent(problems::add);
      masked().ifPresent(problems::add);
      modules().ifPresent(problems::add);
      memory().ifPresent(problems::add);
      disk().ifPresent(problems::add);
      inodes().ifPresent(problems::add);
      noexec().ifPresent(problems::add);
      inotify().ifPresent(problems::add);
      problems.addAll(ports());
      routes().overlaps().forEach(it -> problems.add(new Problem(it.what(), it.remedy())));
    }
    return problems;
  }

  /**
   * What may be no harm, but was the reason where there is some: SELinux that enforces, and what of
   * the host's own networks pods could not reach any more.
   */
  List<String> notes() {
    if (limits.is("running", "yes")) {
      return List.of();
    }
    var notes = new ArrayList<>(routes().shadows());
    if (limits.is("selinux", "enforcing") && !container) {
      notes.add(
          "SELinux is enforcing on it, and no policy for %s comes with Debian or Ubuntu: where a program of the node may not do something, 'ausearch -m avc' says so; 'setenforce 0', and SELINUX=permissive in /etc/selinux/config, lets it"
              .formatted(distribution));
    }
    return notes;
  }

  private HostRoutes routes() {
    return new HostRoutes(target.cluster().network(), limits.routes());
  }

  /** What the host did not say at all, and always can. */
  List<String> doubts() {
    var unseen = unseen();
    return unseen.isEmpty()
        ? List.of()
        : List.of(
            "nothing could be read of %s: whether a node can run there is not known"
                .formatted(String.join(", ", unseen)));
  }

  private List<String> unseen() {
    var unseen = new ArrayList<String>();
    if (limits.values().getOrDefault("cgroup", "").isEmpty()) {
      unseen.add("its cgroups");
    }
    if (limits.number("memory").isEmpty()) {
      unseen.add("its memory");
    }
    if (limits.number("free").isEmpty() || limits.number("disk").isEmpty()) {
      unseen.add("the disk under " + needed.place());
    }
    return unseen;
  }

  private Optional<Problem> cgroups() {
    var version = Nodes.version(target);
    if (limits.is("memcg", "no")) {
      return Optional.of(
          new Problem(
              "the kernel runs without the memory cgroup, which %s needs".formatted(distribution),
              "add cgroup_enable=memory to the kernel's command line and reboot"));
    }
    var refuses = version.major() == 1 && version.minor() >= WITHOUT_CGROUP_V1;
    return refuses && limits.is("cgroup", "1") && !allowsCgroupV1()
        ? Optional.of(
            new Problem(
                "it has cgroup v1, on which the kubelet of %s does not run".formatted(version),
                "boot it with cgroup v2 (systemd.unified_cgroup_hierarchy=1), or set 'kubelet: {"
                    + " failCgroupV1: false }' in the inventory"))
        : Optional.empty();
  }

  /** By the inventory, or by a file of the host that its kubelet reads as well. */
  private boolean allowsCgroupV1() {
    var declared =
        Overrides.of(KubeletSection.class, target.host(), target.cluster()).get("failCgroupV1");
    return declared == null ? limits.is("cgroup1", "allowed") : declared.equals(false);
  }

  /** Two kubelets on one host stop each other's pods, sooner or later. */
  private Optional<Problem> other() {
    var told = limits.values().getOrDefault("other", "").split("/");
    return told.length == 2
        ? Optional.of(
            new Problem(
                "%s %s, another Kubernetes than %s of the inventory"
                    .formatted(
                        told[0],
                        told[1].equals("runs") ? "runs on it" : "starts at its next boot",
                        distribution),
                "remove it there first (k3s-uninstall.sh, k3s-agent-uninstall.sh, kubeadm reset), or"
                    + " set 'distribution' to what runs there"))
        : Optional.empty();
  }

  /** By a link where its file has to be (systemctl(1), mask), which no file is written over. */
  private Optional<Problem> masked() {
    return limits.is("masked/" + unit, "yes")
        ? Optional.of(
            new Problem(
                "its unit %1$s is masked: /etc/systemd/system/%1$s leads to /dev/null"
                    .formatted(unit),
                "'systemctl unmask %s' on it, unless somebody means that no node may run there"
                    .formatted(unit)))
        : Optional.empty();
  }

  /** As after an update of the kernel without a reboot, or on a kernel of few modules. */
  private Optional<Problem> modules() {
    var missing =
        Stream.of(limits.values().getOrDefault("missing", "").split(","))
            .filter(module -> !module.isEmpty())
            .filter(module -> needed.needVxlan() || !module.equals("vxlan"))
            .toList();
    var kernel = limits.values().getOrDefault("kernel", "");
    return missing.isEmpty() || container
        ? Optional.empty()
        : Optional.of(
            new Problem(
                "its kernel %s has no module %s, which %s needs"
                    .formatted(kernel, String.join(", ", missing), distribution),
                "reboot it where another kernel was installed meanwhile, or install the modules of"
                    + " this one (Ubuntu: linux-modules-extra-%s)".formatted(kernel)));
  }

  private Optional<Problem> memory() {
    var has = limits.number("memory");
    return has.isPresent() && has.getAsLong() < needed.memory()
        ? Optional.of(
            new Problem(
                "it has %d MiB of memory, and %s of %s needs %d MiB at least"
                    .formatted(
                        has.getAsLong() >> 10,
                        Nodes.isServer(target.host()) ? "a server" : "an agent",
                        distribution,
                        needed.memory() >> 10),
                "give it more memory"))
        : Optional.empty();
  }

  private Optional<Problem> disk() {
    var free = limits.number("free");
    var size = limits.number("disk");
    if (free.isEmpty() || size.isEmpty()) {
      return Optional.empty();
    }
    var least = Math.max(needed.disk(), size.getAsLong() / 100 * needed.freePercent());
    return free.getAsLong() < least
        ? Optional.of(
            new Problem(
                "%d MiB are free on %s, where %s is, and a node needs %d MiB at least"
                    .formatted(
                        free.getAsLong() >> 10,
                        limits.values().getOrDefault("place", "/"),
                        needed.place(),
                        least >> 10),
                "free some space there, or mount a larger disk at " + needed.place()))
        : Optional.empty();
  }

  /** A file system can be full of files while it has much space, and looks healthy then. */
  private Optional<Problem> inodes() {
    var free = limits.number("inodesfree");
    var all = limits.number("inodes");
    if (free.isEmpty() || all.isEmpty() || all.getAsLong() == 0) {
      return Optional.empty();
    }
    var least = Math.max(INODES, all.getAsLong() / 100 * needed.freeInodesPercent());
    return free.getAsLong() < least
        ? Optional.of(
            new Problem(
                "%d inodes are free on %s, where %s is, and a node needs %d at least"
                    .formatted(
                        free.getAsLong(),
                        limits.values().getOrDefault("place", "/"),
                        needed.place(),
                        least),
                "remove what has very many small files there (du --inodes -x), or mount another file"
                    + " system at "
                    + needed.place()))
        : Optional.empty();
  }

  /** k3s unpacks its programs there (k3s-io/k3s#7501). */
  private Optional<Problem> noexec() {
    return needed.runsFromPlace() && limits.is("noexec", "yes")
        ? Optional.of(
            new Problem(
                "nothing can be run on %s, where %s is: it is mounted noexec"
                    .formatted(limits.values().getOrDefault("place", "/"), needed.place()),
                "take noexec off that mount, or mount another file system at " + needed.place()))
        : Optional.empty();
  }

  private Optional<Problem> inotify() {
    var most = limits.number("inotify");
    var used = limits.number("watching").orElse(0);
    return most.isPresent() && most.getAsLong() - used < INOTIFY
        ? Optional.of(
            new Problem(
                "%d of its %d inotify instances are in use, and %s needs about %d"
                    .formatted(used, most.getAsLong(), distribution, INOTIFY),
                "raise fs.inotify.max_user_instances (for containers: on the machine under them)"))
        : Optional.empty();
  }

  private List<Problem> ports() {
    var problems = new ArrayList<Problem>();
    for (var port : needed.ports()) {
      var who = limits.ports().getOrDefault(port, "");
      if (!who.isEmpty() && needed.programs().stream().noneMatch(who::startsWith)) {
        var number = port.replaceFirst(".*/", "");
        var protocol = port.replaceFirst("/.*", "").toUpperCase(java.util.Locale.ROOT);
        problems.add(
            new Problem(
                "%s listens on %s port %s, which %s needs"
                    .formatted(who, protocol, number, distribution),
                "stop what listens there, or move it to another port (ss -lnptu)"));
      }
    }
    return problems;
  }
}

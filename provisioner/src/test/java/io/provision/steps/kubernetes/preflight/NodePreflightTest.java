package io.provision.steps.kubernetes.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.remote.Call;
import io.provision.resource.LocalHost;
import io.provision.resource.kernel.Machine;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Requirements;
import io.provision.steps.kubernetes.TestDistribution;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A host on which a node cannot come up is refused in the plan, with all reasons at once. */
class NodePreflightTest {
  private static final String FIT =
      """
      cgroup=2
      memcg=yes
      memory=2012345
      disk=20000000
      free=9000000
      place=/
      inodes=1000000
      inodesfree=900000
      inotify=128
      watching=20
      port=tcp/22 sshd
      port=tcp/10250 test-server
      """;

  private static final TestDistribution TEST = new TestDistribution();

  private static final Requirements NEEDED =
      TEST.requirements(Cases.on(Cases.server(1), Cases.inventory(Cases.server(1))));

  private static final String V1 = FIT.replace("cgroup=2", "cgroup=1");

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "memcg=yes | memcg=no | without the memory cgroup",
        "memory=2012345 | memory=500000 | it has 488 MiB of memory, and a server of test needs 900 MiB",
        "free=9000000 | free=900000 | 878 MiB are free on /",
        "free=9000000 | free=1040000 | free on /",
        "disk=20000000 | disk=400000000 | free on /",
        "inodesfree=900000 | inodesfree=12 | 12 inodes are free on /, where /test/place is, and a node needs 50000 at least",
        "inodes=1000000 | inodes=90000000 | a node needs 4500000 at least",
        "watching=20 | noexec=yes | nothing can be run on /, where /test/place is: it is mounted noexec",
        "watching=20 | missing=br_netfilter,vxlan | its kernel  has no module br_netfilter, vxlan",
        "watching=20 | other=k3s.service/runs | k3s.service runs on it, another Kubernetes",
        "watching=20 | other=k3s.service/boot | k3s.service starts at its next boot",
        "watching=20 | masked/test-server.service=yes | its unit test-server.service is masked: /etc/systemd/system/test-server.service leads to /dev/null",
        "inotify=128 | inotify=30 | 20 of its 30 inotify instances are in use",
        "tcp/22 sshd | tcp/6443 nginx | nginx listens on TCP port 6443",
        "tcp/22 sshd | udp/8472 vxland | vxland listens on UDP port 8472",
        "test-server | kubelet | kubelet listens on TCP port 10250"
      })
  void whatANodeWouldFailOfIsRefused(String instead, String of, String reason) {
    var server = Cases.server(1);
    assertThat(check("v1.36.4", FIT, server)).isInstanceOf(Check.InSync.class);
    assertThat(check("v1.36.4", FIT.replace(instead, of), server))
        .isInstanceOfSatisfying(
            Check.Refused.class, refused -> assertThat(refused.what()).contains(reason));
  }

  @Test
  void allReasonsAreSaidAtOnce() {
    var bad = V1.replace("free=9000000", "free=1").replace("tcp/22 sshd", "tcp/6443 nginx");
    assertThat(check("v1.36.4", bad, Cases.server(1)))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            refused -> assertThat(refused.what()).contains("cgroup v1", "0 MiB are free", "nginx"));
  }

  @Test
  void cgroupV1IsRefusedByTheVersionThatRefusesItAndWhereNobodyAllowsIt() {
    var server = Cases.server(1);
    assertThat(check("v1.35.0", V1, server)).isInstanceOf(Check.Refused.class);
    assertThat(check("v1.34.9", V1, server)).isInstanceOf(Check.InSync.class);
    assertThat(check("v1.36.4", V1 + "cgroup1=allowed", server)).isInstanceOf(Check.InSync.class);
    var allowing =
        Cases.cluster(
            "v1.36.4",
            Cluster.Cni.FLANNEL,
            Map.of(),
            Map.of("kubelet", Map.of("failCgroupV1", false)));
    assertThat(check(allowing, V1, server)).isInstanceOf(Check.InSync.class);
    // an upgrade of what runs is refused as well
    assertThat(check("v1.35.0", V1 + "running=yes", server)).isInstanceOf(Check.Refused.class);
  }

  /** As btrfs says it, or somebody who says nothing of them; k3s evicts nobody for them. */
  @Test
  void inodesAreAskedOfWhoCountsThem() {
    for (var none : List.of("inodes=0\ninodesfree=0", "inodes=1000000", "inodesfree=0", "")) {
      var answer = FIT.replace("inodes=1000000\ninodesfree=900000", none);
      assertThat(check("v1.36.4", answer, Cases.server(1))).isEqualTo(new Check.InSync());
    }
    var running = FIT.replace("inodesfree=900000", "inodesfree=0\nrunning=yes");
    assertThat(check("v1.36.4", running, Cases.server(1))).isInstanceOf(Check.InSync.class);
    var target = Cases.on(Cases.server(1), Cases.inventory(Cases.server(1)));
    var k3s = new Requirements(1, 1, "/", true, 5, 0, List.of(), List.of(), List.of(), "/");
    for (var free : List.of(19_999, 20_000)) {
      var values = Map.of("inodes", "90000000", "inodesfree", String.valueOf(free));
      var limits = new HostLimits(values, Map.of(), Map.of());
      assertThat(new Shortages(target, "test", "test.service", k3s, limits, false).all())
          .hasSize(free < 20_000 ? 1 : 0);
    }
  }

  /** As with k3s and flannel's host-gw. */
  @Test
  void aNetworkWithoutVxlanNeedsNoModuleForIt() {
    var target = Cases.on(Cases.server(1), Cases.inventory(Cases.server(1)));
    var by =
        new Requirements(1, 1, "/", false, 5, 0, List.of("udp/51820"), List.of(), List.of(), "/");
    for (var missing : Map.of("vxlan", 0, "vxlan,overlay", 1, "overlay", 1).entrySet()) {
      var limits = new HostLimits(Map.of("missing", missing.getKey()), Map.of(), Map.of());
      var told =
          new Shortages(target, "test", "test.service", by, limits, false)
              .all().stream().filter(it -> it.what().contains("has no module")).toList();
      assertThat(told).as(missing.getKey()).hasSize(missing.getValue());
      assertThat(told.toString()).doesNotContain("vxlan");
    }
    assertThat(NEEDED.needVxlan()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.42.7.0/24 eth1 | reaches 10.42.7.0/24 through eth1, and that lies in pod_cidr 10.42.0.0/16 | take another pod_cidr",
        "10.43.0.0/16 wg0 | lies in service_cidr 10.43.0.0/16 | take another service_cidr",
        "10.42.3.0/24 flannel.1 | lies in pod_cidr | ip link delete flannel.1",
        "10.244.1.0/24 cni0 | a bridge cni0 with 10.244.1.0/24, of another pod_cidr | ip link delete cni0"
      })
  void whatAHostReachesAtAddressesOfPodsIsRefused(String route, String what, String remedy) {
    var server = Cases.server(1);
    assertThat(check("v1.36.4", FIT + "route=" + route, server))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            refused -> {
              assertThat(refused.what()).contains(what);
              assertThat(refused.remedy()).contains(remedy);
            });
    assertThat(check("v1.36.4", FIT + "running=yes\nroute=" + route, server))
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void aWiderRangeOfTheHostsIsNotedAndOthersAreNobodysMatter() {
    var server = Cases.server(1);
    assertThat(check("v1.36.4", FIT + "route=10.0.0.0/8 tun0", server))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it ->
                assertThat(it.observed().notes().toString())
                    .contains("10.0.0.0/8 through tun0, and pod_cidr 10.42.0.0/16 lies in that"));
    for (var route : List.of("172.17.0.0/16 docker0", "10.99.0.0/24 cni-podman0", "1.2/x y", "")) {
      assertThat(check("v1.36.4", FIT + "route=" + route, server)).isEqualTo(new Check.InSync());
    }
  }

  /** It may have a policy that somebody made for it: nobody is refused for it. */
  @Test
  void selinuxThatEnforcesIsNotedBeforeANodeIsThere() {
    var server = Cases.server(1);
    var enforcing = FIT + "selinux=enforcing\n";
    assertThat(check("v1.36.4", enforcing, server))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it ->
                assertThat(it.observed().notes())
                    .singleElement()
                    .asString()
                    .contains("SELinux is enforcing on it", "policy for test", "setenforce 0"));
    assertThat(check("v1.36.4", enforcing + "running=yes\n", server)).isEqualTo(new Check.InSync());
    var cluster = Cases.cluster("v1.36.4", Cluster.Cni.FLANNEL, Map.of());
    assertThat(check(cluster, enforcing, server, new Machine("lxc"))).isEqualTo(new Check.InSync());
    assertThat(check("v1.36.4", FIT + "selinux=permissive\n", server))
        .isEqualTo(new Check.InSync());
  }

  @Test
  void aMaskedUnitOfTheOtherRoleIsNobodysMatter() {
    for (var more : List.of("masked/test-agent.service=yes", "masked/=yes", "masked/x=yes")) {
      assertThat(check("v1.36.4", FIT + more, Cases.server(1))).isEqualTo(new Check.InSync());
    }
    var running = FIT + "running=yes\nmasked/test-server.service=yes";
    assertThat(check("v1.36.4", running, Cases.server(1))).isInstanceOf(Check.InSync.class);
  }

  @Test
  void aContainersKernelIsThatOfTheMachineBelow() {
    var without = FIT + "missing=vxlan\n";
    assertThat(check("v1.36.4", without, Cases.server(1))).isInstanceOf(Check.Refused.class);
    var cluster = Cases.cluster("v1.36.4", Cluster.Cni.FLANNEL, Map.of());
    assertThat(check(cluster, without, Cases.server(1), new Machine("docker")))
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void anAgentNeedsLessAndANodeThatRunsHasShownThatItCan() {
    var small = FIT.replace("memory=2012345", "memory=500000");
    assertThat(check("v1.36.4", small, Cases.agent(1))).isInstanceOf(Check.InSync.class);
    assertThat(check("v1.36.4", small + "running=yes", Cases.server(1)))
        .isInstanceOf(Check.InSync.class);
    var apiPort = FIT.replace("tcp/22 sshd", "tcp/6443 haproxy");
    assertThat(check("v1.36.4", apiPort, Cases.agent(1))).isInstanceOf(Check.InSync.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "memory=\nfree=x\ndisk=-1\nport=", "port=tcp/6443 ", "=\n= =\n\u0000"})
  void whatAHostDoesNotSayRefusesNobodyAndIsNoted(String answer) {
    assertThat(check("v1.36.4", answer, Cases.server(1)))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it ->
                assertThat(it.observed().notes().toString())
                    .contains("its cgroups, its memory, the disk under", "is not known"));
    assertThat(check("v1.36.4", FIT, Cases.server(1))).isEqualTo(new Check.InSync());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/dash", "/bin/bash", "/bin/busybox sh"})
  void theLookReadsThisMachineAndOutlivesProgramsThatAnswerGarbage(String shell) {
    if (!Files.isExecutable(Path.of(shell.split(" ")[0]))) {
      return;
    }
    var call = Call.of(HostLimits.LOOK, HostLimits.arguments(NEEDED));
    var host =
        new LocalHost(directory)
            .in(shell.split(" "))
            .program("systemctl", "printf 'ActiveState=inactive\\n\\nActiveState=failed\\n'")
            .program(
                "ss",
                "echo 'tcp LISTEN 0 511 0.0.0.0:6443 0.0.0.0:* users:((\"nginx\",pid=7,fd=6))'\n"
                    + "echo 'udp UNCONN 0 0 [::]:8472 [::]:*'");
    var limits = Cases.read(HostLimits.of(NEEDED), host.run(call).output());
    assertThat(limits.ports()).containsExactly(Map.entry("tcp/6443", "nginx"));
    assertThat(limits.number("memory")).isPresent();
    assertThat(limits.number("free")).isPresent();
    assertThat(limits.number("watching")).isPresent();

    var active = host.program("systemctl", "echo ActiveState=activating").run(call).output();
    assertThat(active).contains("running=yes").doesNotContain("port=", "watching=");

    for (var body : List.of("exit 1", "head -c 3000000 /dev/zero | tr '\\0' x", "echo '$(id)'")) {
      for (var name : List.of("systemctl", "ss", "stat", "df", "find")) {
        var _ = host.program(name, body);
      }
      assertThat(check("v1.34.4", host.run(call).output(), Cases.agent(1)))
          .isInstanceOf(Check.InSync.class);
    }
  }

  private static Check check(String version, String answer, Host host) {
    return check(Cases.cluster(version, Cluster.Cni.FLANNEL, Map.of()), answer, host);
  }

  private static Check check(Cluster cluster, String answer, Host host) {
    return check(cluster, answer, host, new Machine(""));
  }

  private static Check check(Cluster cluster, String answer, Host host, Machine machine) {
    var seen = new Observations.Builder();
    var target = Cases.on(host, Cases.inventory(cluster, host));
    var limits = HostLimits.of(TEST.requirements(target));
    var all = seen.put(limits, Cases.read(limits, answer)).put(Machine.question(), machine).build();
    return new NodePreflight(TEST.alone()).check(target, all, new Cases.Settled());
  }
}

package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.DockerObjectAccessor;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Network.Ipam;
import com.github.dockerjava.api.model.RestartPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * Fresh hosts n1, n2, ... at .11, .12, ... with a key to log in; gone when it is closed. One at a
 * time in each process.
 */
final class Lab implements AutoCloseable {
  private static final int FIRST = 11;

  /** One for all, so that two labs are alike. */
  static final Path KEY = key();

  private final Path scratch;
  private final Network network;
  private final List<Node> nodes;

  private Lab(Path scratch, Network network, List<Node> nodes) {
    this.scratch = scratch;
    this.network = network;
    this.nodes = nodes;
  }

  static Lab of(int count) {
    Engine.sweep();
    var scratch = Checkout.scratch("lab");
    var network = network();
    var nodes = IntStream.range(0, count).mapToObj(i -> node(i, network)).toList();
    var lab = new Lab(scratch, network, nodes);
    try {
      lab.boot();
    } catch (RuntimeException | Error e) {
      lab.close();
      throw e;
    }
    return lab;
  }

  List<Node> nodes() {
    return nodes;
  }

  Node node(int number) {
    return nodes.get(number - 1);
  }

  Path file(String name) {
    return scratch.resolve(name);
  }

  /** What lies on the operator's side, with its times; but journals, which every run keeps. */
  String operatorsFiles() {
    return Commands.run(
        "find",
        scratch.toString(),
        "-path",
        file("state/provision/journal").toString(),
        "-prune",
        "-o",
        "-type",
        "f",
        "-printf",
        "%p %T@ %m\n");
  }

  /** Writes a file beside the inventory. */
  Path write(String name, String text) {
    try {
      Files.createDirectories(file(name).getParent());
      return Files.writeString(file(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param ssh by the name of a node, settings of its own, in YAML
   */
  Path inventory(String playbook, Map<String, String> ssh) {
    var text = new StringBuilder(Checkout.resource("inventory.yml"));
    for (var node : nodes) {
      text.append("  %s: { address: %s".formatted(node.name(), node.address()));
      var own = ssh.get(node.name());
      text.append(own == null ? " }\n" : ", ssh: { %s } }%n".formatted(own));
    }
    return write(
        "inventory.yml",
        text.toString()
            .replace("{subnet}", Engine.SUBNET)
            .replace("{playbook}", playbook)
            .replace("{key}", KEY.toString())
            .replace("{lab}", scratch.toString()));
  }

  /**
   * The text of an inventory of a cluster, with all of this lab in it.
   *
   * @param resource which
   * @param hosts a line each, indented
   */
  String cluster(String resource, Path artifacts, String version, String hosts) {
    return Checkout.resource(resource)
        .replace("{subnet}", Engine.SUBNET)
        .replace("{key}", KEY.toString())
        .replace("{lab}", scratch.toString())
        .replace("{artifacts}", artifacts.toString())
        .replace("{version}", version)
        .replace("{hosts}", hosts);
  }

  /** The program, with this lab's own state directory. */
  Provision provision() {
    return new Provision(scratch);
  }

  /** A second apply of {@code cluster.yml} finds nothing to do, by one exec for each of these. */
  void nothingIsLeftToDo(List<Node> members) {
    var execs = members.stream().map(Node::execs).toList();
    var again = provision().json("apply", "cluster.yml").exits(0);
    assertThat(again.total("changed") + again.total("leaving")).as("%s", again).isZero();
    assertThat(members.stream().map(Node::execs).toList())
        .as("execs of each, one more than before: %s", again)
        .isEqualTo(execs.stream().map(count -> count + 1).toList());
  }

  /** As if the power went off and came back. */
  void stopAndStartAll() {
    each(node -> {
      var docker = node.container().getDockerClient();
      docker.stopContainerCmd(node.container().getContainerId()).withTimeout(0).exec();
    });
    each(Node::powerOn);
  }

  @Override
  public void close() {
    Running.killAll();
    each(node -> node.container().stop());
    network.close();
  }

  private void boot() {
    each(node -> node.container().start());
    each(node -> node.await("sshd", "systemctl is-active ssh"));
    each(K3s::letRun);
    write("known_hosts", String.join("", nodes.stream().map(Node::hostKeys).toList()));
  }

  private void each(java.util.function.Consumer<Node> work) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = nodes.stream().map(node -> threads.submit(() -> work.accept(node))).toList();
      for (var one : all) {
        one.get();
      }
    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path key() {
    var file = Checkout.scratch("key").resolve("id_ed25519");
    Commands.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString());
    return file;
  }

  private static Network network() {
    var made =
        Network.builder()
            .createNetworkCmdModifier(command ->
                command
                    .withLabels(Engine.LABELS)
                    .withIpam(new Ipam().withConfig(new Ipam.Config().withSubnet(Engine.SUBNET))))
            .build();
    made.getId(); // made at the first question, and two at once make two
    return made;
  }

  private static Node node(int index, Network network) {
    var name = "n" + (index + 1);
    var address = Engine.SUBNET.replaceFirst("\\.0/24$", "." + (FIRST + index));
    var container =
        new GenericContainer<>(DockerImageName.parse(Engine.nodeImage()))
            .withNetwork(network)
            .withNetworkAliases(name) // what /etc/hosts says is gone after a reboot
            .withLabels(Engine.LABELS)
            .withImagePullPolicy(_ -> false)
            .withCopyFileToContainer(
                MountableFile.forHostPath(KEY + ".pub", 0644), "/etc/ssh/lab_authorized_keys")
            .withCreateContainerCmdModifier(command -> shape(command, name, address));
    return new Node(name, address, container);
  }

  /** As tests/lab/README.md has it. */
  private static void shape(CreateContainerCmd command, String name, String address) {
    command.withHostName("fresh-" + name).withIpv4Address(address);
    var host = command.getHostConfig();
    host.withCgroupnsMode("private")
        .withTmpFs(Map.of("/run", "mode=755", "/run/lock", "", "/tmp", "exec"))
        .withRestartPolicy(RestartPolicy.alwaysRestart())
        .withDevices(devices());
    if (Engine.privileged()) {
      host.withPrivileged(true);
    } else {
      allButSysResource(host);
    }
  }

  private static void allButSysResource(HostConfig host) {
    host.withCapAdd(Capability.ALL)
        .withCapDrop(Capability.SYS_RESOURCE)
        .withSecurityOpts(List.of("seccomp=unconfined", "apparmor=unconfined"))
        .withDeviceCgroupRules(List.of("a *:* rwm"));
    DockerObjectAccessor.overrideRawValue(host, "MaskedPaths", List.of());
    DockerObjectAccessor.overrideRawValue(host, "ReadonlyPaths", List.of());
  }

  private static List<Device> devices() {
    return Stream.of("/dev/fuse", "/dev/autofs", "/dev/kmsg")
        .filter(path -> Files.exists(Path.of(path)))
        .map(path -> new Device("rwm", path, path))
        .toList();
  }
}

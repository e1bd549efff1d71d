package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A machine with a kernel of its own, in software ({@code tests/lab/vm}): ten times slower than a
 * container, and with all that a container has not. Seen from beside by the machine's own ssh.
 */
final class Vm implements AutoCloseable {
  /** A boot under software emulation on a loaded machine. */
  private static final Duration BOOT = Duration.ofMinutes(15);

  private static final String PLUGGED = "brick swap";

  private final Path directory;
  private final int port;
  private final List<String> options;
  private final Map<String, String> size;

  /**
   * @param options its number, and the network that it is in
   * @param size what {@code tests/lab/vm} is told of it
   */
  private Vm(Path directory, List<String> options, Map<String, String> size) {
    this.directory = directory;
    this.port = freePort();
    this.options = options;
    this.size = size;
  }

  /** Makes its disk and boots it. */
  static Vm boot() {
    var vm = new Vm(disk(""), List.of(), Map.of());
    try {
      vm.start(PLUGGED);
      vm.awaitBoot("");
      return vm;
    } catch (RuntimeException | Error e) {
      vm.close();
      throw e;
    }
  }

  /**
   * A directory with a disk on which these packages are installed.
   *
   * @param packages in one string
   */
  static Path disk(String packages) {
    try {
      var directory = scratch();
      Files.copy(Path.of(Lab.KEY + ".pub"), directory.resolve("key.pub"));
      Commands.run(
          "env",
          "PROVISION_VM_PACKAGES=" + packages,
          script(),
          "disk",
          directory.toString(),
          Engine.DISTRO);
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Begins to boot one of several in a network, with a disk as that one. */
  static Vm of(Path disk, int number, Path network) {
    try {
      var directory = scratch();
      Commands.run(script(), "copy", directory.toString(), disk.toString());
      var size = Map.of("PROVISION_VM_CPUS", "1", "PROVISION_VM_MEMORY", "1024");
      var vm = new Vm(directory, List.of(Integer.toString(number), network.toString()), size);
      vm.start(PLUGGED);
      return vm;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path scratch() throws IOException {
    return Files.createTempDirectory(Path.of("/var/tmp"), "provision-vm-");
  }

  static String script() {
    return Checkout.file("tests/lab/vm").toString();
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void start(String disks) {
    try {
      var console = directory.resolve("console").toFile();
      var command =
          new ArrayList<>(List.of(script(), "run", directory.toString(), Integer.toString(port)));
      command.addAll(options);
      var builder = new ProcessBuilder(command);
      builder.environment().putAll(size);
      builder.environment().put("PROVISION_VM_DISKS", disks);
      var process =
          builder
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(console))
              .start();
      process.getOutputStream().close();
      awaitRunning();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitRunning() {
    for (var i = 0; i < 100 && !isRunning(); i++) {
      Pause.milliseconds(100);
    }
    assertThat(isRunning()).as("see %s/console", directory).isTrue();
  }

  /** Whether it has power. */
  boolean isRunning() {
    return power("status").equals("on");
  }

  /** What cuts its power, gives it, or asks for it, as an inventory names it. */
  List<String> powerProgram(String order) {
    return List.of(script(), "power", directory.toString(), order);
  }

  private String power(String order) {
    return Commands.run(powerProgram(order).toArray(String[]::new)).strip();
  }

  int port() {
    return port;
  }

  /** What a script printed; it must succeed. */
  String sh(String script) {
    try {
      var ssh = ssh(script);
      var printed = new String(ssh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(ssh.waitFor()).as("%s%n%s", script, printed).isZero();
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A login that runs a script; its standard error goes where its output does. */
  Process ssh(String script) throws IOException {
    var command = new ArrayList<>(List.of("ssh", "-i", Lab.KEY.toString(), "-p", "" + port));
    for (var option :
        List.of(
            "BatchMode=yes",
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "LogLevel=ERROR",
            "ServerAliveInterval=15",
            "ServerAliveCountMax=4",
            "ConnectTimeout=30")) {
      command.addAll(List.of("-o", option));
    }
    command.addAll(List.of("root@127.0.0.1", script));
    var ssh = new ProcessBuilder(command).redirectErrorStream(true).start();
    ssh.getOutputStream().close();
    return ssh;
  }

  String bootId() {
    return sh("cat /proc/sys/kernel/random/boot_id").strip();
  }

  /** As an administrator does it. */
  void reboot() {
    var before = bootId();
    sh("systemctl --no-block reboot");
    awaitBoot(before);
  }

  /**
   * The power goes off in the middle of whatever it does, and comes back with the disks that can be
   * plugged in each other's places.
   */
  void cutPowerAndReorderDisks() {
    var before = bootId();
    power("off");
    start("swap brick");
    awaitBoot(before);
  }

  /** Until a boot of another id than this one has come to its end. */
  void awaitBoot(String before) {
    var end = System.nanoTime() + BOOT.toNanos();
    while (System.nanoTime() < end) {
      assertThat(isRunning()).as("see %s/console", directory).isTrue();
      if (isUp(before)) {
        return;
      }
      Pause.milliseconds(5000);
    }
    throw new AssertionError("no boot within %s: see %s/console".formatted(BOOT, directory));
  }

  /** Whether a boot of another id than this one has come to its end. */
  private boolean isUp(String before) {
    try {
      var ssh =
          ssh(
              "cat /proc/sys/kernel/random/boot_id; systemctl is-system-running --wait >/dev/null;"
                  + " echo up");
      if (!ssh.waitFor(2, TimeUnit.MINUTES)) {
        ssh.destroyForcibly();
        return false;
      }
      var lines =
          new String(ssh.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      return lines.size() == 2 && lines.getLast().equals("up") && !lines.getFirst().equals(before);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    power("off");
    Commands.run("rm", "-rf", directory.toString());
  }
}

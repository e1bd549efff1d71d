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
import java.util.concurrent.TimeUnit;

/**
 * A machine with a kernel of its own, in software ({@code tests/lab/vm}): ten times slower than a
 * container, and with all that a container has not. Seen from beside by the machine's own ssh.
 */
final class Vm implements AutoCloseable {
  /** A boot under software emulation on a loaded machine. */
  private static final Duration BOOT = Duration.ofMinutes(15);

  private final Path directory;
  private final int port;
  private final List<String> options;
  private Process process;

  private Vm(Path directory, int port, List<String> options, Process process) {
    this.directory = directory;
    this.port = port;
    this.options = options;
    this.process = process;
  }

  /** Makes its disk and boots it. */
  static Vm boot() {
    return boot(List.of());
  }

  /** Two of them, each with a second interface that reaches the other's and has no address. */
  static List<Vm> bootTwo() {
    var cable = Integer.toString(freePort());
    var first = boot(List.of("1", cable));
    try {
      return List.of(first, boot(List.of("2", cable)));
    } catch (RuntimeException | Error e) {
      first.close();
      throw e;
    }
  }

  private static Vm boot(List<String> options) {
    try {
      var directory = Files.createTempDirectory(Path.of("/var/tmp"), "provision-vm-");
      Files.copy(Path.of(Lab.KEY + ".pub"), directory.resolve("key.pub"));
      Commands.run(script(), "disk", directory.toString(), Engine.DISTRO);
      var port = freePort();
      var vm = new Vm(directory, port, options, start(directory, port, "brick swap", options));
      try {
        vm.awaitBoot("");
      } catch (RuntimeException | Error e) {
        vm.end();
        throw e;
      }
      return vm;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String script() {
    return Checkout.file("tests/lab/vm").toString();
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process start(Path directory, int port, String disks, List<String> options)
      throws IOException {
    var console = directory.resolve("console").toFile();
    var command =
        new ArrayList<>(List.of(script(), "run", directory.toString(), Integer.toString(port)));
    command.addAll(options);
    var builder = new ProcessBuilder(command);
    var _ = builder.environment().put("PROVISION_VM_DISKS", disks);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(console))
        .start();
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

  private Process ssh(String script) throws IOException {
    var command = new ArrayList<>(List.of("ssh", "-i", Lab.KEY.toString(), "-p", "" + port));
    for (var option :
        List.of(
            "BatchMode=yes",
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "LogLevel=ERROR",
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
    end();
    try {
      process = start(directory, port, "swap brick", options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitBoot(before);
  }

  private void awaitBoot(String before) {
    var end = System.nanoTime() + BOOT.toNanos();
    while (System.nanoTime() < end) {
      assertThat(process.isAlive()).as("see %s/console", directory).isTrue();
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

  private void end() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    var _ = process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    end();
    Commands.run("rm", "-rf", directory.toString());
  }
}

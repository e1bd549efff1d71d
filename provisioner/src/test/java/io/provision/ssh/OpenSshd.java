package io.provision.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** OpenSSH's server on a free port of the loopback, under a configuration of its own. */
final class OpenSshd implements AutoCloseable {
  private static final Path BINARY = Path.of("/usr/sbin/sshd");

  private static final Map<String, KeyPair> HOST_KEYS =
      Map.of("ed25519", TestKeys.ed25519(), "ecdsa", TestKeys.ecdsa(), "rsa", TestKeys.rsa());

  private final Path directory;
  private final int port;
  private @Nullable Process process;

  private OpenSshd(Path directory, int port) {
    this.directory = directory;
    this.port = port;
  }

  static boolean installed() {
    return Files.isExecutable(BINARY) && Files.isExecutable(Path.of("/usr/bin/ssh-keygen"));
  }

  static OpenSshd in(Path directory) throws Exception {
    Files.createDirectories(directory);
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var sshd = new OpenSshd(directory, socket.getLocalPort());
      for (var each : HOST_KEYS.entrySet()) {
        TestKeys.write(each.getValue(), directory.resolve(each.getKey()), "");
      }
      return sshd;
    }
  }

  static void keygen(String... words) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("ssh-keygen"));
    command.addAll(List.of(words));
    var keygen = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = keygen.inputReader().readAllAsString();
    assertThat(keygen.waitFor()).as(said).isZero();
  }

  static String publicKey(String type) {
    return TestKeys.line(Objects.requireNonNull(HOST_KEYS.get(type)).getPublic());
  }

  String user() {
    return System.getProperty("user.name");
  }

  int port() {
    return port;
  }

  void authorize(String line) throws IOException {
    Files.writeString(
        directory.resolve("authorized"),
        line.strip() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  void start(String... settings) throws IOException, InterruptedException {
    Files.setPosixFilePermissions(
        directory.resolve("authorized"), PosixFilePermissions.fromString("rw-------"));
    if (user().equals("root")) {
      // Where sshd has never run, the directory of its privilege separation is not there yet.
      Files.createDirectories(Path.of("/run/sshd"));
    }
    var config =
        new ArrayList<>(
            List.of(
                "ListenAddress 127.0.0.1:" + port,
                "HostKey " + directory.resolve("ed25519"),
                "HostKey " + directory.resolve("ecdsa"),
                "HostKey " + directory.resolve("rsa"),
                "AuthorizedKeysFile " + directory.resolve("authorized"),
                "PidFile none",
                "StrictModes no",
                "UsePAM no",
                "PermitRootLogin prohibit-password",
                "PasswordAuthentication no"));
    config.addAll(List.of(settings));
    var file = Files.write(directory.resolve("config"), config);
    process =
        new ProcessBuilder(BINARY.toString(), "-D", "-e", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    for (int i = 0; i < 500; i++) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.getInputStream().read() == 'S') {
          return;
        }
      } catch (IOException e) {
        Thread.sleep(10);
      }
    }
    throw new IOException("sshd did not start: " + Files.readString(directory.resolve("log")));
  }

  @Override
  public void close() {
    if (process != null) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      var _ = process.destroyForcibly().onExit().join();
    }
  }
}

package io.provision.lab;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.SimpleFileServer.OutputLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A repository of Kubernetes' packages in the layout of their publisher, made of the stand-in and
 * served to the nodes. It answers for as long as it is not {@link #silent}.
 */
final class PublisherRepository implements AutoCloseable {
  private static final int PORT = 8123;

  private final Path root;
  private final Path keys;
  private final String address;
  private HttpServer server;

  PublisherRepository(Lab lab, String address) {
    this.address = address;
    root = lab.file("publisher");
    try {
      keys = Files.createTempDirectory("keys"); // short, for the socket of gpg's agent
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Commands.run("mkdir", "-p", root.toString());
    server = started();
    // what the machine says of proxies is not for it
    lab.nodes()
        .forEach(node ->
            node.sh(
                "echo 'Acquire::http::Proxy::%s \"DIRECT\";' >/etc/apt/apt.conf.d/60direct"
                    .formatted(address)));
  }

  private HttpServer started() {
    var one =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(address, PORT), root.toAbsolutePath(), OutputLevel.NONE);
    one.start();
    return one;
  }

  /** As it stands in an inventory. */
  String written() {
    return "http://%s:%d/core:/stable:/{minor}/deb/".formatted(address, PORT);
  }

  /** The fingerprint of a new key. */
  String key(String name) {
    return made("key", keys.toString(), name, "never").strip();
  }

  /** The fingerprint of a key that ended long ago. */
  String endedKey(String name) {
    return made("key", keys.toString(), name, "2001").strip();
  }

  /** The packages of this version are there, beside others; not signed yet. */
  void put(Lab lab, String version) {
    var program = lab.write("programs/" + version, StandIn.program("kubernetes", version));
    made("packages", folder(version), program.toString(), version.substring(1));
  }

  /** All of this version's minor is listed, and signed by this key, which is there as the key. */
  void sign(String version, String fingerprint) {
    made("release", keys.toString(), fingerprint, folder(version));
    show(version, fingerprint);
  }

  /** The key that is there as that of this version's minor. */
  void show(String version, String fingerprint) {
    made("export", keys.toString(), fingerprint, folder(version) + "/Release.key");
  }

  /** All of this version's minor is listed, and signed by nobody. */
  void unsigned(String version) {
    made("release", keys.toString(), "-", folder(version));
  }

  private String folder(String version) {
    var minor = version.substring(0, version.lastIndexOf('.'));
    return root.resolve("core:/stable:").resolve(minor).resolve("deb").toString();
  }

  private static String made(String... words) {
    var command = new java.util.ArrayList<String>();
    command.add(Checkout.file("tests/stand-in/repository").toString());
    command.addAll(java.util.List.of(words));
    return Commands.run(command.toArray(String[]::new));
  }

  void silent() {
    server.stop(0);
  }

  void answers() {
    server = started();
  }

  @Override
  public void close() {
    server.stop(0);
    Commands.run(
        "sh", "-c", "gpgconf --homedir \"$1\" --kill all; rm -rf \"$1\"", "-", keys.toString());
  }
}

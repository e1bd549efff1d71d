package io.provision.ssh;

import io.provision.jsch.JschTransport;
import io.provision.mina.MinaTransport;
import io.provision.model.SshSettings;
import io.provision.remote.Connection;
import io.provision.remote.RemoteException;
import io.provision.remote.Transport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A home directory, servers, and one SSH library after the other: the ground of its contract. */
@ParameterizedClass
@EnumSource(SshSettings.Library.class)
@Timeout(20)
abstract class TransportFixture {
  static final KeyPair HOST_KEY = TestKeys.ed25519();
  static final KeyPair USER_KEY = TestKeys.ed25519();
  static final int MOST = 4;
  private static final Attempts IMPATIENT =
      new Attempts(Duration.ofSeconds(5), Duration.ofSeconds(10), MOST, Duration.ofMillis(10));

  @Parameter SshSettings.Library library = SshSettings.Library.MINA;
  @TempDir Path home;
  final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();
  Transport transport;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(home.resolve(".ssh"));
    TestKeys.write(USER_KEY, key(), "");
    transport = transport(Map.of());
  }

  @AfterEach
  void stop() throws Exception {
    for (var each : opened.reversed()) {
      each.close();
    }
  }

  Transport transport(Map<String, String> environment) {
    return transport(environment, IMPATIENT);
  }

  Transport transport(Map<String, String> environment, Attempts patience) {
    return transport(environment, patience, new HostKeys());
  }

  Transport transport(HostKeys keys) {
    return transport(Map.of(), IMPATIENT, keys);
  }

  private Transport transport(Map<String, String> environment, Attempts patience, HostKeys keys) {
    var none = home.resolve("none");
    var here = new Workstation(home, "tester", none, none, environment);
    var made =
        switch (library) {
          case MINA -> new MinaTransport(here, patience, keys);
          case JSCH -> new JschTransport(here, patience, keys);
        };
    opened.add(made);
    return made;
  }

  Path key() {
    return home.resolve("keys/user");
  }

  Path knownHosts() {
    return home.resolve(".ssh/known_hosts");
  }

  synchronized void know(String line) throws IOException {
    var text = Files.exists(knownHosts()) ? Files.readString(knownHosts()) : "";
    Files.writeString(knownHosts(), text + line + "\n");
  }

  FakeSshd sshd() {
    return new FakeSshd(HOST_KEY).welcoming(USER_KEY);
  }

  FakeSshd started(FakeSshd sshd) throws IOException {
    opened.add(sshd);
    return sshd.start();
  }

  /** Starts a server whose key is in known_hosts. */
  FakeSshd known(FakeSshd sshd) throws IOException {
    var running = started(sshd);
    know(name(running) + " " + TestKeys.line(HOST_KEY.getPublic()));
    return running;
  }

  static String name(FakeSshd sshd) {
    return "[127.0.0.1]:" + sshd.port();
  }

  TestHost host(FakeSshd sshd) {
    return new TestHost("127.0.0.1", sshd.port()).key(key());
  }

  Connection login(TestHost host) throws RemoteException {
    var connection = transport.connect(host.host());
    opened.add(connection);
    return connection;
  }

  Connection connected() throws Exception {
    return login(host(known(sshd())));
  }

  ExecutorService threads() {
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    opened.add(threads);
    return threads;
  }

  static String text(java.io.InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }
}

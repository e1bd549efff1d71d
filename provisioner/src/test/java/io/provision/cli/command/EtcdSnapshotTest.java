package io.provision.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.desk.DeskException;
import io.provision.desk.SnapshotCopies;
import io.provision.engine.TestInventory;
import io.provision.local.SnapshotFolder;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.remote.Call;
import io.provision.remote.Interposed;
import io.provision.remote.LocalShell;
import io.provision.remote.Moved;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.remote.Transport;
import io.provision.step.datastore.Datastore;
import io.provision.step.datastore.Drill;
import io.provision.step.datastore.HealthView;
import io.provision.step.datastore.Restoration;
import io.provision.step.datastore.Upkeep;
import io.provision.steps.k3s.K3sDistribution;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a server with k3s, whose program is a script, to a file of this machine. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class EtcdSnapshotTest {
  private static final String K3S =
      """
      #!/bin/sh
      db=${0%/*}/rancher/k3s/server/db
      case $* in
      *save*)
        [ ! -e "${0%/*}/full" ] || { echo 'no space left on device' >&2; exit 1; }
        cp "${0%/*}/sound" "$db/snapshots/provision-a-1764000000"
        echo 'level=info msg="Snapshot provision-a-1764000000 saved."' >&2
        ;;
      *delete*) rm -f "$db/snapshots/$3" ;;
      esac
      """;

  @TempDir Path directory;
  private LocalShell hosts;
  private Transport transport;
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void setUp() throws IOException {
    hosts = new LocalShell(directory);
    transport = new Interposed(hosts, new Moved(directory));
    server("a");
  }

  @AfterEach
  void switchOff() {
    hosts.close();
  }

  @Test
  void aSnapshotArrivesWithAllThatItIsUselessWithout() throws Exception {
    assertThat(taken("a")).as("%s", said).isEqualTo(ExitCode.DONE);
    var archive = archives().getFirst();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
        .isEqualTo("rwx------");
    assertThat(Files.readString(folder().resolve(".gitignore"))).isEqualTo("*\n");
    var unpacked = Files.createDirectory(directory.resolve("unpacked"));
    var tar = new ProcessBuilder("tar", "-xf", archive.toString(), "-C", unpacked.toString());
    assertThat(tar.inheritIO().start().waitFor()).isZero();
    var root = unpacked.resolve(directory.toString().substring(1)).resolve("a");
    assertThat(root.resolve("rancher/k3s/server/token")).hasContent("K10::server:secret");
    assertThat(root.resolve("rancher/k3s/server/tls/server-ca.key")).hasContent("key");
    assertThat(root.resolve("rancher/k3s/server/cred/encryption-config.json")).hasContent("{}");
    assertThat(root.resolve("rancher/k3s/server/cred/encryption-state.json")).doesNotExist();
    var kept = onNode("a");
    assertThat(root.resolve("etcd").resolve(kept.getFileName())).hasSameBinaryContentAs(kept);
    assertThat(said).anyMatch(it -> it.contains("a: " + kept.getFileName()));
    assertThat(said).anyMatch(it -> it.contains("who reads it is its administrator"));
    assertThat(said).noneMatch(it -> it.contains("secret"));
    assertThat(hosts.commands()).noneMatch(it -> it.contains("secret"));
  }

  @Test
  void theFirstThatAnswersIsAsked() throws Exception {
    server("b");
    hosts.takeDown("a");
    assertThat(taken("a", "b")).isEqualTo(ExitCode.DONE);
    assertThat(said.getFirst()).isEqualTo("a: it does not answer. start it");
    assertThat(onNode("b")).exists();
  }

  @Test
  void whereNobodyAnswersNothingIsMade() throws Exception {
    hosts.takeDown("a");
    assertThat(taken("a")).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(folder()).doesNotExist();
  }

  @Test
  void aServerWithoutItsTokenIsPassedOver() throws Exception {
    server("b");
    Files.delete(directory.resolve("a/rancher/k3s/server/token"));
    assertThat(taken("a", "b")).isEqualTo(ExitCode.DONE);
    assertThat(said.getFirst()).contains("a: a snapshot of it would be useless", "token");
    Files.delete(directory.resolve("b/rancher/k3s/server/token"));
    assertThat(taken("a", "b")).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void anEtcdThatDoesNotAnswerIsPassedOver() throws Exception {
    Files.delete(directory.resolve("a/etc-rancher/k3s/k3s.yaml"));
    assertThat(taken("a")).isEqualTo(ExitCode.FAILED);
    assertThat(said).containsExactly("a: its etcd does not answer");
  }

  @Test
  void sqliteIsRefusedByName() throws IOException {
    var db = directory.resolve("a/rancher/k3s/server/db");
    Files.delete(db.resolve("etcd"));
    Files.createFile(db.resolve("state.db"));
    assertThatThrownBy(() -> taken("a"))
        .isInstanceOfSatisfying(
            Refused.class,
            it ->
                assertThat(it.problems().toString())
                    .contains("a", "SQLite", "copy /var/lib/rancher/k3s/server"));
  }

  @Test
  void aFullDiskThereIsSaidInItsWords() throws Exception {
    Files.createFile(directory.resolve("a/full"));
    assertThat(taken("a")).isEqualTo(ExitCode.FAILED);
    assertThat(said)
        .singleElement()
        .asString()
        .contains("k3s made no snapshot of its datastore (", "no space left on device");
    assertThat(archives()).isEmpty();
  }

  @Test
  void ofEachCopyTheNewestStay() throws Exception {
    Files.createDirectories(folder());
    for (var name :
        List.of(
            "home-etcd-20260101T000000Z.tar",
            "home-etcd-20260102T000000Z.tar",
            "other-etcd-20260101T000000Z.tar",
            "home-etcd-mine.tar")) {
      Files.createFile(folder().resolve(name));
    }
    assertThat(taken("a")).isEqualTo(ExitCode.DONE);
    assertThat(archives()).hasSize(4);
    assertThat(folder().resolve("home-etcd-20260101T000000Z.tar")).doesNotExist();
    assertThat(said).contains("home-etcd-20260101T000000Z.tar is deleted here");
  }

  @Test
  void aHostThatIsLockedIsLeftAlone() throws Exception {
    Files.writeString(
        directory.resolve("a/claim"),
        "%d\nann@desk\n".formatted(Instant.now().getEpochSecond() + 3600));
    assertThat(taken("a")).isEqualTo(ExitCode.LOCKED);
    assertThat(said).containsExactly("a: it is locked by ann@desk");
    assertThat(archives()).isEmpty();
  }

  /** What is not whole never has the name of a snapshot. */
  @Test
  void aCopyThatEndsTooEarlyIsNoCopy() throws Exception {
    assertThat(snapshot("a", true).of(hosts("a"), List.of(), this::open).code())
        .isEqualTo(ExitCode.OUTPUT_LOST);
    assertThat(said).last().asString().contains("of no use: it ends too early");
    assertThat(archives()).isEmpty();
    try (var files = Files.list(folder())) {
      assertThat(files.map(it -> it.getFileName().toString()))
          .containsExactlyInAnyOrder(".gitignore", ".home-etcd.provision-lock");
    }
  }

  @Test
  void twoAtOnceDoNotWriteToOneFolder() throws Exception {
    try (var _ = open()) {
      assertThat(SnapshotFolder.open(folder(), "home")).isEmpty();
      assertThat(SnapshotFolder.open(folder(), "other")).isPresent();
    }
    assertThat(SnapshotFolder.open(folder(), "home")).isPresent();
  }

  /** That of k3s, on a host that is a directory; what is sent can stop in the middle. */
  private record Below(Datastore whole, Path host, boolean half) implements Datastore {
    @Override
    public List<String> required() {
      return whole.required().stream()
          .map(path -> path.replace("/var/lib/rancher", host + "/rancher"))
          .toList();
    }

    @Override
    public List<String> optional() {
      return whole.optional();
    }

    @Override
    public Call look(HostName server) {
      return whole.look(server);
    }

    @Override
    public Script snapshot(HostName server, String kind, int number) {
      return whole.snapshot(server, kind, number);
    }

    @Override
    public Restoration restoration() {
      return whole.restoration();
    }

    @Override
    public Drill drill() {
      return whole.drill();
    }

    @Override
    public HealthView health() {
      return whole.health();
    }

    @Override
    public Upkeep upkeep() {
      return whole.upkeep();
    }

    @Override
    public Script archive(String snapshot) {
      var full = whole.archive(snapshot);
      if (!half) {
        return full;
      }
      var uses = List.of(full.call().function());
      var cut = new ShellFunction("half_of_it", "send_snapshot \"$@\" | head -c 200000", uses);
      return new Script(new Call(cut, full.call().arguments()), List.of(), full.deadline());
    }
  }

  private ExitCode taken(String... names) throws Refused {
    return snapshot(names[names.length - 1], false).of(hosts(names), List.of(), this::open).code();
  }

  private EtcdSnapshot snapshot(String host, boolean half) {
    var datastore = new Below(new K3sDistribution().datastore(), directory.resolve(host), half);
    return new EtcdSnapshot(transport, datastore, "me", 2, said::add, _ -> {});
  }

  private static List<Host> hosts(String... names) {
    return Stream.of(names).<Host>map(TestInventory::host).toList();
  }

  private Path folder() {
    return directory.resolve("desk");
  }

  private SnapshotCopies open() {
    try {
      return SnapshotFolder.open(folder(), "home").orElseThrow();
    } catch (DeskException e) {
      throw new AssertionError(e.what(), e);
    }
  }

  private List<Path> archives() throws IOException {
    try (var files = Files.list(folder())) {
      return files.filter(it -> it.toString().endsWith(".tar")).toList();
    }
  }

  private Path onNode(String host) throws IOException {
    try (var files = Files.list(directory.resolve(host).resolve("etcd"))) {
      return files.findFirst().orElseThrow();
    }
  }

  private void server(String name) throws IOException {
    var own = directory.resolve(name);
    var server = own.resolve("rancher/k3s/server");
    for (var each : List.of("db/etcd", "db/snapshots", "tls", "cred")) {
      Files.createDirectories(server.resolve(each));
    }
    Files.createDirectories(own.resolve("rancher/k3s/data/current/bin"));
    Files.createDirectories(own.resolve("etc-rancher/k3s"));
    Files.writeString(server.resolve("token"), "K10::server:secret");
    Files.writeString(server.resolve("tls/server-ca.key"), "key");
    Files.writeString(server.resolve("cred/encryption-config.json"), "{}");
    Files.writeString(own.resolve("etc-rancher/k3s/k3s.yaml"), "x");
    program(own.resolve("rancher/k3s/data/current/bin/kubectl"), "#!/bin/sh\necho ok\n");
    program(own.resolve("k3s"), K3S);
    Files.write(own.resolve("sound"), sound());
  }

  /** It begins as a file of bbolt does, and ends with its SHA-256. */
  private static byte[] sound() {
    var bytes = ByteBuffer.allocate((600 << 10) + 32).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(16, 0xED0CDAED);
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes.array(), 0, 600 << 10);
      return bytes.put(600 << 10, digest.digest()).array();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}

package io.provision.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.desk.DeskException;
import io.provision.desk.HeldSnapshot;
import io.provision.desk.SnapshotCopies;
import io.provision.engine.TestInventory;
import io.provision.local.SnapshotFolder;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Sha256;
import io.provision.remote.Call;
import io.provision.remote.Interposed;
import io.provision.remote.LocalShell;
import io.provision.remote.Moved;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.remote.Transport;
import io.provision.step.datastore.Datastore;
import io.provision.step.datastore.Drill;
import io.provision.step.datastore.HealthView;
import io.provision.step.datastore.Restoration;
import io.provision.step.datastore.Upkeep;
import io.provision.steps.kubernetes.etcd.SoundSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of a server, in which order, and what is made of its answers. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class EtcdDrillTest {
  @TempDir Path directory;
  private LocalShell hosts;
  private Transport transport;
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void setUp() throws IOException {
    hosts = new LocalShell(directory);
    transport = new Interposed(hosts, new Moved(directory));
    for (var name : List.of("a", "b")) {
      var host = Files.createDirectories(directory.resolve(name));
      Files.write(host.resolve("snapshot-20261128T170000Z.db"), SoundSnapshot.of(1024));
    }
  }

  @AfterEach
  void switchOff() {
    hosts.close();
  }

  @Test
  void whatIsWrittenBeforeTheSnapshotIsLookedForInItAndTakenOutAgain() throws Exception {
    assertThat(ofNew("a", "b")).as("%s", said).isEqualTo(ExitCode.DONE);
    assertThat(log("a")).containsExactly("marked", "snapshot", "tried", "unmarked");
    assertThat(log("b")).isEmpty();
    assertThat(said.getLast())
        .isEqualTo(
            "a: a datastore was made of it beside the living cluster, as it was at 2026-11-28 17:00:00 UTC, and an API server read it: 2 nodes, 4 namespaces, 9 secrets, and among them the Secret that was written before the snapshot");
  }

  @Test
  void anArchiveThatIsThereIsTriedWithoutAWord() throws Exception {
    assertThat(of(held(), "a")).isEqualTo(ExitCode.DONE);
    assertThat(log("a")).containsExactly("tried");
    assertThat(said.getLast()).contains("9 secrets").doesNotContain("before the snapshot");
  }

  @Test
  void theFirstThatAnswersIsAsked() throws Exception {
    hosts.takeDown("a");
    assertThat(ofNew("a", "b")).isEqualTo(ExitCode.DONE);
    assertThat(log("b")).contains("tried");
    said.clear();
    assertThat(of(held(), "a", "b")).isEqualTo(ExitCode.DONE);
    hosts.takeDown("b");
    assertThat(of(held(), "a", "b")).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(ofNew("a", "b")).isEqualTo(ExitCode.UNREACHABLE);
  }

  /** Whatever comes of it, the Secret goes. */
  @Test
  void aSnapshotThatCannotBeReadIsToldAndTheWordTakenOut() throws Exception {
    Files.createFile(directory.resolve("a/unread"));
    assertThatThrownBy(() -> ofNew("a"))
        .isInstanceOfSatisfying(
            Refused.class,
            it -> {
              assertThat(it.code()).isEqualTo(ExitCode.FAILED);
              assertThat(it.problems().toString())
                  .contains(
                      "a",
                      "secrets of what was restored cannot be read",
                      "Nothing of the cluster was changed");
            });
    assertThat(log("a")).containsExactly("marked", "snapshot", "tried", "unmarked");
  }

  @Test
  void whereTheWordIsNotFoundItHasFailed() throws Exception {
    Files.createFile(directory.resolve("a/without"));
    assertThat(ofNew("a")).isEqualTo(ExitCode.FAILED);
    assertThat(log("a")).endsWith("unmarked");
    Files.createFile(directory.resolve("a/half"));
    assertThat(of(held(), "a")).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void whereNoWordCanBeWrittenNoSnapshotIsTaken() throws Exception {
    Files.createFile(directory.resolve("a/full"));
    assertThat(ofNew("a")).isEqualTo(ExitCode.FAILED);
    assertThat(log("a")).doesNotContain("snapshot", "tried").endsWith("unmarked");
    assertThat(said).anyMatch(it -> it.contains("a: the word could not be written"));
  }

  @Test
  void aWordThatStaysIsSaid() throws Exception {
    Files.createFile(directory.resolve("a/stays"));
    assertThat(ofNew("a")).isEqualTo(ExitCode.DONE);
    assertThat(said.getLast())
        .contains(
            "a: the Secret kube-system/provision-drill stays, and the next drill writes it anew",
            "no leader");
  }

  /** Another drill may have written there what it looks for. */
  @Test
  void whereNothingWasWrittenNothingIsTakenOut() throws Exception {
    Files.writeString(
        directory.resolve("a/claim"),
        "%d\nann@desk\n".formatted(Instant.now().getEpochSecond() + 3600));
    assertThat(ofNew("a")).isEqualTo(ExitCode.LOCKED);
    assertThat(said).containsExactly("a: it is locked by ann@desk");
  }

  /** On a host that is a directory; what it does it writes down. */
  private record Below(Path host) implements Datastore, Drill {
    private static final ShellFunction LOOK =
        new ShellFunction("look_test_datastore", "echo etcd; echo well");
    private static final ShellFunction MARK =
        new ShellFunction(
            "mark_test",
            "[ ! -e \"$1/full\" ] || { echo 'the word could not be written' >&2; return 1; }; echo \"$2\" >\"$1/word\"; echo marked >>\"$1/log\"");
    private static final ShellFunction SNAPSHOT =
        new ShellFunction(
            "snapshot_test",
            "echo snapshot >>\"$1/log\"; echo 'kept snapshot-20261128T170000Z.db 2048'");
    private static final ShellFunction SEND =
        new ShellFunction(
            "send_test", "tar -cPf - \"$1/snapshot-20261128T170000Z.db\" \"$1/word\"");
    private static final ShellFunction TRY =
        new ShellFunction(
            "try_test",
            """
            head -c "$payload_1" >"$1/archive"
            echo tried >>"$1/log"
            [ ! -e "$1/unread" ] || { echo 'secrets of what was restored cannot be read' >&2; return 1; }
            [ -e "$1/without" ] || [ -z "$2" ] || [ "$2" != "$(cat "$1/word")" ] || echo marked
            echo 'nodes 2'
            echo 'namespaces 4'
            [ -e "$1/half" ] || echo 'secrets 9'\
            """);
    private static final ShellFunction UNMARK =
        new ShellFunction(
            "unmark_test",
            "echo unmarked >>\"$1/log\"; [ ! -e \"$1/stays\" ] || { echo 'no leader' >&2; return 1; }");

    @Override
    public List<String> required() {
      return List.of(host + "/word");
    }

    @Override
    public List<String> optional() {
      return List.of();
    }

    @Override
    public Call look(HostName server) {
      return Call.of(LOOK);
    }

    @Override
    public Script snapshot(HostName server, String kind, int number) {
      return Script.of(SNAPSHOT, host.toString());
    }

    @Override
    public Script archive(String snapshot) {
      return Script.of(SEND, host.toString());
    }

    @Override
    public Restoration restoration() {
      throw new IllegalStateException("nothing is restored");
    }

    @Override
    public Drill drill() {
      return this;
    }

    @Override
    public HealthView health() {
      throw new IllegalStateException("nobody asks for it");
    }

    @Override
    public Upkeep upkeep() {
      throw new IllegalStateException("nobody asks for it");
    }

    @Override
    public Script mark(String word) {
      return Script.of(MARK, host.toString(), word);
    }

    @Override
    public Script unmark() {
      return Script.of(UNMARK, host.toString());
    }

    @Override
    public List<Script> tried(
        HostName server,
        Payload.LocalFile archive,
        String sha256,
        String snapshot,
        List<String> paths,
        String word) {
      return List.of(Script.of(TRY, host.toString(), word).with(archive));
    }
  }

  private ExitCode ofNew(String... names) throws Refused {
    var datastore = below(names);
    var snapshot = new EtcdSnapshot(transport, datastore, "me", 2, said::add, _ -> {});
    return drill(datastore).ofNew(snapshot, hosts(names), this::open, _ -> held());
  }

  private ExitCode of(HeldSnapshot held, String... names) throws Refused {
    return drill(below(names)).of(held, hosts(names));
  }

  private EtcdDrill drill(Datastore datastore) {
    return new EtcdDrill(transport, datastore, "me", said::add, _ -> {});
  }

  /** Of the first that answers. */
  private Below below(String... names) {
    return new Below(
        directory.resolve(hosts.isDown(names[0]) ? names[names.length - 1] : names[0]));
  }

  private static List<Host> hosts(String... names) {
    return Stream.of(names).<Host>map(TestInventory::host).toList();
  }

  private HeldSnapshot held() {
    try {
      var file = Files.write(directory.resolve("held.tar"), new byte[100]);
      return new HeldSnapshot(
          file, 100, Sha256.of(new byte[100]), "20261128T170000Z", "/s.db", List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SnapshotCopies open() {
    try {
      return SnapshotFolder.open(directory.resolve("desk"), "home").orElseThrow();
    } catch (DeskException e) {
      throw new AssertionError(e.what(), e);
    }
  }

  private List<String> log(String host) throws IOException {
    var log = directory.resolve(host).resolve("log");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }
}

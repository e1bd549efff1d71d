package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.provision.engine.NoDesk;
import io.provision.engine.TestInventory;
import io.provision.model.Content;
import io.provision.model.LocalFile;
import io.provision.remote.Connection;
import io.provision.remote.CountedRequests;
import io.provision.remote.Interposed;
import io.provision.remote.LocalShell;
import io.provision.remote.OtherStdin;
import io.provision.remote.RemoteException;
import io.provision.remote.RemoteProcess;
import io.provision.remote.Script;
import io.provision.resource.LargeFile;
import io.provision.resource.ManagedFile;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Repair;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A large file on its way to a real shell. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostUploadsTest {
  private static final int MIB = 1 << 20;

  @TempDir Path directory;
  private LocalShell hosts;
  private Path there;
  private final AtomicLong sent = new AtomicLong();
  private final List<String> told = new ArrayList<>();
  private final CountedRequests requests = new CountedRequests();
  private long breaksAt = Long.MAX_VALUE;

  @BeforeEach
  void setUp() throws IOException {
    hosts = new LocalShell(Files.createDirectory(directory.resolve("run")));
    there = directory.resolve("host/file");
  }

  @AfterEach
  void switchOff() {
    hosts.close();
  }

  @Test
  void whatWasCutOffGoesOnWhereItWas() throws Exception {
    var file = file(20 * MIB, false);
    breaksAt = 13 * MIB;
    assertThatExceptionOfType(RemoteException.class).isThrownBy(() -> push(file));
    assertThat(there).doesNotExist();

    breaksAt = Long.MAX_VALUE;
    sent.set(0);
    push(file);
    assertThat(there).hasSameBinaryContentAs(file);
    assertThat(sent.get()).isBetween(7L * MIB, 9L * MIB);
    assertThat(told)
        .anyMatch(it ->
            it.matches(Pattern.quote(file + ": 1") + "[0-3] of 20 MiB are there since before"));
  }

  /** It was replaced here meanwhile, and what its name has is what goes over. */
  @Test
  void whatTheHostHasOfAnotherFileIsNotTakenForItsBeginning() throws Exception {
    var file = file(20 * MIB, false);
    breaksAt = 13 * MIB;
    assertThatExceptionOfType(RemoteException.class).isThrownBy(() -> push(file));
    breaksAt = Long.MAX_VALUE;
    sent.set(0);
    try (var parts = Files.walk(there.getParent())) {
      Files.write(parts.filter(Files::isRegularFile).findFirst().orElseThrow(), new byte[2 * MIB]);
    }
    push(file);
    assertThat(there).hasSameBinaryContentAs(file);
    assertThat(sent.get()).isGreaterThan(20L * MIB);
  }

  @Test
  void ofASlowConnectionWhatGzipMakesSmallerIsCompressed() throws Exception {
    var file = file(20 * MIB, true);
    push(file, wire -> wire.took(MIB, Duration.ofSeconds(1), OptionalDouble.empty()));
    assertThat(there).hasSameBinaryContentAs(file);
    assertThat(sent.get()).isLessThan(12L * MIB);
  }

  @Test
  void ofASlowConnectionWhatGzipMakesNoSmallerGoesAsItIs() throws Exception {
    var file = file(20 * MIB, false);
    push(file, wire -> wire.took(MIB, Duration.ofSeconds(1), OptionalDouble.empty()));
    assertThat(there).hasSameBinaryContentAs(file);
    assertThat(sent.get()).isGreaterThan(20L * MIB);
  }

  @Test
  void aSlowConnectionThatBrokeGoesOnCompressedFromThePieceBefore() throws Exception {
    var file = file(40 * MIB, true);
    Consumer slow = wire -> wire.took(MIB, Duration.ofSeconds(1), OptionalDouble.empty());
    breaksAt = 10 * MIB;
    assertThatExceptionOfType(RemoteException.class).isThrownBy(() -> push(file, slow));
    breaksAt = Long.MAX_VALUE;
    sent.set(0);
    push(file, slow);
    assertThat(there).hasSameBinaryContentAs(file);
    assertThat(sent.get())
        .isLessThan(PackedFile.of(file, 40 * MIB).orElseThrow().size(0) - 8 * MIB);
  }

  @Test
  void aHostIsAskedOnlyWhereALargeFileGoesToIt() throws Exception {
    push(file(8 * MIB - 1, false));
    assertThat(requests.taken()).isEqualTo(1);
    Files.delete(there);
    push(file(8 * MIB, false));
    assertThat(requests.taken()).isEqualTo(2);
  }

  @Test
  void howFastTheConnectionIsIsTriedOnceARun() throws Exception {
    var file = file(32 * MIB, false);
    try (var machine = machine()) {
      push(machine, file);
      assertThat(machine.wire().isKnown()).as(told.toString()).isTrue();
      assertThat(requests.taken()).as("one for the upload").isEqualTo(2);
      assertThat(sent.get()).isBetween(32L * MIB, 33L * MIB);
      Files.delete(there);
      push(machine, file);
      assertThat(requests.taken()).isEqualTo(2);
    }
    assertThat(there).hasSameBinaryContentAs(file);
  }

  /** It says the same again, and that is what is told. */
  @Test
  void whereEvenTheFirstPartCannotBeWrittenThatIsWhyTheFileIsNot() throws Exception {
    var file = file(32 * MIB, false);
    Files.createDirectories(there.getParent().getParent());
    Files.writeString(there.getParent(), "no directory");
    try (var machine = machine()) {
      var scripts = scripts(file);
      var loaded = new HostUploads(machine, handoffs(), told::add).load(scripts);
      assertThat(machine.exchange(loaded, Optional.empty(), List.of(), told::add))
          .isInstanceOf(HostSession.Exchange.RepairFailed.class);
      assertThat(machine.wire().isKnown()).isFalse();
    }
  }

  /** The second of three is cut off: the first one, sent anew, leaves it as it is. */
  @Test
  void filesBesideOneAnotherDoNotTakeOneAnothersParts() throws Exception {
    var files = List.of(file(9 * MIB, false), file(20 * MIB, false), file(10 * MIB, false));
    breaksAt = 23 * MIB;
    assertThatExceptionOfType(RemoteException.class).isThrownBy(() -> pushAll(files));
    breaksAt = Long.MAX_VALUE;
    sent.set(0);
    pushAll(files);
    for (var file : files) {
      assertThat(there.resolveSibling(file.getFileName())).hasSameBinaryContentAs(file);
    }
    assertThat(sent.get()).isLessThan(31L * MIB);
    assertThat(told.toString()).contains("of 20 MiB are there since before");
  }

  private void pushAll(List<Path> files) throws Exception {
    try (var machine = machine()) {
      var scripts = new ArrayList<Script>();
      for (var file : files) {
        scripts.addAll(scripts(file, there.resolveSibling(file.getFileName())));
      }
      var loaded = new HostUploads(machine, handoffs(), told::add).load(scripts);
      assertThat(machine.exchange(loaded, Optional.empty(), List.of(), told::add))
          .isInstanceOf(HostSession.Exchange.Done.class);
    }
  }

  /**
   * A trial of it is there, and the file is another one by then: that is told, and is no defect.
   */
  @Test
  void aFileThatIsReplacedInBetweenIsTold() throws Exception {
    var file = file(32 * MIB, true);
    try (var machine = machine()) {
      var handoffs = handoffs();
      var scripts = scripts(file);
      assertThat(handoffs.uploads().large(scripts)).hasSize(1);
      Files.write(file, new byte[10]);
      var loaded = new HostUploads(machine, handoffs, told::add);
      assertThatExceptionOfType(RemoteException.class)
          .isThrownBy(
              () -> machine.exchange(loaded.load(scripts), Optional.empty(), List.of(), told::add))
          .withMessageContaining("changed its size");
    }
  }

  private interface Consumer extends java.util.function.Consumer<Wire> {}

  private void push(Path file) throws Exception {
    push(file, _ -> {});
  }

  private void push(Path file, Consumer before) throws Exception {
    try (var machine = machine()) {
      before.accept(machine.wire());
      push(machine, file);
    }
  }

  private void push(HostSession machine, Path file) throws Exception {
    var loaded = new HostUploads(machine, handoffs(), told::add).load(scripts(file));
    assertThat(machine.exchange(loaded, Optional.empty(), List.of(), told::add))
        .isInstanceOf(HostSession.Exchange.Done.class);
  }

  private static Handoffs handoffs() {
    return new Handoffs(new KeptSecrets(Map.of()), new NoDesk());
  }

  private List<Script> scripts(Path file) {
    return scripts(file, there);
  }

  private static List<Script> scripts(Path file, Path place) {
    var wanted =
        new LargeFile(new LocalFile(file), ManagedFile.of(place.toString(), Content.of("")));
    var drift =
        (Check.Drift)
            wanted.check(
                new Observations.Builder()
                    .put(
                        io.provision.resource.Files.at(place.toString()),
                        io.provision.resource.FileState.ABSENT)
                    .build());
    return ((Repair.OnHost) drift.repair()).scripts();
  }

  private HostSession machine() throws RemoteException, InterruptedException {
    var counted = new Interposed(hosts, requests);
    var machine =
        HostSession.connect(
            new Interposed(counted, new Breaking()),
            TestInventory.host("a"),
            new Semaphore(1),
            Patience.ENDLESS,
            Duration.ofMinutes(1),
            told::add);
    machine.openSession();
    assertThat(machine.lock("us", _ -> {})).isEmpty();
    return machine;
  }

  private Path file(int size, boolean isText) throws IOException {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    for (var i = 0; isText && i < size; i++) {
      bytes[i] &= 0x0f;
    }
    return Files.write(directory.resolve("here" + size), bytes);
  }

  /** Counts what is sent, and breaks once that is so much. */
  private final class Breaking implements Interposed.Between {
    @Override
    public RemoteProcess exec(String host, String command, Connection connection)
        throws RemoteException {
      var process = connection.exec(command);
      return new OtherStdin(process, counted(process.stdin(), process));
    }

    private OutputStream counted(OutputStream stdin, RemoteProcess process) {
      return new FilterOutputStream(stdin) {
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          if (sent.addAndGet(length) > breaksAt) {
            out.close();
            process.close();
            throw new IOException("the connection broke");
          }
          out.write(bytes, offset, length);
        }
      };
    }
  }
}

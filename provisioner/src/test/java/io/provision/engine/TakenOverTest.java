package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.Desk;
import io.provision.desk.DeskChange;
import io.provision.engine.event.HostKeyPrompt;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.engine.session.Interrupt;
import io.provision.model.Position;
import io.provision.remote.Connection;
import io.provision.remote.Interposed;
import io.provision.remote.LocalShell;
import io.provision.remote.OtherStdin;
import io.provision.remote.Payload;
import io.provision.remote.RemoteException;
import io.provision.remote.RemoteProcess;
import io.provision.step.Target;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a killed run has left of its locks, and who may take it over. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TakenOverTest {
  private static final String CLAIM = "/var/lib/provision/claim";
  private static final String OWNER = "root@ops1, process 7, run r-1, since 2026-11-30T01:00:00Z";

  /** As long as the other: what a session is sent is announced by its size. */
  private final Path claim =
      Path.of("/tmp/claim-%013d".formatted(System.nanoTime() % 1_000_000_000_000L));

  @TempDir Path directory;
  private Path files;
  private LocalShell hosts;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();

  @BeforeEach
  void setUp() throws IOException {
    assertThat(claim.toString()).hasSameSizeAs(CLAIM);
    files = Files.createDirectory(directory.resolve("files"));
    hosts = new LocalShell(Files.createDirectory(directory.resolve("run")));
  }

  @AfterEach
  void end() throws IOException {
    hosts.close();
    Files.deleteIfExists(claim);
  }

  /** One that knows of the owner that it lives no more. */
  private record Knowing(Set<String> gone) implements Desk {
    @Override
    public boolean isGone(String owner) {
      return gone.contains(owner);
    }

    @Override
    public View view() {
      return new NoDesk().view();
    }

    @Override
    public void change(DeskChange change, Handoffs handoffs) {
      throw new IllegalStateException("unexpected: " + change);
    }

    @Override
    public Path artifact(Payload.Artifact artifact) {
      throw new IllegalStateException("unexpected: " + artifact);
    }
  }

  /** Where a host has its claim on its disk, these have it elsewhere. */
  private record Elsewhere(String claim) implements Interposed.Between {
    @Override
    public RemoteProcess exec(String host, String command, Connection connection)
        throws RemoteException {
      var process = connection.exec(command.replace(CLAIM, claim));
      var stdin =
          new FilterOutputStream(process.stdin()) {
            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
              var text = new String(bytes, from, count, StandardCharsets.ISO_8859_1);
              out.write(text.replace(CLAIM, claim).getBytes(StandardCharsets.ISO_8859_1));
            }
          };
      return new OtherStdin(process, stdin);
    }
  }

  /** Before the host booted. */
  private void claimed(String owner) throws IOException {
    var until = Instant.now().plusSeconds(3600).getEpochSecond();
    Files.writeString(claim, "%d%n%s%n".formatted(until, owner));
    Files.setLastModifiedTime(claim, FileTime.from(Instant.EPOCH));
  }

  private Report apply(String... gone) throws InterruptedException {
    var at = new Position("book.yml", 1, 1);
    var step = new FileStep(files, "motd", "hi");
    var all = List.of(TestInventory.host("a"));
    var items = List.<Item<Target.OnHost>>of(new Item<>(new StepRef("motd", 0, at), step));
    return new Runner(
            new Interposed(hosts, new Elsewhere(claim.toString())),
            new Knowing(Set.of(gone)),
            NoCluster.NONE,
            events::add,
            new Interrupt(),
            HostKeyPrompt.REFUSE)
        .apply(
            "r",
            TestInventory.of(all),
            new Playbook(List.of(new Play.OnHosts("all", all, 0, items))),
            TestRuns.OPTIONS,
            Optional.empty())
        .report();
  }

  @Test
  void theClaimOfARunOfThisMachineThatLivesNoMoreIsTakenOverAndSaid() throws Exception {
    claimed(OWNER);
    var report = apply(OWNER);
    assertThat(report.stopped()).isEmpty();
    assertThat(report.total().changed()).isEqualTo(1);
    assertThat(claim).doesNotExist();
    assertThat(events)
        .filteredOn(RunEvent.Note.class::isInstance)
        .singleElement()
        .asString()
        .contains("taken over from " + OWNER);
  }

  /** The reboot that it was killed behind may still come, and would end whoever works there. */
  @Test
  void oneOfThisMomentIsNot() throws Exception {
    claimed(OWNER);
    Files.setLastModifiedTime(claim, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(apply(OWNER).stopped()).containsInstanceOf(Report.Stop.Locked.class);
    assertThat(claim).exists();
  }

  @Test
  void thatOfAnyOtherIsNot() throws Exception {
    claimed(OWNER);
    var report = apply("root@ops2, process 7, run r-1, since 2026-11-30T01:00:00Z");
    assertThat(report.stopped()).containsInstanceOf(Report.Stop.Locked.class);
    assertThat(claim).exists();
    assertThat(files.resolve("a")).doesNotExist();
  }

  /** What it had begun there goes on: its lock is held by that. */
  @Test
  void aLockThatIsHeldIsNeverBroken() throws Exception {
    try (var _ = Holder.of(directory, "a", OWNER)) {
      assertThat(apply(OWNER).stopped()).containsInstanceOf(Report.Stop.Locked.class);
    }
    assertThat(files.resolve("a")).doesNotExist();
  }
}

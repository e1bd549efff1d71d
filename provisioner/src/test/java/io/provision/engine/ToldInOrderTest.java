package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Host;
import io.provision.model.Position;
import io.provision.remote.LocalShell;
import io.provision.remote.ShellFunction;
import io.provision.step.Need;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who waits for another comes after it in every log: what it waited for was told before. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ToldInOrderTest {
  private static final TargetName A = TargetName.of(TestInventory.host("a").name());
  private static final TargetName B = TargetName.of(TestInventory.host("b").name());

  /** Whoever would be let go too early has this time to be early in. */
  private static final long MILLISECONDS = 700;

  @TempDir Path directory;
  private Path files;
  private LocalShell transport;
  private final List<Host> hosts = Stream.of("a", "b").map(TestInventory::host).toList();

  /** What b waits for. */
  enum Wait {
    WHAT_A_DID(FileStep.WRITE, 0),
    WHAT_A_FAILED_IN(new ShellFunction("write_nothing", "echo 'no space' >&2; return 1"), 0),
    A_AS_A_BATCH(FileStep.WRITE, 1);

    private final ShellFunction write;
    private final int serial;

    Wait(ShellFunction write, int serial) {
      this.write = write;
      this.serial = serial;
    }
  }

  @BeforeEach
  void setUp() throws IOException {
    files = Files.createDirectory(directory.resolve("files"));
    transport = new LocalShell(Files.createDirectory(directory.resolve("run")));
  }

  @AfterEach
  void switchOff() {
    transport.close();
  }

  @ParameterizedTest
  @EnumSource(Wait.class)
  void whatWasWaitedForIsToldFirst(Wait wait) throws Exception {
    var told = new CopyOnWriteArrayList<RunEvent>();
    var early = new CountDownLatch(1);
    RunListener slow =
        event -> {
          if (begins(event)) {
            early.countDown();
          }
          if (event instanceof RunEvent.StepFinished(var target, _, _, _) && target.equals(A)) {
            await(early);
          }
          told.add(event);
        };
    var _ =
        TestRuns.runner(transport, NoCluster.NONE, slow)
            .apply("r", TestInventory.of(hosts), book(wait), TestRuns.OPTIONS, Optional.empty());

    var ends = told.stream().filter(ToldInOrderTest::ends).toList();
    assertThat(ends).as("a's").isNotEmpty();
    var begins = told.stream().filter(ToldInOrderTest::begins).toList();
    assertThat(begins).as("b's").isNotEmpty();
    assertThat(told.indexOf(begins.getFirst())).isGreaterThan(told.indexOf(ends.getLast()));
  }

  private static void await(CountDownLatch latch) {
    try {
      var _ = latch.await(MILLISECONDS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean ends(RunEvent event) {
    return event instanceof RunEvent.StepFinished(var target, _, _, _) && target.equals(A);
  }

  /** Something of b that is not its waiting. */
  private static boolean begins(RunEvent event) {
    return switch (event) {
      case RunEvent.StepStarted(var target, _, var doing) ->
          target.equals(B) && !doing.startsWith("waiting for");
      case RunEvent.StepFinished(var target, _, _, _) -> target.equals(B);
      default -> false;
    };
  }

  private Playbook book(Wait wait) {
    var first = new FileStep(files, "motd", "hi", wait.write, Optional.empty());
    if (wait.serial > 0) {
      return new Playbook(List.of(new Play.OnHosts("both", hosts, wait.serial, items(first))));
    }
    var of = hosts.subList(0, 1);
    var second =
        new FileStep(files, "all", "", FileStep.WRITE, Optional.of(Need.all(FileStep.TEXT, of)));
    return new Playbook(
        List.of(
            new Play.OnHosts("a", of, 0, items(first)),
            new Play.OnHosts("b", hosts.subList(1, 2), 0, items(second))));
  }

  private static List<Item<Target.OnHost>> items(Step<Target.OnHost> step) {
    return List.of(new Item<>(new StepRef("step", 0, new Position("book.yml", 1, 1)), step));
  }
}

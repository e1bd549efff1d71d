package io.provision.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.NoCluster;
import io.provision.engine.NoDesk;
import io.provision.engine.Options;
import io.provision.engine.Runner;
import io.provision.engine.TestInventory;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.StepRef;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.engine.session.Interrupt;
import io.provision.model.Become;
import io.provision.model.Position;
import io.provision.model.Secret;
import io.provision.model.SshSettings;
import io.provision.remote.Call;
import io.provision.remote.Connection;
import io.provision.remote.RemoteException;
import io.provision.remote.RemoteProcess;
import io.provision.remote.Shell;
import io.provision.remote.ShellFunction;
import io.provision.step.Target;
import io.provision.steps.os.FileStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * What a converged host costs in round trips, which is what a distant host costs in time: the same
 * for 10 steps and for 500. Counted before a real sshd, not timed.
 */
@EnabledIf("io.provision.ssh.OpenSshd#installed")
@Timeout(120)
class FlightsTest extends TransportFixture {
  private static final ShellFunction LENGTH = new ShellFunction("length_of", "printf %s \"${#1}\"");
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Position HERE = new Position("site.yml", 1, 1);

  private OpenSshd sshd;

  @BeforeEach
  void startServer() throws Exception {
    sshd = OpenSshd.in(home.resolve("sshd"));
    opened.add(sshd);
    sshd.authorize(TestKeys.line(USER_KEY.getPublic()));
    var stubs = Files.createDirectory(home.resolve("bin"));
    script(stubs.resolve("sudo"), FAKE_SUDO);
    sshd.start("SetEnv PATH=%s:/usr/bin:/bin".formatted(stubs));
  }

  /** Asks as sudo does; anything that it is not asked for is a failure. */
  private static final String FAKE_SUDO =
      """
      #!/bin/sh
      [ "$1 $2 $4" = "-S -p --" ] || { echo "sudo: unexpected: $*" >&2; exit 1; }
      printf %s "$3" >&2
      IFS= read -r password
      [ "$password" = "open sesame" ] || { printf %s "$3" >&2; exit 1; }
      shift 4
      exec "$@"
      """;

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void aConvergedHostTakesTheSameNumberHoweverManyStepsThereAre() throws Exception {
    var ten = converged(10);
    var hundred = converged(100);
    var fiveHundred = converged(500);
    assertThat(List.of(ten, hundred, fiveHundred)).allMatch(flights -> flights <= usual());
    if (library == SshSettings.Library.MINA) { // JSch's prompts saves a turn by chance
      assertThat(List.of(hundred, fiveHundred)).containsOnly(ten);
    }
  }

  /** Nine are allowed. JSch waits for an answer to each message of its login. */
  private int usual() {
    return library == SshSettings.Library.MINA ? 7 : 9;
  }

  @Test
  void anOpenConnectionTakesTwoAndNoThird() throws Exception {
    assertThat(look(2, Optional.empty(), "a")).isEqualTo(2);
  }

  @Test
  void aPasswordForSudoTakesTwoMore() throws Exception {
    assertThat(look(4, Optional.of(Secret.of("open sesame")), "a")).isEqualTo(4);
  }

  @Test
  void aLookTooLargeForTheCommandLineTakesOneMoreAndSaysSo() throws Exception {
    assertThat(notes).isEmpty();
    assertThat(look(2, Optional.empty(), "x".repeat(1 << 20))).isEqualTo(2);
    assertThat(notes).isEmpty();
    assertThat(look(3, Optional.empty(), noise(200_000))).isEqualTo(3);
    assertThat(notes).first().asString().contains("one more round trip");
  }

  /** The control: what asks twice is counted twice. */
  @Test
  void aSecondLookIsCounted() throws Exception {
    assertThat(look(4, Optional.empty(), "a", "b")).isEqualTo(4);
  }

  private final List<String> notes = new CopyOnWriteArrayList<>();

  private static String noise(int length) {
    var random = new Random(1);
    return IntStream.range(0, length)
        .mapToObj(i -> Character.toString('!' + 1 + random.nextInt(90)))
        .collect(java.util.stream.Collectors.joining());
  }

  /**
   * What is counted; done again with more patience where a stalled machine may have split bursts.
   */
  private interface Counted {
    int flights(FlightCounter counter) throws Exception;
  }

  private int least(int expected, Counted counted) throws Exception {
    var least = Integer.MAX_VALUE;
    for (int quiet = 20; quiet <= 1280 && least > expected; quiet *= 4) {
      try (var counter = new FlightCounter(sshd.port(), Duration.ofMillis(quiet))) {
        know("[127.0.0.1]:" + counter.port() + " " + OpenSshd.publicKey("ed25519"));
        transport = transport(Map.of());
        least = Math.min(least, counted.flights(counter));
      }
    }
    return least;
  }

  private int look(int expected, Optional<Secret> password, String... values) throws Exception {
    return least(
        expected,
        counter -> {
          var method = password.isPresent() ? Become.Method.SUDO : Become.Method.NONE;
          // Only a login that is not root's has to become root.
          var host = host(counter).become(new Become(method, password));
          var connection = new Renamed(login(host), "somebody");
          var shell = Shell.on(host.host(), connection, notes::add);
          int before = counter.flights();
          for (var value : values) {
            var frames = shell.look(List.of(Call.of(LENGTH, value)), LIMIT);
            assertThat(frames.getFirst().output()).isEqualTo("" + value.length());
          }
          return counter.flights() - before;
        });
  }

  /** A connection whose user has another name. */
  private record Renamed(Connection connection, String user) implements Connection {
    @Override
    public RemoteProcess exec(String command) throws RemoteException {
      return connection.exec(command);
    }

    @Override
    public Costs costs() {
      return connection.costs();
    }

    @Override
    public void close() {
      connection.close();
    }
  }

  private TestHost host(FlightCounter counter) {
    return new TestHost("127.0.0.1", counter.port()).user(sshd.user()).key(key());
  }

  private int converged(int steps) throws Exception {
    var book = files(steps);
    return least(
        usual(),
        counter -> {
          var host = host(counter).host();
          var play = new Play.OnHosts("files", List.of(host), 0, book);
          var seen = new ArrayList<Integer>();
          var runner =
              new Runner(
                  transport,
                  new NoDesk(),
                  NoCluster.NONE,
                  event -> {
                    if (event instanceof RunEvent.Looked) {
                      seen.add(counter.flights());
                    }
                  },
                  new Interrupt(),
                  _ -> false);
          var inventory = TestInventory.of(List.of(host));
          var options = new Options(Optional.empty(), Set.of(), Set.of(), 8, "me", LIMIT);
          var report =
              runner
                  .apply("r1", inventory, new Playbook(List.of(play)), options, Optional.empty())
                  .report();
          assertThat(report.total().ok()).isEqualTo(steps);
          return seen.getFirst();
        });
  }

  private List<Item<Target.OnHost>> files(int count) throws IOException {
    var directory = Files.createDirectories(home.resolve("files"));
    var items = new ArrayList<Item<Target.OnHost>>();
    for (int i = 0; i < count; i++) {
      var text = "file number %d\n".formatted(i);
      var file = Files.writeString(directory.resolve("f" + i), text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      var owner = Files.readAttributes(file, PosixFileAttributes.class);
      var step =
          new FileStep(
              file.toString(),
              Optional.of(text),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.of(owner.owner().getName()),
              Optional.of(owner.group().getName()));
      items.add(new Item<>(new StepRef("file", i, HERE), step));
    }
    return items;
  }
}

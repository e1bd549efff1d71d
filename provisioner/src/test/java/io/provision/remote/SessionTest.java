package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.provision.model.Become;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Position;
import io.provision.model.Secret;
import io.provision.model.SecretUnavailable;
import io.provision.model.SshAddress;
import io.provision.model.SshSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What ends a session early, and in whose words; the time limit only ends a hanging test. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SessionTest {
  private static final ShellFunction TAKE =
      new ShellFunction("take", "head -c \"$payload_1\" >\"$1\"");
  @TempDir Path directory;

  @Test
  void aFileHereThatCannotBeReadIsToldAtOnce() throws Exception {
    var streams =
        new PayloadStream(
            5,
            () -> {
              throw new IOException("no such file");
            });
    assertThatExceptionOfType(RemoteException.CommandFailed.class)
        .isThrownBy(() -> send(streams))
        .withMessageContaining("cannot be read")
        .withMessageContaining("no such file");
  }

  @Test
  void aFileHereThatShrinksIsToldAndNotWaitedFor() throws Exception {
    var streams = new PayloadStream(5, () -> new ByteArrayInputStream(new byte[2]));
    assertThatExceptionOfType(RemoteException.CommandFailed.class)
        .isThrownBy(() -> send(streams))
        .withMessageContaining("changed its size");
  }

  @Test
  void aFileHereThatGrowsIsNotTakenForRequests() throws Exception {
    var streams =
        new PayloadStream(
            2, () -> new ByteArrayInputStream("a\nrun x".getBytes(StandardCharsets.UTF_8)));
    assertThatExceptionOfType(RemoteException.CommandFailed.class)
        .isThrownBy(() -> send(streams))
        .withMessageContaining("changed its size");
  }

  @Test
  void aWaitForWhatHasFailedForGoodEndsAtOnceWithItsEvidence() throws Exception {
    var hopeless = Call.of(new ShellFunction("it_has_failed", "return " + Session.Wait.HOPELESS));
    var evidence = Call.of(new ShellFunction("say_why", "echo why"));
    var wait = new Session.Wait(Duration.ofHours(1), hopeless, evidence);
    var request =
        new Session.Request(List.of(), Optional.of(wait), List.of(evidence), Duration.ofHours(1));
    var frames = exchange(request).frames();
    assertThat(frames).extracting(Frame::status).containsExactly(Session.Wait.HOPELESS, 0);
    assertThat(frames.getLast().output()).isEqualTo("why\n");
  }

  private static final ShellFunction TALK =
      new ShellFunction(
          "talk",
          """
          echo "one"
          while [ ! -e "$1/one" ]; do sleep 0.01; done
          echo "two" >&2
          while [ ! -e "$1/two" ]; do sleep 0.01; done\
          """);

  /** The command goes on only once its line was seen. */
  @Test
  void whatACommandPrintsIsToldWhileItRuns() throws Exception {
    var script = Script.of(TALK, directory.toString());
    var told = new java.util.concurrent.CopyOnWriteArrayList<String>();
    exchange(
        new Session.Request(
            List.of(new Session.Loaded(script, List.of())),
            Optional.empty(),
            List.of(Call.of(new ShellFunction("look", "echo seen; sleep 0.3"))),
            Duration.ofMinutes(1)),
        line -> {
          told.add(line);
          try {
            java.nio.file.Files.createFile(directory.resolve(line.substring(2)));
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
    assertThat(told).containsExactly("| one", "| two");
  }

  @Test
  void nothingIsToldOfACommandThatWasGivenASecret() throws Exception {
    var script =
        Script.of(new ShellFunction("chatter", "cat; cat >&2; echo word; sleep 0.3"))
            .with(
                new Payload.Bytes(new io.provision.model.Content.Sensitive(Secret.of("s3same\n"))));
    var bytes = "s3same\n".getBytes(StandardCharsets.UTF_8);
    var told = new java.util.concurrent.CopyOnWriteArrayList<String>();
    exchange(
        new Session.Request(
            List.of(
                new Session.Loaded(
                    script, List.of(new PayloadStream(7, () -> new ByteArrayInputStream(bytes))))),
            Optional.empty(),
            List.of(),
            Duration.ofMinutes(1)),
        told::add);
    assertThat(told).isEmpty();
  }

  static final Host HOST = host(SshSettings.DEFAULTS.become());

  static Host host(Become become) {
    var ssh = SshSettings.DEFAULTS;
    return new Host(
        new HostName("a"),
        new SshAddress("a"),
        Optional.empty(),
        Set.of(),
        Map.of(),
        List.of(),
        new SshSettings(
            ssh.user(),
            ssh.port(),
            ssh.keys(),
            ssh.passphrase(),
            ssh.password(),
            ssh.jump(),
            ssh.hostKeys(),
            ssh.knownHosts(),
            ssh.config(),
            ssh.timeout(),
            become,
            ssh.transport()),
        Map.of(),
        new Position("inventory.yml", 1, 1));
  }

  private void send(PayloadStream stream) throws Exception {
    var _ = exchange(sending(Script.of(TAKE, directory.resolve("taken").toString()), stream));
  }

  private static Session.Request sending(Script script, PayloadStream stream) {
    return new Session.Request(
        List.of(new Session.Loaded(script, List.of(stream))),
        Optional.empty(),
        List.of(),
        Duration.ofMinutes(10));
  }

  private Answer exchange(Session.Request request) throws Exception {
    return exchange(request, _ -> {});
  }

  private Answer exchange(Session.Request request, Session.Progress progress) throws Exception {
    var none = Become.Method.NONE;
    var elevation = new Elevation(new Become(none, Optional.empty()), "root");
    try (var shell = new LocalShell(directory);
        var session = Session.open(shell.connect(HOST), elevation, "m")) {
      assertThat(session.lock("me", Duration.ofMinutes(1), _ -> {})).isEmpty();
      return session.run(request, progress, Duration.ofMillis(20));
    }
  }

  /** What the first printed is no word of the second, which says nothing for a while. */
  @Test
  void whatIsToldBelongsToTheRepairThatRuns() throws Exception {
    var told = new CopyOnWriteArrayList<String>();
    var one = new ShellFunction("print_it", "echo printed");
    var two = new ShellFunction("say_nothing", "sleep 0.3");
    var request =
        new Session.Request(
            Stream.of(one, two).map(it -> new Session.Loaded(Script.of(it), List.of())).toList(),
            Optional.empty(),
            List.of(),
            Duration.ofMinutes(1));
    var answer =
        exchange(
            request,
            new Session.Progress() {
              @Override
              public void says(String text) {
                told.add(text);
              }

              @Override
              public void begins(int repair) {
                told.add("begins " + repair);
              }
            });
    assertThat(answer.frames()).hasSize(2).allMatch(Frame::ok);
    assertThat(told).contains("begins 0").endsWith("begins 1");
  }

  /** The host reads a third, and the rest once something was told. */
  @Test
  void howFarALargeFileIsIsToldWhileItIsSent() throws Exception {
    var told = new CopyOnWriteArrayList<String>();
    var go = directory.resolve("go");
    var slow =
        new ShellFunction(
            "take_slowly",
            "head -c 8000000 >/dev/null; until [ -e \"$1\" ]; do sleep 0.1; done; cat >/dev/null");
    var size = 24 << 20;
    var stream = new PayloadStream(size, () -> new ByteArrayInputStream(new byte[size]));
    var answer =
        exchange(
            sending(Script.of(slow, go.toString()), stream),
            text -> {
              told.add(text);
              touch(go);
            });
    assertThat(answer.frames()).singleElement().matches(Frame::ok);
    assertThat(told)
        .isNotEmpty()
        .doesNotHaveDuplicates()
        .allMatch(text -> text.matches("(1?[1-9]|10|2[0-3]) of 24 MiB sent"));
  }

  @Test
  void ofASmallFileNothingIsTold() throws Exception {
    var told = new CopyOnWriteArrayList<String>();
    var size = (2 << 20) - 1;
    var slow =
        new ShellFunction("take_late", "head -c 1000000 >/dev/null; sleep 0.3; cat >/dev/null");
    var stream = new PayloadStream(size, () -> new ByteArrayInputStream(new byte[size]));
    var _ = exchange(sending(Script.of(slow), stream), told::add);
    assertThat(told).isEmpty();
  }

  private static void touch(Path file) {
    try {
      java.nio.file.Files.writeString(file, "");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void whatAKilledSessionLeftIsSweptByTheNextOneThatLocks() throws Exception {
    var run = java.nio.file.Files.createDirectories(directory.resolve("a"));
    var alive = "script." + ProcessHandle.current().pid();
    for (var each : List.of("script.4194399", "script.Ab1Cd2", alive)) {
      java.nio.file.Files.writeString(run.resolve(each), "echo");
    }
    try (var hosts = new LocalShell(directory);
        var shell = Shell.on(HOST, hosts.connect(HOST));
        var session = shell.session()) {
      assertThat(session.lock("me", Duration.ofMinutes(1), _ -> {})).isEmpty();
      assertThat(scripts(run)).hasSize(2).contains(alive).doesNotContain("script.4194399");
    }
    assertThat(scripts(run)).containsExactly(alive);
  }

  private static List<String> scripts(Path run) throws IOException {
    try (var files = java.nio.file.Files.list(run)) {
      return files
          .map(each -> each.getFileName().toString())
          .filter(name -> name.startsWith("script."))
          .toList();
    }
  }

  /** Told as it is ended on the host, not as it is given up here; and nothing is left there. */
  @Test
  void aLookThatHangsIsEndedOnTheHostAndNamed() throws Exception {
    var hang = new ShellFunction("look_hung", "echo $$ >\"$1\"; sleep 1000 | cat");
    var quick = new ShellFunction("look_quick", "echo 1");
    var pid = directory.resolve("pid");
    var calls = List.of(Call.of(quick), Call.of(hang, pid.toString()), Call.of(quick));
    try (var hosts = new LocalShell(directory)) {
      var shell = Shell.on(HOST, hosts.connect(HOST));
      assertThatExceptionOfType(RemoteException.CommandFailed.class)
          .isThrownBy(() -> shell.look(calls, Duration.ofSeconds(1)))
          .withMessageContaining("timed out after 1 s at: hung ");
      assertThat(ProcessHandle.of(Long.parseLong(java.nio.file.Files.readString(pid).strip())))
          .satisfies(left -> left.ifPresent(each -> each.onExit().join()));
    }
  }

  @Test
  void anAnswerWithoutEndIsGivenUp() {
    var endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }
        };
    assertThatExceptionOfType(GivenUp.class)
        .isThrownBy(() -> new FrameReader(endless, "m", _ -> {}).readTo("done"))
        .withMessageContaining("16 MiB");
  }

  @Test
  void whatSudoSaysInsteadOfAskingIsKeptAsEvidence() throws Exception {
    var password = Optional.of(Secret.of("pw"));
    var elevation = new Elevation(new Become(Become.Method.SUDO, password), "ann");
    var said = "ann is not in the sudoers file.\n".getBytes(StandardCharsets.UTF_8);
    var stderr = new StderrTail(new ByteArrayInputStream(said));
    OutputStream stdin = new ByteArrayOutputStream();

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> elevation.pass(stdin, stderr, "m"));
    var instead = new NoShell(true, Optional.empty(), "", stderr.rest());
    assertThat(elevation.refused(instead)).hasMessageContaining("not in the sudoers file");
    assertThat(stdin.toString()).isEmpty();
  }

  @Test
  void aPasswordThatIsNotThereIsMissedOnlyWhereSudoAsksAndIsNoBug() throws Exception {
    var unset =
        Secret.from(
            "${env:SUDO_PASSWORD}",
            () -> {
              throw new SecretUnavailable("${env:SUDO_PASSWORD}", "it is not set", "set it");
            });
    var elevation = new Elevation(new Become(Become.Method.SUDO, Optional.of(unset)), "ann");
    var nobody = OutputStream.nullOutputStream();

    elevation.pass(nobody, said("@@m ready"), "m");
    assertThatExceptionOfType(RemoteException.BecomeFailed.class)
        .isThrownBy(() -> elevation.pass(nobody, said("@@m password"), "m"))
        .withMessageContaining("${env:SUDO_PASSWORD}: it is not set");
  }

  private static StderrTail said(String text) {
    return new StderrTail(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}

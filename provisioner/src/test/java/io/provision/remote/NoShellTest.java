package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.model.Become;
import io.provision.model.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What answers in the place of root's shell, in the words of the programs that do, and what is said
 * of it: sudo is blamed only where it was run. The time limit only ends a hanging test.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class NoShellTest {
  private static final ShellFunction ASK = new ShellFunction("look_at_it", "echo 1");
  private static final Duration LIMIT = Duration.ofSeconds(20);
  @TempDir Path directory;

  /** A login of ann's whose shell is this script; the command line it was given is {@code $1}. */
  private Connection login(String script) throws RemoteException {
    var shell = new LocalShell(directory).connect(SessionTest.HOST);
    return new Connection() {
      @Override
      public RemoteProcess exec(String command) throws RemoteException {
        var own = command.replace("d=/run/provision;", "d=" + directory.resolve("run") + ";");
        return shell.exec("set -- " + Quote.word(own) + "\n" + script);
      }

      @Override
      public String user() {
        return "ann";
      }

      @Override
      public Costs costs() {
        return shell.costs();
      }

      @Override
      public void close() {
        shell.close();
      }
    };
  }

  private RemoteException asked(String script, Optional<Secret> password) throws Exception {
    var shell =
        Shell.on(
            SessionTest.host(new Become(Become.Method.SUDO, password)), login(script), _ -> {});
    return catchThrowableOfType(
        RemoteException.class, () -> shell.look(List.of(Call.of(ASK)), LIMIT));
  }

  private RemoteException locked(String script, Optional<Secret> password) throws Exception {
    var shell =
        Shell.on(
            SessionTest.host(new Become(Become.Method.SUDO, password)), login(script), _ -> {});
    return catchThrowableOfType(
        RemoteException.class,
        () -> {
          try (var session = shell.session()) {
            var _ = session.lock("me", LIMIT, _ -> {});
          }
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          echo This account is currently not available.; exit 1 | exit status 1, This account is currently not available. | usermod -s /bin/sh
          echo 'Please login as the user "debian" rather than the user "root".'; echo; exit 142 | exit status 142, Please login as the user "debian" | set ssh.user: debian
          echo This service allows sftp connections only.; exit 1 | exit status 1, This service allows sftp | ForceCommand internal-sftp
          echo WARNING: Your password has expired. >&2; echo Password change required but no TTY available. >&2; exit 1 | no TTY available | passwd USER
          echo open terminal failed: not a terminal >&2; exit 1 | open terminal failed | exec tmux
          echo 1. backup; echo Choose: ; exit 0 | exit status 0, Choose: | ForceCommand in sshd_config, command= in authorized_keys
          exit 0 | exit status 0, no answer | shell profile
          kill -9 $$ | no answer | ForceCommand
          echo one; echo two >&2; exit 3 | exit status 3, two; one | login shell in /etc/passwd
          """)
  void aLoginThatRunsNoCommandsIsToldWithBothStreamsAndNotBlamedOnSudo(
      String script, String evidence, String remedy) throws Exception {
    for (var password : List.of(Optional.<Secret>empty(), Optional.of(Secret.of("pw")))) {
      for (var told : List.of(asked(script, password), locked(script, password))) {
        assertThat(told)
            .isInstanceOf(RemoteException.CommandFailed.class)
            .hasMessageContaining("the login ann runs no commands")
            .hasMessageContaining(evidence);
        assertThat(told.remedy()).contains(remedy);
      }
    }
  }

  @Test
  void aLoginThatAnswersWithSomethingThatNeverEndsIsToldByWhatItPrinted() throws Exception {
    var shell =
        Shell.on(
            SessionTest.host(new Become(Become.Method.SUDO, Optional.empty())),
            login("echo Menu; read -r choice; sleep 100"),
            _ -> {});
    // The limit and what is granted beyond it, cut short: what it waits for never comes.
    assertThat(
            catchThrowableOfType(
                RemoteException.class,
                () -> shell.look(List.of(Call.of(ASK)), Duration.ofSeconds(-14))))
        .hasMessageContaining("runs no commands")
        .hasMessageContaining("Menu");
  }

  @Test
  void whatALongLineEndsWithIsNotCut() throws Exception {
    var line = "x".repeat(900) + " the end";
    assertThat(asked("echo " + line + "; exit 1", Optional.empty())).hasMessageContaining(line);
  }

  @Test
  void whereSudoWasRunItIsToldWhatItSaid() throws Exception {
    var sudo = Files.writeString(directory.resolve("sudo"), "#!/bin/sh\necho nein >&2\nexit 1\n");
    assertThat(sudo.toFile().setExecutable(true)).isTrue();
    var path = "echo Welcome; PATH=" + directory + ":$PATH; eval \"$1\"";
    for (var told : List.of(asked(path, Optional.empty()), locked(path, Optional.empty()))) {
      assertThat(told)
          .isInstanceOf(RemoteException.BecomeFailed.class)
          .hasMessageContaining("'sudo -n' did not give root (exit status 1, nein");
      assertThat(told.remedy()).contains("NOPASSWD");
    }
  }

  @Test
  void aHostWithoutSudoIsTold() throws Exception {
    var bare = Files.createDirectory(directory.resolve("bin"));
    for (var each : List.of("base64", "gzip")) {
      Files.createSymbolicLink(bare.resolve(each), Path.of("/usr/bin", each));
    }
    assertThat(asked("PATH=" + bare + "; eval \"$1\"", Optional.empty()))
        .isInstanceOf(RemoteException.BecomeFailed.class)
        .hasMessageContaining("there is no sudo on it (exit status 127");
  }

  /** What parsers and remedies read is English, whatever the login speaks. */
  @Test
  void commandsSpeakTheCLocaleWhateverTheLoginDoes() throws Exception {
    var host = SessionTest.host(new Become(Become.Method.NONE, Optional.empty()));
    var german = "export LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8 LANGUAGE=de; eval \"$1\"";
    var shell = Shell.on(host, login(german), _ -> {});
    var asked = new ShellFunction("look_locale", "sh -c 'echo \"$LC_ALL\"'");
    assertThat(shell.look(List.of(Call.of(asked)), LIMIT).getFirst().output()).isEqualTo("C\n");
  }

  @Test
  void whatAProfilePrintsOnTheWayHurtsNobody() throws Exception {
    var sudo = "#!/bin/sh\nwhile [ \"$1\" != -- ]; do shift; done; shift\nexec \"$@\"\n";
    var file = Files.writeString(directory.resolve("sudo"), sudo);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    var noisy = "echo tmux not a terminal; PATH=" + directory + ":$PATH; eval \"$1\"";
    var shell =
        Shell.on(
            SessionTest.host(new Become(Become.Method.SUDO, Optional.empty())),
            login(noisy),
            _ -> {});
    assertThat(shell.look(List.of(Call.of(ASK)), LIMIT).getFirst().output()).isEqualTo("1\n");
    try (var session = shell.session()) {
      assertThat(session.lock("me", LIMIT, _ -> {})).isEmpty();
    }
  }
}

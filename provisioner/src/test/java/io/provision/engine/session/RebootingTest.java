package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Call;
import io.provision.remote.Script;
import io.provision.resource.LocalHost;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The host's side; coming back is shown on hosts. */
class RebootingTest {
  @TempDir Path directory;

  private LocalHost host(String shell, String systemdRun) {
    return new LocalHost(directory).in(shell.split(" ")).program("systemd-run", systemdRun);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void itIsOrderedForAMomentLaterAndRefusedInWords(String shell) throws Exception {
    var log = directory.resolve("log");
    var ordered = host(shell, "echo \"$*\" >" + log).attempt(Script.of(Rebooting.REBOOT));
    assertThat(ordered.ok()).isTrue();
    assertThat(Files.readString(log))
        .isEqualTo("--quiet --collect --on-active=2 systemctl reboot\n");

    var refused = host(shell, "exit 1").attempt(Script.of(Rebooting.REBOOT));
    assertThat(refused.ok()).isFalse();
    assertThat(refused.output()).contains("could not be ordered");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void aBootIsTwoLinesThatStayTheSame(String shell) {
    var host = host(shell, "exit 1");
    var once = host.run(Call.of(Rebooting.BOOT)).output();
    assertThat(once.lines()).hasSize(2);
    assertThat(once.lines().toList().getFirst()).matches("[0-9a-f-]{36}");
    assertThat(once.lines().toList().getLast()).matches("[0-9]+");
    assertThat(host.run(Call.of(Rebooting.BOOT)).output()).isEqualTo(once);
  }
}

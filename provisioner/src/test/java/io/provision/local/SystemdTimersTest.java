package io.provision.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.desk.DeskException;
import io.provision.desk.Timers.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Units on this machine, with programs in the place of systemd's that note how they are called. */
@Timeout(60)
final class SystemdTimersTest {
  private static final Units UNITS =
      new Units("provision-rotate-home", "# ours", "# ours\n[Service]\n", "# ours\n[Timer]\n");

  @TempDir Path directory;
  private Path log;
  private Path bin;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void programs() throws IOException {
    log = directory.resolve("log");
    bin = Files.createDirectory(directory.resolve("bin"));
    program("systemctl", "echo \"systemctl $*\" >>'%s'".formatted(log));
    program("loginctl", "echo \"loginctl $*\" >>'%s'; echo no".formatted(log));
    environment.put("PATH", bin + ":/usr/bin:/bin");
    environment.put("SSH_AUTH_SOCK", "/run/agent");
    environment.put("SUDO_PASSWORD", "secret");
    environment.put("JAVA_HOME", "/opt/jdk");
  }

  private void program(String name, String text) throws IOException {
    var file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private SystemdTimers timers(boolean root) {
    return new SystemdTimers(
        environment, directory.resolve("home"), root, directory.resolve("etc"));
  }

  @Test
  void ofAUserTheyAreBelowHisHomeAndEnabled() throws Exception {
    timers(false).install(UNITS);
    var units = directory.resolve("home/.config/systemd/user");
    assertThat(units.resolve("provision-rotate-home.service")).hasContent(UNITS.service());
    assertThat(units.resolve("provision-rotate-home.timer")).hasContent(UNITS.timer());
    assertThat(Files.readAllLines(log))
        .containsExactly(
            "systemctl --user daemon-reload",
            "systemctl --user enable --now -- provision-rotate-home.timer",
            "systemctl --user restart -- provision-rotate-home.timer");
  }

  @Test
  void ofRootTheyAreTheMachines() throws Exception {
    timers(true).install(UNITS);
    assertThat(directory.resolve("etc/provision-rotate-home.timer")).exists();
    assertThat(Files.readString(log)).contains("systemctl enable").doesNotContain("--user");
  }

  @Test
  void oursIsReplacedAndAnothersIsNot() throws Exception {
    var file =
        Files.createDirectory(directory.resolve("etc")).resolve("provision-rotate-home.timer");
    Files.writeString(file, "# ours\nof before");
    timers(true).install(UNITS);
    assertThat(file).hasContent(UNITS.timer());
    Files.writeString(file, "[Timer]\n");
    assertThatThrownBy(() -> timers(true).install(UNITS))
        .isInstanceOf(DeskException.class)
        .hasMessageContaining("not ours");
    assertThatThrownBy(() -> timers(true).remove(UNITS)).hasMessageContaining("not ours");
    assertThat(file).hasContent("[Timer]\n");
  }

  @Test
  void theyAreStoppedAndTakenOut() throws Exception {
    assertThat(timers(true).remove(UNITS)).isFalse();
    assertThat(log).doesNotExist();
    timers(true).install(UNITS);
    Files.delete(log);
    assertThat(timers(true).remove(UNITS)).isTrue();
    assertThat(directory.resolve("etc")).isEmptyDirectory();
    assertThat(Files.readAllLines(log))
        .containsExactly(
            "systemctl disable --now -- provision-rotate-home.timer", "systemctl daemon-reload");
  }

  @Test
  void whatSystemdRefusesIsSaid() throws Exception {
    program("systemctl", "echo 'Failed to connect to bus' >&2; exit 1");
    assertThatThrownBy(() -> timers(false).here())
        .hasMessageContaining("systemd does not answer here: Failed to connect to bus");
    assertThatThrownBy(() -> timers(false).install(UNITS))
        .hasMessageContaining("systemctl --user daemon-reload")
        .hasMessageContaining("Failed to connect to bus");
  }

  @Test
  void whoDoesNotLingerIsKnown() throws Exception {
    assertThat(timers(false).here().lingers()).isFalse();
    program("loginctl", "echo yes");
    assertThat(timers(false).here().lingers()).isTrue();
    program("loginctl", "exit 1");
    assertThat(timers(true).here().lingers()).as("root needs no session").isTrue();
    assertThat(timers(true).here().forAll()).isTrue();
  }

  @Test
  void aTrialHasWhatATimerHasAndNothingElse() throws Exception {
    program("it", "env; tty; pwd; echo 'that is wrong' >&2; exit 3");
    var trial = timers(false).tryOut(List.of(bin.resolve("it").toString()), Duration.ofSeconds(30));
    assertThat(trial.exit()).isEqualTo(3);
    assertThat(trial.lines())
        .contains("JAVA_HOME=/opt/jdk", "HOME=" + directory.resolve("home"), "not a tty", "/")
        .endsWith("that is wrong");
    assertThat(trial.lines().toString()).doesNotContain("SSH_AUTH_SOCK", "secret");
    assertThat(timers(false).environment()).containsOnlyKeys("HOME", "JAVA_HOME", "PATH");
  }

  @Test
  void aTrialThatDoesNotEndIsGivenUp() throws Exception {
    program("it", "sleep 60");
    assertThatThrownBy(() ->
            timers(false).tryOut(List.of(bin.resolve("it").toString()), Duration.ofMillis(300)))
        .hasMessageContaining("has not ended within");
  }

  @Test
  void aCalendarIsAskedOfSystemdWhereItIsThere() throws Exception {
    program("systemd-analyze", "[ \"$3\" = good ]");
    assertThat(timers(false).understands("good")).isTrue();
    assertThat(timers(false).understands("bad")).isFalse();
    environment.put("PATH", directory.toString());
    assertThat(timers(false).understands("bad")).as("nobody says").isTrue();
  }
}

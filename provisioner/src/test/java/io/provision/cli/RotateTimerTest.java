package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.Timers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rotation that is handed to a timer of this machine, and what is asked before. */
final class RotateTimerTest {
  @TempDir Path directory;
  private final Machine machine = new Machine();
  private final FakeProgram program = new FakeProgram();

  private static final String WINDOWS =
      "rotation: { windows: ['Sat 02:00-05:00 Asia/Seoul', 'last Sun of the month 02:00-05:00"
          + " Asia/Seoul'] }";

  private Session type(String cluster, String... options) {
    return typed(cluster, "", options);
  }

  private Session typed(String cluster, String ssh, String... options) {
    program.timers = machine;
    var _ =
        FakeProgram.write(
            directory.resolve("w.yml"),
            """
            cluster:
              name: home
              distribution: k3s
              version: v1.36.4+k3s1
              %s
            hosts:
              w1: { address: 192.0.2.1, roles: [control-plane] }
              w2: { address: 192.0.2.2, roles: [worker] }
            %s
            """
                .formatted(cluster, ssh));
    var line = new ArrayList<>(List.of("rotate", "w.yml"));
    line.addAll(List.of(options));
    return Session.type(program, directory, line.toArray(String[]::new));
  }

  @Test
  void itIsTriedOutThenInstalledAndSaysWhereItsLogIs() {
    var typed =
        type(
            WINDOWS,
            "--install-timer",
            "--limit",
            "w1,w2",
            "--forks",
            "3",
            "--older-than",
            "30d",
            "--without-room",
            "--without-api",
            "--command",
            "it $x\n100%",
            "--command-plan",
            "would it");
    assertThat(typed.exit()).as(typed.err()).isZero();
    var rotate =
        List.of(
            "/opt/it/provision",
            "rotate",
            directory.resolve("w.yml").toString(),
            "--forks",
            "3",
            "--limit",
            "w1,w2",
            "--older-than",
            "30d",
            "--without-room",
            "--without-api",
            "--command",
            "it $x\n100%",
            "--command-plan",
            "would it");
    var dry = new ArrayList<>(rotate);
    dry.add("--dry-run");
    assertThat(machine.tried).containsExactly(dry);
    assertThat(machine.installed).hasSize(1);
    var units = machine.installed.getFirst();
    assertThat(units.name()).isEqualTo("provision-rotate-home");
    assertThat(units.timer().lines())
        .contains(
            "OnCalendar=Sat *-*-* 02:00:00 Asia/Seoul",
            "OnCalendar=Sun *-*~07/1 02:00:00 Asia/Seoul",
            "Persistent=false",
            "WantedBy=timers.target",
            units.mark());
    assertThat(units.service().lines())
        .contains(
            "Type=oneshot",
            "Environment=\"HOME=/home/a b\"",
            "Environment=\"PATH=/usr/bin:/opt/100%%\"",
            "UnsetEnvironment=SSH_AUTH_SOCK",
            units.mark(),
            "ExecStart=\"%s\""
                .formatted(String.join("\" \"", rotate).replace("it $x\n100%", "it $$x\\n100%%")));
    assertThat(typed.out() + typed.err())
        .contains("trying it out")
        .contains("journalctl --user -u provision-rotate-home")
        .contains("the next window: Sat 2026-01-03 02:00 Asia/Seoul")
        .contains("loginctl enable-linger op");
    assertThat(program.requests).as("by a process of its own").isEmpty();
  }

  @Test
  void ofTheMachineItNeedsNobodysSession() {
    machine.root = true;
    var typed = type(WINDOWS, "--install-timer");
    assertThat(typed.out())
        .contains("journalctl -u provision-rotate-home")
        .doesNotContain("--user");
    assertThat(typed.err()).doesNotContain("linger");
  }

  @Test
  void withoutWindowsThereIsNothingToGoBy() {
    refused(type("", "--install-timer"), "it has no windows", "cluster.rotation.windows");
  }

  @Test
  void whoWouldBeAskedIsNotThere() {
    refused(type(WINDOWS, "--install-timer", "--ask-pass"), "--ask-pass", "nobody is there");
    refused(type(WINDOWS, "--install-timer", "--ask-become-pass"), "--ask-become-pass");
  }

  /** It is set here, and in no timer. */
  @Test
  void aVariableIsRefusedByItsName() {
    refused(
        typed(WINDOWS, "ssh: { become: { password: '${env:SUDO_PASSWORD}' } }", "--install-timer"),
        "${env:SUDO_PASSWORD}",
        "${file:PATH}");
  }

  @Test
  void whatItsDryRunSaysIsShownAndWhoMayHaveBeenReachedByAnAgent() {
    machine.trial = new Timers.Trial(4, List.of("w1: unreachable: no key was taken"));
    refused(
        type(WINDOWS, "--install-timer"),
        "nothing was installed",
        "exits 4",
        "w1: unreachable: no key was taken",
        "ssh-agent",
        "w1, w2");
  }

  @Test
  void aCalendarThatThisSystemdDoesNotKnowIsRefused() {
    machine.knows = false;
    refused(type(WINDOWS, "--install-timer"), "does not understand", "Sat 02:00-05:00");
    assertThat(machine.tried).isEmpty();
  }

  @Test
  void whatContradictsItIsRefused() {
    refused(type(WINDOWS, "--install-timer", "--now"), "--now");
    refused(type(WINDOWS, "--install-timer", "--dry-run"), "--dry-run");
    refused(type(WINDOWS, "--install-timer", "--remove-timer"), "--remove-timer");
  }

  @Test
  void withoutItsLauncherItCannotBeNamed() {
    machine.launcher = Optional.empty();
    refused(type(WINDOWS, "--install-timer"), "start it by the program");
  }

  @Test
  void itIsRemovedAlsoWhereTheWindowsAreGone() {
    machine.there = true;
    var typed = type("", "--remove-timer");
    assertThat(typed.exit()).isZero();
    assertThat(typed.out()).contains("provision-rotate-home.timer and its service are gone");
    machine.there = false;
    assertThat(type("", "--remove-timer").out()).contains("there is no provision-rotate-home");
    assertThat(machine.removed).containsExactly("provision-rotate-home", "provision-rotate-home");
  }

  private void refused(Session typed, String... words) {
    assertThat(typed.exit()).as(typed.out() + typed.err()).isEqualTo(2);
    assertThat(typed.err()).contains(words);
    assertThat(machine.installed).isEmpty();
  }

  /** A machine that takes everything and notes it. */
  private static final class Machine implements Timers {
    private final List<List<String>> tried = new ArrayList<>();
    private final List<Units> installed = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();
    private Trial trial = new Trial(0, List.of());
    private Optional<Path> launcher = Optional.of(Path.of("/opt/it/provision"));
    private boolean root;
    private boolean knows = true;
    private boolean there;

    @Override
    public Here here() {
      return new Here(root, root, "op", Path.of("/units"));
    }

    @Override
    public Map<String, String> environment() {
      return Map.of("HOME", "/home/a b", "PATH", "/usr/bin:/opt/100%");
    }

    @Override
    public Optional<Path> launcher() {
      return launcher;
    }

    @Override
    public Trial tryOut(List<String> command, Duration most) {
      tried.add(command);
      return trial;
    }

    @Override
    public boolean understands(String calendar) {
      return knows;
    }

    @Override
    public void install(Units units) {
      installed.add(units);
    }

    @Override
    public boolean remove(Units units) {
      removed.add(units.name());
      return there;
    }
  }
}

package io.provision.resource.unit;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Call;
import io.provision.remote.ShellFunction;
import io.provision.resource.LocalHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a unit says of its failure, in every shell that a host may have as /bin/sh. */
class UnitFailureTest {
  private static final String EXITED =
      "k3s.service: Main process exited, code=exited, status=1/FAILURE\n"
          + "k3s.service: Failed with result 'exit-code'.";
  private static final String ENDED = "k3s.service: Deactivated successfully.";
  private static final String AGAIN =
      "k3s.service: Scheduled restart job, restart counter is at 4.";

  @TempDir Path directory;

  static List<String> shells() {
    var shells = new ArrayList<String>();
    for (var shell : List.of("/bin/dash", "/bin/bash", "/bin/busybox")) {
      if (Files.isExecutable(Path.of(shell))) {
        shells.add(shell.endsWith("busybox") ? shell + " sh" : shell);
      }
    }
    assertThat(shells).isNotEmpty();
    return shells;
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aUnitThatRestartedThreeTimesWithTheSameLastWordsHasFailed(String shell) {
    var run =
        """
        time="2026-11-26T04:00:0%d Z" level=info msg="Starting k3s v1.36.4+k3s1"
        time="2026-11-26T04:00:0%<d Z" level=error msg="Shutdown request received: kubelet exited: \\"kubelet is configured to not run on a host using cgroup v1\\" (pid 12%<d)"
        E1126 04:00:0%<d.123456     12%<d controller.go:9] "Unhandled Error" err="noise"
        """;
    var log = run.formatted(1) + EXITED + "\n" + AGAIN + "\n";
    log += run.formatted(2) + EXITED + "\n" + run.formatted(3) + EXITED + "\n" + AGAIN;
    assertThat(hasFailed(shell, log, 3)).isTrue();
    assertThat(words(shell, log))
        .endsWith(
            "kubelet exited: \"kubelet is configured to not run on a host using cgroup v1\" (pid 123)")
        .doesNotContain("noise", "level=");
    assertThat(hasFailed(shell, log.replace(EXITED, ENDED), 3)).as("its exit code is 0").isTrue();
    // the controls
    assertThat(hasFailed(shell, log, 2)).isFalse();
    assertThat(hasFailed(shell, log.replace("(pid 122)", "once more"), 3)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aUnitWhoseServerIsOnlyJustStartingHasNotFailed(String shell) {
    var said = "level=fatal msg=\"failed to get CA certs: dial tcp 10.0.0.1:6443: %s\"\n";
    for (var why :
        List.of("connect: connection refused", "i/o timeout", "503 apiserver not ready")) {
      assertThat(hasFailed(shell, (said.formatted(why) + EXITED + "\n").repeat(9), 9))
          .as(why)
          .isFalse();
    }
    assertThat(hasFailed(shell, (said.formatted("bad token") + EXITED + "\n").repeat(9), 9))
        .isTrue();
  }

  /** It may have been mended since: what a server that was refused three times joins with. */
  @ParameterizedTest
  @MethodSource("shells")
  void whileItRunsOnceMoreItsOldWordsAreNoVerdict(String shell) {
    for (var sub : List.of("start", "start-pre", "running")) {
      assertThat(hasFailedIn(sub, shell, WORDS.repeat(6), "")).as(sub).isFalse();
      assertThat(hasFailedIn(sub, shell, WORDS.repeat(6), WORDS.repeat(2))).as(sub).isFalse();
      assertThat(hasFailedIn(sub, shell, WORDS.repeat(6), WORDS.repeat(3)))
          .as("%s: three times more since it is waited for", sub)
          .isTrue();
    }
    assertThat(hasFailedIn("auto-restart", shell, WORDS.repeat(6), "")).as("not tried").isFalse();
    assertThat(hasFailedIn("auto-restart", shell, WORDS.repeat(5), WORDS)).isTrue();
    assertThat(hasFailedIn("failed", shell, WORDS.repeat(6), "")).as("never again").isTrue();
  }

  /** As with a RestartSec below a second: systemd gives up, and its own word is no reason. */
  @ParameterizedTest
  @MethodSource("shells")
  void oneThatSystemdDoesNotStartAnyMoreHasFailedForItsOwnReason(String shell) {
    var log =
        WORDS.repeat(2)
            + "k3s.service: Start request repeated too quickly.\n"
            + "k3s.service: Failed with result 'exit-code'.\nFailed to start k3s.service.\n";
    assertThat(hasFailedIn("failed", shell, log, "")).isTrue();
    assertThat(words(shell, log)).isEqualTo("duplicate node name\nduplicate node name");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void oneThatNeverSaysThatItIsUpIsNotBlamedOnWhatItSaidWhenItWasEnded(String shell) {
    var run =
        "Starting k3s.service\nlevel=info msg=\"Running\"\n"
            + "k3s.service: start operation timed out. Terminating.\n"
            + "level=fatal msg=\"context canceled %d\"\nk3s.service: Failed with result 'timeout'.\n";
    var log = run.formatted(1) + run.formatted(2) + run.formatted(3);
    assertThat(hasFailedIn("auto-restart", shell, log, run.formatted(4))).isTrue();
    assertThat(words(shell, log)).endsWith("it never said that it is up").doesNotContain("cancel");
  }

  private static final String WORDS =
      "time=\"t\" level=fatal msg=\"duplicate node name\"\n" + EXITED + "\n";

  /**
   * @param since what it said since it is waited for; all else is older
   */
  private boolean hasFailedIn(String sub, String shell, String log, String since) {
    try {
      var recent = Files.writeString(directory.resolve("recent"), since);
      var all = Files.writeString(directory.resolve("all"), log + since);
      var host =
          new LocalHost(directory)
              .in(shell.split(" "))
              .program(
                  "journalctl",
                  "case \"$*\" in *--since=@77*) cat %s ;; *) cat %s ;; esac"
                      .formatted(recent, all))
              .program("systemctl", "printf 'NRestarts=6\\nSubState=%s\\n'".formatted(sub));
      var waiting =
          new ShellFunction(
              "waiting",
              "wait_began=77\nunit_has_failed k3s.service",
              List.of(UnitFailure.HAS_FAILED));
      assertThat(host.run(Call.of(UnitFailure.HAS_FAILED, "k3s.service")).ok())
          .as("outside of a wait")
          .isEqualTo(!sub.startsWith("start") && !sub.equals("running"));
      return host.run(Call.of(waiting)).ok();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aProgramWithoutALevelIsQuotedByItsLastLineAndAMuteOneBySystemd(String shell) {
    assertThat(words(shell, "Starting demo.service\nfirst\ncannot open /x\n" + EXITED))
        .isEqualTo("cannot open /x");
    assertThat(words(shell, "Started demo.service\n" + EXITED))
        .isEqualTo("code=exited, status=1/FAILURE");
    assertThat(words(shell, "Started demo.service\n" + ENDED)).isEqualTo("it ended");
    assertThat(words(shell, "Error: unknown flag: --failCgroupV1\nUsage: kubelet\n" + EXITED))
        .isEqualTo("Error: unknown flag: --failCgroupV1");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void garbageAMegabyteAndNothingAreNoFailure(String shell) {
    var garbage = "\u0000\u001b[31m%s $(touch x) `touch x` \\\n";
    for (var log : List.of("", garbage, garbage.repeat(60_000))) {
      for (var restarts :
          List.of("", "NRestarts=", "NRestarts=-1", "NRestarts=99999999999999", "x")) {
        var host = host(shell, log).program("systemctl", "echo '" + restarts + "'");
        assertThat(host.run(Call.of(UnitFailure.HAS_FAILED, "k3s.service")).ok()).isFalse();
      }
    }
  }

  private boolean hasFailed(String shell, String log, int restarts) {
    return host(shell, log)
        .program("systemctl", "echo NRestarts=" + restarts)
        .run(Call.of(UnitFailure.HAS_FAILED, "k3s.service"))
        .ok();
  }

  private String words(String shell, String log) {
    return host(shell, log).run(Call.of(UnitFailure.LAST_WORDS, "k3s.service")).output();
  }

  private LocalHost host(String shell, String log) {
    try {
      var file = Files.writeString(directory.resolve("log"), log);
      return new LocalHost(directory).in(shell.split(" ")).program("journalctl", "cat " + file);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

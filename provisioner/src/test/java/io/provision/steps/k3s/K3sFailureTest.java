package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.resource.LocalHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A hint stands on what k3s itself said last, not on a word somewhere in its log. */
class K3sFailureTest {
  private static final String EXITED =
      "\nk3s.service: Main process exited, code=exited, status=1/FAILURE"
          + "\nk3s.service: Failed with result 'exit-code'.\n";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kubelet is configured to not run on a host using cgroup v1 | failCgroupV1",
        "failed to find memory cgroup (v2) | cgroup_enable=memory",
        "etcd cluster join failed: duplicate node name found, please use a unique name for this node | kubectl delete node",
        "Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' | node-password.k3s",
        "listen tcp :6443: bind: address already in use | ss -ltnp",
        "token CA hash does not match the Cluster CA certificate hash | token",
        "write /var/lib/rancher/k3s/x: no space left on device | df -h",
        "flag provided but not defined: -colour | setting of the inventory"
      })
  void whatItSaidLastChoosesTheHint(String said, String hint) throws IOException {
    var text = explained("time=\"t\" level=fatal msg=\"" + said + "\"" + EXITED);
    assertThat(text.lines().toList().get(0)).isEqualTo("reason: " + said);
    assertThat(text.lines().toList().get(1)).startsWith("hint: ").contains(hint);
  }

  @Test
  void aWordInTheNoiseGivesNoHint() throws IOException {
    var text =
        explained(
            """
            time="t" level=info msg="cgroup: memory controller is not there, not used"
            time="t" level=error msg="dial tcp: connect: connection refused"
            time="t" level=fatal msg="it is full moon"\
            """
                + EXITED);
    assertThat(text).startsWith("reason: it is full moon\n").doesNotContain("hint: ");
  }

  @Test
  void oneThatNeverEndedIsExplainedByItsLastError() throws IOException {
    assertThat(
            explained(
                """
                time="t" level=error msg="Waiting to retrieve agent configuration: 401 Unauthorized"
                time="t" level=info msg="Waiting"
                """))
        .startsWith("reason: Waiting to retrieve agent configuration: 401 Unauthorized\n")
        .contains("hint: its token is not that of this cluster");
  }

  @Test
  void whoKeepsAskingAnotherClusterHasFailedAndWhoCannotReachItsServerHasNot() throws IOException {
    var says =
        "time=\"t\" level=error msg=\"Failed to validate connection to cluster at"
            + " https://10.0.0.1:6443: %s\"\n";
    var other = says.formatted("token CA hash does not match the Cluster CA certificate hash");
    var starting = says.formatted("failed to get CA certs: dial tcp: connect: connection refused");
    assertThat(hasFailed(other.repeat(5))).isTrue();
    assertThat(hasFailed(other.repeat(4))).isFalse();
    assertThat(hasFailed(other.repeat(4) + starting)).isFalse();
    assertThat(hasFailed(starting.repeat(5))).isFalse();
  }

  /** As k3s 1.36.3 says it, every few seconds and for ever. */
  private static final String WAITING =
      "time=\"t\" level=info msg=\"Waiting to retrieve agent configuration; server is not ready: %s\"\n";

  private static final String REFUSED =
      WAITING.formatted("failed to retrieve configuration from server: not authorized");
  private static final String NO_OVERLAY =
      "time=\"t\" level=warning msg=\"Host resolv.conf includes loopback\"\n"
          + WAITING.formatted(
              "\\\"overlayfs\\\" snapshotter cannot be enabled for \\\"/x\\\", try using"
                  + " \\\"native\\\": failed to mount overlay");

  @ParameterizedTest
  @ValueSource(strings = {"token", "overlay"})
  void whatItCallsAServerThatIsNotReadyHasFailedWhereNoServerCanMendIt(String kind)
      throws IOException {
    var says = kind.equals("overlay") ? NO_OVERLAY : REFUSED;
    var starting = WAITING.formatted("https://127.0.0.1:6444/v1-k3s/config: 503");
    assertThat(hasFailed(starting + says.repeat(5))).isTrue();
    assertThat(hasFailed(says.repeat(4))).isFalse();
    assertThat(hasFailed(says.repeat(5) + starting)).as("a server that comes").isFalse();
    assertThat(hasFailed(says.repeat(5) + "Started k3s-agent.service.\n" + says))
        .as("started anew, mended perhaps")
        .isFalse();
    assertThat(hasFailed(starting.repeat(9))).isFalse();
  }

  @Test
  void whatItSaysOnlyAtLevelInfoIsTheReasonWithItsHint() throws IOException {
    assertThat(explained(NO_OVERLAY.repeat(5), 0))
        .startsWith("reason: \"overlayfs\" snapshotter cannot be enabled for \"/x\"")
        .contains("hint: /var/lib/rancher lies on a file system that overlayfs cannot use");
    assertThat(explained(REFUSED.repeat(5), 0))
        .startsWith("reason: failed to retrieve configuration from server: not authorized\nhint: ")
        .contains("its token is not that of this cluster");
  }

  /**
   * It ended before for a reason that is no longer there, and asks now with a token that is wrong.
   */
  @Test
  void whatARunningOneSaysIsTheReasonAndNotWhatItEndedForBefore() throws IOException {
    var before =
        "time=\"t\" level=fatal msg=\"long ago\"" + EXITED + "Started k3s-agent.service.\n";
    var text = explained(before + REFUSED, "printf 'SubState=running\\nNRestarts=3\\n'");
    assertThat(text)
        .startsWith("reason: failed to retrieve configuration from server: not authorized\nhint: ")
        .doesNotContain("reason: long ago");
    assertThat(explained(before + REFUSED, "printf 'SubState=auto-restart\\nNRestarts=3\\n'"))
        .startsWith("reason: long ago\n");
    assertThat(explained(before, "printf 'SubState=running\\nNRestarts=3\\n'"))
        .as("it has said nothing yet")
        .startsWith("reason: long ago\n");
  }

  @Test
  void anAgentWhoseDiskIsFullHasFailed() throws IOException {
    var full = WAITING.formatted("write /var/lib/rancher/k3s/agent/x.crt: no space left on device");
    assertThat(hasFailed(full.repeat(5))).isTrue();
    assertThat(hasFailed(full.repeat(4))).isFalse();
    assertThat(explained(full.repeat(5), 0)).contains("reason: write /var/lib", "hint: free some");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void anUpgradeWaitsForTheUnitAndSaysWhyItIsNotUp(String shell) throws IOException {
    var words = "time=\"t\" level=fatal msg=\"it is full moon\"" + EXITED;
    assertThat(awaited(shell, 0, 3, words).ok()).as("up").isTrue();

    var never = awaited(shell, 1, 0, "");
    assertThat(never.ok()).isFalse();
    assertThat(never.output())
        .contains("k3s.service is not up")
        .containsOnlyOnce("is not up")
        .contains("slept 1\nslept 1\n");

    var failed = awaited(shell, 1, 3, words.repeat(3));
    assertThat(failed.ok()).isFalse();
    assertThat(failed.output())
        .contains("k3s.service is not up: it is full moon")
        .doesNotContain("slept");
  }

  /**
   * @param isActive what systemd says of the unit, by its exit status
   */
  private Frame awaited(String shell, int isActive, int restarts, String log) throws IOException {
    var file = Files.writeString(directory.resolve("log"), log);
    return new LocalHost(directory)
        .in(shell.split(" "))
        .program("journalctl", "cat " + file)
        .program(
            "systemctl",
            "[ \"$1\" = is-active ] && exit %d; echo NRestarts=%d".formatted(isActive, restarts))
        .program("sleep", "echo \"slept $1\"")
        .attempt(Script.of(K3sScripts.AWAIT, "k3s.service", "3"));
  }

  private boolean hasFailed(String log) throws IOException {
    var file = Files.writeString(directory.resolve("log"), log);
    return new LocalHost(directory)
        .program("journalctl", "tail -n 60 " + file)
        .program("systemctl", "echo NRestarts=0")
        .run(Call.of(K3sFailure.HAS_FAILED, "k3s-agent.service"))
        .ok();
  }

  @Test
  void whatItSaidWhenItWasStoppedBeforeIsNoReason() throws IOException {
    var stopped = "time=\"t\" level=fatal msg=\"long ago\"" + EXITED + "Starting\n";
    assertThat(explained(stopped, 1)).startsWith("reason: long ago\n");
    assertThat(explained(stopped + "time=\"t\" level=info msg=now", 0)).endsWith("msg=now");
    assertThat(explained("time=\"t\" level=info msg=now\n", 0)).doesNotContain("reason:");
  }

  private String explained(String log) throws IOException {
    return explained(log, 3);
  }

  private String explained(String log, int restarts) throws IOException {
    return explained(log, "echo NRestarts=" + restarts);
  }

  private String explained(String log, String systemctl) throws IOException {
    var file = Files.writeString(directory.resolve("log"), log);
    return new LocalHost(directory)
        .program("journalctl", "cat " + file)
        .program("systemctl", systemctl)
        .run(Call.of(K3sFailure.EXPLAIN, "k3s.service"))
        .output();
  }
}

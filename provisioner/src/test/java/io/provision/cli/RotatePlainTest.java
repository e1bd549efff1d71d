package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.playbook.Play;
import io.provision.model.HostName;
import io.provision.model.rotation.Rotation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rotate} of hosts without Kubernetes, and of hosts beside one, on a Friday at noon. */
final class RotatePlainTest {
  private static final String HOSTS =
      """
      hosts:
        w1: { address: 192.0.2.1 }
        w2: { address: 192.0.2.2 }
      """;

  private static final String NONE = "cluster: { name: home, distribution: none%s }\n" + HOSTS;
  private static final String SHUT = ", rotation: { windows: ['Sat 02:00-05:00 Asia/Seoul'] }";

  @TempDir Path directory;
  private final FakeProgram program = new FakeProgram();

  private Session type(String inventory, String... options) {
    var _ = FakeProgram.write(directory.resolve("w.yml"), inventory);
    var line = new ArrayList<>(List.of("rotate", "w.yml"));
    line.addAll(List.of(options));
    return Session.type(program, directory, line.toArray(String[]::new));
  }

  /** What is done in which play: hosts, then steps. */
  private List<String> plays() {
    return program.requests.getLast().playbook().plays().stream()
        .filter(Play.OnHosts.class::isInstance)
        .map(Play.OnHosts.class::cast)
        .filter(play -> play.name().startsWith("reboots"))
        .map(play ->
            play.hosts().stream().map(it -> it.name().value()).toList()
                + " "
                + play.items().stream().map(it -> it.ref().name()).toList())
        .toList();
  }

  @Test
  void hostsOfNoKubernetesAreRebootedOneAfterAnother() {
    for (var inventory : List.of(NONE.formatted(""), HOSTS)) {
      assertThat(type(inventory).exit()).isZero();
      assertThat(plays())
          .containsExactly("[w1, w2] [self-reboots, host-in-use, hosts-present, host-reboot]");
      assertThat(program.requests.getLast().options().only())
          .containsExactlyInAnyOrder("host-in-use", "hosts-present", "host-reboot");
    }
  }

  @Test
  void hostsBesideAKubernetesComeBehindItsNodes() {
    var typed =
        type(
            """
            cluster: { name: home, distribution: k3s, version: v1.36.4+k3s1 }
            hosts:
              s1: { address: 192.0.2.3, roles: [storage] }
              w1: { address: 192.0.2.1, roles: [worker] }
              w2: { address: 192.0.2.2, roles: [control-plane] }
            """);
    assertThat(typed.exit()).isZero();
    assertThat(plays())
        .containsExactly(
            "[w2, w1] [self-reboots, node-reboot]",
            "[s1] [self-reboots, host-in-use, hosts-present, host-reboot]");
  }

  /** As where a host is locked: somebody else is at it. */
  @Test
  void whileAnotherRunHasAHostAwayItEndsAsWhereAHostIsLocked() {
    program.stepName = "hosts-present";
    program.outcome = new Outcome.Failed(new Failure("w2 is away by another run", "wait"));
    assertThat(type(NONE.formatted("")).exit()).isEqualTo(6);
    assertThat(type(NONE.formatted(""), "--dry-run").exit()).isEqualTo(6);
    program.stepName = "host-reboot";
    assertThat(type(NONE.formatted("")).exit()).isEqualTo(1);
  }

  @Test
  void theirWindowsStandAtTheClusterOfNone() {
    program.stepName = "host-reboot";
    program.outcome = new Outcome.Skipped("no window is open");
    var typed = type(NONE.formatted(SHUT));
    assertThat(typed.exit()).isEqualTo(7);
    assertThat(typed.err()).contains("not rebooted, although they want it: w1");
    assertThat(type(NONE.formatted(SHUT), "--now").exit()).isZero();
  }

  @Test
  void aTimerOfHostsWithoutAClusterIsRefusedInWords() {
    var typed = type(HOSTS, "--remove-timer");
    assertThat(typed.exit()).isEqualTo(2);
    assertThat(typed.err()).contains("it has no 'cluster', whose name and windows a timer goes by");
  }

  @Test
  void anAgeIsOfAClusterAndRefusedWithoutOne() {
    var typed = type(HOSTS, "--older-than", "30d");
    assertThat(typed.exit()).isEqualTo(2);
    assertThat(typed.err()).contains("--older-than", "no 'cluster'");
  }

  @Test
  void whatIsAboutPodsIsRefusedWhereThereAreNone() {
    var typed = type(HOSTS, "--without-room");
    assertThat(typed.exit()).isEqualTo(2);
    assertThat(typed.err()).contains("--without-room", "no Kubernetes");
    assertThat(type(HOSTS, "--without-api").err()).contains("--without-api", "no Kubernetes");
    assertThat(program.requests).isEmpty();
  }

  @Test
  void anAgeIsOfHostsWithoutKubernetesToo() {
    assertThat(type(NONE.formatted(""), "--older-than", "30d").exit()).isZero();
    assertThat(Rotation.of(program.requests.getLast().inventory()).olderThan()).isPresent();
  }

  @Test
  void limitedToOneHostTheOthersAreAskedAllTheSame() {
    assertThat(type(HOSTS, "--limit", "w2").exit()).isZero();
    assertThat(plays())
        .containsExactly("[w1, w2] [self-reboots, host-in-use, hosts-present, host-reboot]");
    assertThat(program.requests.getLast().options().limit().orElseThrow().toString())
        .isEqualTo("[%s]".formatted(new HostName("w2")));
  }

  @Test
  void whatIsRunBeforeAReboot() {
    for (var options :
        List.of(
            List.of("--upgrade"),
            List.of("--command", "apt-get -y upgrade"),
            List.of("--command", "it", "--command-plan", "would it"))) {
      assertThat(type(HOSTS, options.toArray(String[]::new)).exit()).as("%s", options).isZero();
    }
    refused("--command-plan", "--command-plan", "would it");
    refused("--upgrade", "--upgrade", "--command", "it");
    refused("--command", "--command", " ");
    refused("--advise", "--advise", "--upgrade");
    refused("--kill", "--kill", "w1", "--upgrade");
  }

  private void refused(String named, String... options) {
    var requests = program.requests.size();
    var typed = type(HOSTS, options);
    assertThat(typed.exit()).as(typed.err()).isEqualTo(2);
    assertThat(typed.err()).contains(named);
    assertThat(program.requests).hasSize(requests);
  }
}

package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.Timers;
import io.provision.engine.playbook.Play;
import io.provision.kube.ClusterChange;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.DeclaredObject;
import io.provision.kube.Manifest;
import io.provision.kube.RawObject;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Cases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rotation that is handed to its own cluster, and what is asked before. */
final class RotateCronJobTest {
  private static final String WINDOWS = "rotation: { windows: ['Sat 02:00-05:00 Asia/Seoul'] }";
  private static final String IMAGE = "registry.home/provision:1";

  @TempDir Path directory;
  private final FakeProgram program = new FakeProgram();
  private final TriedHere machine = new TriedHere();

  @BeforeEach
  void key() throws Exception {
    Files.writeString(directory.resolve("key"), "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    Files.writeString(directory.resolve("known"), "192.0.2.1 ssh-ed25519 AAAA\n");
  }

  private Session type(String cluster, String ssh, String... options) {
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
            ssh: { key: key, known_hosts: known %s }
            hosts:
              w1: { address: 192.0.2.1, roles: [control-plane] }
              w2: { address: 192.0.2.2, roles: [worker] }
            """
                .formatted(cluster, ssh));
    var line = new ArrayList<>(List.of("rotate", "w.yml"));
    line.addAll(List.of(options));
    return Session.type(program, directory, line.toArray(String[]::new));
  }

  private Session install(String... more) {
    var words = new ArrayList<>(List.of("--install-cronjob", "--image", IMAGE));
    words.addAll(List.of(more));
    return type(WINDOWS, "", words.toArray(String[]::new));
  }

  /** What a cluster without any of it would be given. */
  private List<Manifest> made() {
    var plays = program.requests.getLast().playbook().plays();
    var step = ((Play.OnCluster) plays.getLast()).items().getFirst().step();
    var target = new Target.OnCluster(program.requests.getLast().inventory());
    var seen = new Observations.Builder();
    for (var question : step.probes(target).cluster()) {
      seen.put(
          question,
          question instanceof ClusterQuestion.Declared
              ? new DeclaredObject(Optional.empty())
              : question instanceof ClusterQuestion.All ? List.of() : Optional.empty());
    }
    var check = step.check(target, seen.build(), new Cases.Settled());
    if (check instanceof Check.Drift(var _, Repair.OnCluster(var changes), Observed _)) {
      return changes.stream()
          .map(it -> it instanceof ClusterChange.Apply(var made, var _) ? made : null)
          .filter(it -> it != null)
          .toList();
    }
    return List.of();
  }

  /** Programs and files of this machine, which no pod has. */
  @Test
  void whatIsOfThisMachineIsRefusedByItsName() throws Exception {
    for (var own :
        List.of(
            "checks: [{ name: asked, command: [sh, -c, 'exit 0'] }]",
            "hooks: { before_drain: [{ name: asked, command: [sh, -c, 'exit 0'] }] }",
            "hooks: { after_return: [{ name: asked, command: [sh, -c, 'exit 0'] }] }",
            "metrics: /var/lib/asked.prom")) {
      Files.deleteIfExists(directory.resolve("w.yml")); // it is written once
      var there = WINDOWS.replace("] }", "], " + own + " }");
      var typed = type(there, "", "--install-cronjob", "--image", IMAGE);
      assertThat(typed.exit()).as(own).isEqualTo(2);
      var named = own.replaceFirst(":.*", "").replace("checks", "checks by a program (asked)");
      assertThat(typed.err())
          .as(own)
          .contains(
              named.equals("hooks") ? "its hooks that run here (asked)" : named, "--install-timer");
      assertThat(program.requests).as(own).isEmpty();
    }
    Files.delete(directory.resolve("w.yml"));
    var onHosts = "hooks: { before_drain: [{ name: asked, command: [/bin/it], on: host }] }";
    var typed =
        type(
            WINDOWS.replace("] }", "], " + onHosts + " }"),
            "",
            "--install-cronjob",
            "--image",
            IMAGE);
    assertThat(typed.exit()).as(typed.err()).isZero();
  }

  /** Without it a pod would look for the artifacts themselves, and has none. */
  @Test
  void whatIsPinnedIsBroughtAlong() throws Exception {
    Files.writeString(directory.resolve("provision.lock"), "k3s/v1.36.4+k3s1/amd64/k3s: abc\n");
    assertThat(install().exit()).isZero();
    var brought =
        made().stream()
            .filter(it -> it.ref().kind().equals("ConfigMap"))
            .map(it -> RawObject.map(it.content().get("data")).values())
            .findFirst()
            .orElseThrow();
    assertThat(brought.stream().map(Object::toString))
        .contains("k3s/v1.36.4+k3s1/amd64/k3s: abc\n");
  }

  private Map<String, Object> spec(String kind, String name) {
    return made().stream()
        .filter(it -> it.ref().kind().equals(kind) && it.ref().name().equals(name))
        .map(it -> RawObject.map(it.content().get("spec")))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Object> in(Map<String, Object> object, String... path) {
    var at = object;
    for (var key : path) {
      at = RawObject.map(at.get(key));
    }
    return at;
  }

  @Test
  void itIsTriedOutThenPutThereAndSaidWhatItsSecretMeans() {
    var typed = install("--older-than", "30d");
    assertThat(typed.exit()).as(typed.out() + typed.err()).isZero();
    assertThat(machine.tried)
        .containsExactly(
            List.of(
                "/opt/it/provision",
                "rotate",
                directory.resolve("w.yml").toString(),
                "--older-than",
                "30d",
                "--dry-run"));
    assertThat(typed.err())
        .contains("Secret provision-rotation/provision-rotate-home has the SSH key")
        .contains("is root on all hosts");
    assertThat(typed.out())
        .contains("'0 2 * * 6' by the clocks of Asia/Seoul")
        .contains("the next window: Sat 2026-01-03 02:00 Asia/Seoul")
        .contains("its log: kubectl -n provision-rotation logs")
        .contains("create job --from=cronjob/provision-rotate-home");
    assertThat(program.requests.getLast().options().only()).containsExactly("rotation-cronjob");
  }

  @Test
  void aDryRunShowsItAndTriesNothing() {
    assertThat(install("--dry-run").exit()).isZero();
    assertThat(machine.tried).isEmpty();
    assertThat(made()).isNotEmpty();
  }

  @Test
  void itRunsInTheWindowOnceAtATimeAndWithoutRights() {
    install();
    var cronJob = spec("CronJob", "provision-rotate-home");
    assertThat(cronJob)
        .containsEntry("schedule", "0 2 * * 6")
        .containsEntry("timeZone", "Asia/Seoul")
        .containsEntry("concurrencyPolicy", "Forbid")
        .containsEntry("startingDeadlineSeconds", 3600L);
    var job = in(cronJob, "jobTemplate", "spec");
    assertThat(job).containsEntry("activeDeadlineSeconds", 7 * 3600L).containsKey("backoffLimit");
    var pod = in(job, "template", "spec");
    assertThat(pod)
        .containsEntry("automountServiceAccountToken", false)
        .containsEntry("serviceAccountName", "provision-rotate-home")
        .containsEntry("restartPolicy", "Never")
        .doesNotContainKeys("hostNetwork", "hostPID", "nodeName");
    assertThat(in(pod, "securityContext"))
        .containsEntry("runAsNonRoot", true)
        .containsEntry("seccompProfile", Map.of("type", "RuntimeDefault"));
    for (var kind : List.of("containers", "initContainers")) {
      for (var each : (List<?>) pod.get(kind)) {
        assertThat(in(RawObject.map(each), "securityContext"))
            .containsEntry("allowPrivilegeEscalation", false)
            .containsEntry("readOnlyRootFilesystem", true)
            .containsEntry("capabilities", Map.of("drop", List.of("ALL")));
      }
    }
    var first = RawObject.map(((List<?>) pod.get("initContainers")).getFirst());
    assertThat(first.get("volumeMounts").toString()).doesNotContain("serviceaccount");
  }

  /** By the same paths as here, so that the inventory is read as it is. */
  @Test
  void whatItReadsIsBroughtAlongTheKeyInTheSecretAlone() {
    install();
    var objects = made();
    var secret = content(objects, "Secret");
    assertThat(in(secret, "data").values())
        .singleElement()
        .satisfies(it ->
            assertThat(
                    new String(
                        Base64.getDecoder().decode(it.toString()),
                        java.nio.charset.StandardCharsets.UTF_8))
                .contains("PRIVATE KEY"));
    var config = content(objects, "ConfigMap");
    assertThat(in(config, "data").values().toString())
        .contains("distribution: k3s", "ssh-ed25519")
        .doesNotContain("PRIVATE KEY");
    var pod =
        in(spec("CronJob", "provision-rotate-home"), "jobTemplate", "spec", "template", "spec");
    assertThat(pod.get("containers").toString())
        .contains(
            "mountPath=" + directory.resolve("w.yml"),
            "mountPath=" + directory.resolve("key"),
            "mountPath=" + directory.resolve("known"));
  }

  private static Map<String, Object> content(List<Manifest> objects, String kind) {
    return objects.stream()
        .filter(it -> it.ref().kind().equals(kind))
        .map(Manifest::content)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aJanitorResumesEachHour() {
    install("--janitor");
    var pod =
        in(
            spec("CronJob", "provision-rotate-home-janitor"),
            "jobTemplate",
            "spec",
            "template",
            "spec");
    assertThat(pod.get("containers").toString()).contains("--resume");
    var budget =
        in(spec("PodDisruptionBudget", "provision-rotate-home"), "selector", "matchLabels");
    assertThat(budget).containsEntry("app.kubernetes.io/component", "rotation");
  }

  /** What says whom a rotation reboots is nothing to one that only gives back. */
  @Test
  void eachIsStartedByACommandThatIsTaken() {
    install(
        "--janitor",
        "--older-than",
        "30d",
        "--without-room",
        "--without-api",
        "--upgrade",
        "--limit",
        "w2");
    var objects = made();
    for (var name : List.of("provision-rotate-home", "provision-rotate-home-janitor")) {
      var job =
          objects.stream()
              .filter(it -> it.ref().name().equals(name) && it.ref().kind().equals("CronJob"));
      var spec =
          in(
              job.findFirst().orElseThrow().content(),
              "spec",
              "jobTemplate",
              "spec",
              "template",
              "spec");
      var container = (Map<?, ?>) ((List<?>) spec.get("containers")).getFirst();
      var words = ((List<?>) container.get("command")).stream().map(Object::toString).toList();
      assertThat(words).startsWith("provision", "rotate").containsSequence("--limit", "w2");
      var typed = Session.type(program, directory, words.stream().skip(1).toArray(String[]::new));
      assertThat(typed.exit()).as("%s: %s", words, typed.err()).isIn(0, 7);
    }
  }

  @Test
  void whatNoPodCanReadIsRefused() {
    refused(type(WINDOWS, "", "--install-cronjob"), "--image");
    refused(install("--ask-pass"), "--ask-pass", "nobody is there");
  }

  @Test
  void withoutWindowsThereIsNothingToGoBy() {
    refused(type("", "", "--install-cronjob", "--image", IMAGE), "it has no windows");
  }

  @Test
  void aVariableIsRefusedByItsName() {
    refused(
        type(
            WINDOWS,
            ", become: { password: '${env:SUDO_PASSWORD}' }",
            "--install-cronjob",
            "--image",
            IMAGE),
        "${env:SUDO_PASSWORD}",
        "${file:PATH}");
  }

  @Test
  void aProgramIsRefused() {
    refused(
        type(
            WINDOWS,
            ", become: { password: '${cmd:[pass, sudo]}' }",
            "--install-cronjob",
            "--image",
            IMAGE),
        "${cmd:[pass, sudo]}",
        "no pod has");
  }

  @Test
  void aSecretInPlainIsRefused() {
    refused(
        type(WINDOWS, ", become: { password: hunter2 }", "--install-cronjob", "--image", IMAGE),
        "in plain",
        "ConfigMap");
  }

  @Test
  void aFileWithASecretIsBrought() throws Exception {
    var file = Files.writeString(directory.resolve("sudo"), "hunter2\n");
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    var typed =
        type(
            WINDOWS,
            ", become: { password: '${file:sudo}' }",
            "--install-cronjob",
            "--image",
            IMAGE);
    assertThat(typed.exit()).as(typed.err()).isZero();
    assertThat(in(content(made(), "Secret"), "data")).hasSize(2);
    assertThat(content(made(), "ConfigMap").toString()).doesNotContain("hunter2");
  }

  @Test
  void withoutAKeyInAFileNobodyCouldLogIn() throws Exception {
    Files.delete(directory.resolve("key"));
    refused(install(), "neither a key in a file nor a password");
  }

  @Test
  void whatContradictsItIsRefused() {
    refused(install("--now"), "--install-cronjob");
    refused(install("--remove-cronjob"), "--remove-cronjob");
    refused(install("--install-timer"), "--install-cronjob");
    refused(type(WINDOWS, "", "--image", IMAGE), "--install-cronjob only");
    refused(type(WINDOWS, "", "--namespace", "x"), "--namespace");
    refused(install("--namespace", "kube-system"), "--namespace");
    refused(type(WINDOWS, "", "--resume", "--now"), "--resume");
  }

  @Test
  void itIsTakenOutByAStepOfItsOwn() {
    assertThat(type("", "", "--remove-cronjob").exit()).isZero();
    assertThat(made()).isEmpty();
    assertThat(program.requests.getLast().options().only()).containsExactly("rotation-cronjob");
  }

  private void refused(Session typed, String... words) {
    assertThat(typed.exit()).as(typed.out() + typed.err()).isEqualTo(2);
    assertThat(typed.err()).contains(words);
    assertThat(program.requests).isEmpty();
  }

  /** A machine that tries everything out and installs nothing. */
  private static final class TriedHere implements Timers {
    private final List<List<String>> tried = new ArrayList<>();

    @Override
    public Here here() {
      throw new IllegalStateException("no systemd is asked");
    }

    @Override
    public Map<String, String> environment() {
      return Map.of();
    }

    @Override
    public Optional<Path> launcher() {
      return Optional.of(Path.of("/opt/it/provision"));
    }

    @Override
    public Trial tryOut(List<String> command, Duration most) {
      tried.add(command);
      return new Trial(0, List.of());
    }

    @Override
    public boolean understands(String calendar) {
      throw new IllegalStateException("no systemd is asked");
    }

    @Override
    public void install(Units units) {
      throw new IllegalStateException("no timer is wanted");
    }

    @Override
    public boolean remove(Units units) {
      throw new IllegalStateException("no timer is there");
    }
  }
}

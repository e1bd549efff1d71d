package io.provision.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Inputs;
import io.provision.cli.run.Program;
import io.provision.cli.run.Refused;
import io.provision.cli.run.RunRequest;
import io.provision.cli.run.UnderWay;
import io.provision.console.Display;
import io.provision.console.Operator;
import io.provision.console.Problem;
import io.provision.console.text.Table;
import io.provision.desk.HeldSnapshot;
import io.provision.desk.SnapshotCopies;
import io.provision.engine.Runner;
import io.provision.engine.TaskGraphRefused;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.RunVerb;
import io.provision.engine.event.SavedPlan;
import io.provision.engine.event.TargetName;
import io.provision.engine.session.Interrupt;
import io.provision.load.bind.Surroundings;
import io.provision.model.HostName;
import io.provision.model.Secret;
import io.provision.model.Sha256;
import io.provision.remote.Interposed;
import io.provision.remote.LocalShell;
import io.provision.remote.Moved;
import io.provision.remote.Transport;
import io.provision.ssh.HostKeys;
import io.provision.step.doctor.Examined;
import io.provision.steps.kubernetes.etcd.SoundSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A cluster of k3s that is lost begins again from an archive, on hosts that are directories. */
final class EtcdRestoreTest {
  private static final String INVENTORY =
      """
      cluster:
        name: home
        distribution: k3s
        version: v1.36.4+k3s1
        endpoint: 192.0.2.1
        network: { node_cidr: 192.0.2.0/24 }
      hosts:
        a: { address: 192.0.2.1, roles: [control-plane] }
        b: { address: 192.0.2.2, roles: [control-plane] }
        w: { address: 192.0.2.3, roles: [worker] }
      """;

  private static final String K3S =
      """
      #!/bin/sh
      server=${0%/*}/rancher/k3s/server
      [ -s "${0%/*}/etc-rancher/k3s/server-token" ] || exit 9
      case $* in
      'server --cluster-reset --cluster-reset-restore-path='*)
        echo "$*" >"${0%/*}/asked"
        mkdir -p "$server/db/etcd/member"
        : >"$server/db/reset-flag" ;;
      *) exit 8 ;;
      esac
      """;

  @TempDir Path directory;
  private LocalShell hosts;
  private final List<RunRequest> applied = new ArrayList<>();
  private final List<Boolean> marked = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private Outcome outcome = new Outcome.Ok();
  private Optional<String> typed = Optional.of("home");
  private Optional<String> keys = Optional.empty();
  private List<String> placed =
      List.of(
          "/var/lib/rancher/k3s/server/token",
          "/var/lib/rancher/k3s/server/tls",
          "/etc/rancher/k3s/server-token",
          "/etc/rancher/k3s/agent-token");

  @BeforeEach
  void setUp() throws IOException {
    hosts = new LocalShell(directory);
    Files.writeString(directory.resolve("home.yml"), INVENTORY);
    for (var name : List.of("a", "b", "w")) {
      Files.createDirectories(directory.resolve(name));
    }
    archive();
  }

  @AfterEach
  void switchOff() {
    hosts.close();
  }

  @Test
  void theFirstServerHasWhatTheArchiveHoldsAndADatastoreOfIt() throws Exception {
    assertThat(restored()).as("%s", said).isEqualTo(ExitCode.DONE);
    assertThat(on("a", "rancher/k3s/server/token")).hasContent("K10::server:secret");
    assertThat(on("a", "rancher/k3s/server/tls/server-ca.key")).hasContent("key");
    assertThat(on("a", "etc-rancher/k3s/server-token")).hasContent("secret");
    assertThat(mode(on("a", "rancher/k3s/server/tls/server-ca.key"))).isEqualTo("rw-------");
    assertThat(on("a", "asked"))
        .hasContent(
            "server --cluster-reset --cluster-reset-restore-path=%s --etcd-s3=false"
                .formatted(on("a", "etcd/restoring/snapshot.db")));
    assertThat(on("a", "etcd/restoring")).doesNotExist();
    assertThat(on("a", "etcd/forget")).hasContent("b");
    assertThat(hosts.commands()).noneMatch(it -> it.contains("secret"));
    assertThat(said).noneMatch(it -> it.contains("secret"));
    assertThat(said).anyMatch(it -> it.contains("2026-11-28 17:00:00 UTC"));
    assertThat(hosts.commands()).noneMatch(it -> it.startsWith("w "));
  }

  /** Of hosts with nothing on them nothing is taken: two runs, of the first one and of all. */
  @Test
  void theFirstIsSetUpAloneBeforeItBeginsAndAllIsAppliedAfter() throws Exception {
    assertThat(restored()).isEqualTo(ExitCode.DONE);
    assertThat(applied).hasSize(2);
    var alone = applied.getFirst().options();
    assertThat(alone.limit().orElseThrow())
        .containsExactlyInAnyOrder(TargetName.of(new HostName("a")), TargetName.DESK);
    assertThat(alone.only()).contains("k3s-binary", "k3s-config").doesNotContain("k3s-server");
    assertThat(applied.getLast().options().limit()).isEmpty();
    assertThat(applied.getLast().options().only()).isEmpty();
    assertThat(marked).as("no empty cluster can begin before").containsExactly(true, false);
  }

  /** Of kubeadm nothing is placed here, since its paths would be this machine's. */
  @Test
  void ofKubeadmTheFirstIsSetUpUntilKubeadmInitIsNext() throws Exception {
    Files.writeString(
        directory.resolve("home.yml"),
        INVENTORY
            .replace("distribution: k3s", "distribution: kubeadm")
            .replace("v1.36.4+k3s1", "v1.36.2"));
    placed = List.of();
    outcome = new Outcome.Failed(new io.provision.engine.event.Failure("no disk", "add one"));
    assertThat(restored()).isEqualTo(ExitCode.FAILED);
    assertThat(applied.getLast().options().only())
        .contains("container-runtime", "kubelet", "encryption", "kubeadm-config")
        .doesNotContain("kubeadm-control-plane", "nodes-ready", "flannel", "kubeconfig");
  }

  @Test
  void whatControlPlanesStillHaveGoesAndWorkersStay() throws Exception {
    Files.createDirectories(on("b", "rancher/k3s/server/db/etcd"));
    assertThat(restored()).isEqualTo(ExitCode.DONE);
    var wiped = applied.getFirst();
    assertThat(wiped.options().only()).containsExactlyInAnyOrder("node-leaves", "node-wiped");
    assertThat(wiped.options().limit().orElseThrow())
        .containsExactly(TargetName.of(new HostName("b")));
    assertThat(wiped.inventory().leaving()).hasSize(3);
    assertThat(wiped.agreed()).as("it was asked for once").isTrue();
    assertThat(marked).containsExactly(true, true, false);
    assertThat(said).anyMatch(it -> it.contains("b: a datastore that does not answer"));
  }

  @Test
  void aClusterThatLivesIsNotLost() throws Exception {
    var kubectl = on("b", "rancher/k3s/data/current/bin/kubectl");
    Files.createDirectories(kubectl.getParent());
    Files.createDirectories(on("b", "etc-rancher/k3s"));
    Files.writeString(on("b", "etc-rancher/k3s/k3s.yaml"), "x");
    program(kubectl, "#!/bin/sh\necho ok\n");
    assertThatThrownBy(this::restored)
        .isInstanceOfSatisfying(
            Refused.class,
            it -> {
              assertThat(it.code()).isEqualTo(ExitCode.UNSAFE);
              assertThat(it.problems().toString()).contains("b", "the cluster lives");
            });
    nothingWasChanged();
  }

  @Test
  void aControlPlaneThatCannotBeReachedCouldStillLive() throws Exception {
    hosts.takeDown("b");
    assertThatThrownBy(this::restored)
        .isInstanceOfSatisfying(
            Refused.class,
            it -> {
              assertThat(it.code()).isEqualTo(ExitCode.UNREACHABLE);
              assertThat(it.problems().toString())
                  .contains("b", "it could still run the cluster as it was");
            });
    nothingWasChanged();
  }

  @Test
  void nothingIsDoneThatWasNotAgreedTo() throws Exception {
    for (var answer : List.of(Optional.<String>empty(), Optional.of("yes"), Optional.of("hom"))) {
      typed = answer;
      assertThatThrownBy(this::asked)
          .isInstanceOfSatisfying(
              Refused.class,
              it -> assertThat(it.problems().toString()).contains("nothing was changed"));
    }
    nothingWasChanged();
    typed = Optional.of("home");
    assertThat(asked()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void secretsThatNobodyCouldReadAreSaidBefore() throws Exception {
    keys = Optional.of("/etc/rancher/k3s/encryption/config.yaml");
    unread("no 'encryption'");
    keys = Optional.of("/var/lib/rancher/k3s/server/cred/encryption-config.json");
    unread("no 'secrets-encryption'");
    with("encryption: { provider: aescbc }");
    unread("no 'secrets-encryption'");
    keys = Optional.empty();
    unread("asks for 'encryption'");
    with("k3s: { secrets-encryption: true }");
    unread("asks for 'secrets-encryption'");
    keys = Optional.of("/etc/rancher/k3s/encryption/config.yaml");
    unread("no 'encryption'");
    nothingWasChanged();
  }

  private void unread(String what) {
    assertThatThrownBy(this::restored)
        .isInstanceOfSatisfying(
            Refused.class, it -> assertThat(it.problems().toString()).contains(what));
  }

  private void with(String more) throws IOException {
    Files.writeString(
        directory.resolve("home.yml"), INVENTORY.replace("hosts:", "  " + more + "\nhosts:"));
  }

  /** Each of them, by the inventory that they were made with. */
  @Test
  void keysThatTheInventoryHasReadAreBroughtBack() throws Exception {
    keys = Optional.of("/etc/rancher/k3s/encryption/config.yaml");
    with("encryption: { provider: aescbc }");
    assertThat(restored()).as("%s", said).isEqualTo(ExitCode.DONE);
  }

  @Test
  void keysThatK3sMadeAreBroughtBack() throws Exception {
    keys = Optional.of("/var/lib/rancher/k3s/server/cred/encryption-config.json");
    with("k3s: { secrets-encryption: true }");
    assertThat(restored()).as("%s", said).isEqualTo(ExitCode.DONE);
  }

  /** The mark stays, so that no apply begins an empty cluster, and the same command goes on. */
  @Test
  void whatFailsInTheMiddleIsGoneOnWithByTheSameCommand() throws Exception {
    outcome = new Outcome.Failed(new io.provision.engine.event.Failure("no disk", "add one"));
    assertThat(restored()).isEqualTo(ExitCode.FAILED);
    assertThat(on("a", "etcd/restoring/archive")).hasContent("home-etcd-20261128T170000Z.tar");
    assertThat(said).anyMatch(it -> it.contains("did not come to its end"));
    outcome = new Outcome.Ok();
    applied.clear();
    marked.clear();
    assertThat(restored()).as("%s", said).isEqualTo(ExitCode.DONE);
    assertThat(said).anyMatch(it -> it.contains("a: a restore that began and did not end"));
    assertThat(applied).as("what it had put there goes first").hasSize(3);
  }

  @Test
  void anArchiveThatChangedMeanwhileIsNotBrought() throws Exception {
    var file = directory.resolve("home-etcd-20261128T170000Z.tar");
    var digest = Sha256.of(Files.readAllBytes(file));
    var bytes = Files.readAllBytes(file);
    bytes[600] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> run(held(digest), "--force-remove"))
        .isInstanceOfSatisfying(
            Refused.class,
            it -> assertThat(it.problems().toString()).contains("what arrived has the digest"));
    assertThat(on("a", "rancher/k3s/server/token")).doesNotExist();
  }

  private void nothingWasChanged() {
    assertThat(applied).isEmpty();
    assertThat(on("a", "etcd")).doesNotExist();
  }

  private ExitCode restored() throws Refused, IOException {
    return run(held(), "--force-remove");
  }

  private ExitCode asked() throws Refused, IOException {
    return run(held());
  }

  private HeldSnapshot held() throws IOException {
    return held(Sha256.of(Files.readAllBytes(directory.resolve("home-etcd-20261128T170000Z.tar"))));
  }

  private HeldSnapshot held(Sha256 digest) throws IOException {
    var file = directory.resolve("home-etcd-20261128T170000Z.tar");
    var paths = new ArrayList<>(placed);
    keys.ifPresent(paths::add);
    return new HeldSnapshot(
        file,
        Files.size(file),
        digest,
        "20261128T170000Z",
        "/var/lib/provision/etcd/snapshot-20261128T170000Z.db",
        paths);
  }

  private ExitCode run(HeldSnapshot held, String... more) throws Refused {
    var words = new ArrayList<String>();
    words.add("restore");
    words.add(directory.resolve("home.yml").toString());
    words.add(held.archive().toString());
    words.addAll(List.of(more));
    var command = new EtcdCommand();
    var _ = new CommandLine(command).parseArgs(words.toArray(String[]::new));
    var program = new Below(held);
    return command
        .run(new Context(new Telling(), () -> program, new Interrupt(), new UnderWay(), "1.2.3"))
        .code();
  }

  private Path on(String host, String path) {
    return directory.resolve(host).resolve(path);
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  /** As tar(1) makes it on a host that is a directory. */
  private void archive() throws IOException {
    write(on("a", "rancher/k3s/server/token"), "K10::server:secret");
    write(on("a", "rancher/k3s/server/tls/server-ca.key"), "key");
    write(on("a", "etc-rancher/k3s/server-token"), "secret");
    write(on("a", "etc-rancher/k3s/agent-token"), "secret");
    var snapshot = on("a", "etcd/snapshot-20261128T170000Z.db");
    Files.createDirectories(snapshot.getParent());
    Files.write(snapshot, SoundSnapshot.of(1024));
    sh(
        "tar -chf '%s' -- '%s' '%s' '%s' && rm -rf '%s' '%3$s' '%4$s'"
            .formatted(
                directory.resolve("home-etcd-20261128T170000Z.tar"),
                snapshot,
                on("a", "rancher"),
                on("a", "etc-rancher"),
                on("a", "etcd")));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void sh(String script) throws IOException {
    try {
      assertThat(new ProcessBuilder("sh", "-c", script).inheritIO().start().waitFor()).isZero();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void program(Path file, String text) throws IOException {
    write(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  /** In the place of runs: k3s is there after one, and what had to go is gone. */
  private final class Below implements Program {
    private final HeldSnapshot held;

    private Below(HeldSnapshot held) {
      this.held = held;
    }

    @Override
    public Inputs inputs() {
      return new Inputs(new Surroundings(Map.of(), Path.of("/home/someone")));
    }

    @Override
    public RunResult plan(RunRequest request) {
      throw new IllegalStateException("nothing is planned");
    }

    @Override
    public RunResult apply(RunRequest request, Optional<SavedPlan> saved) {
      applied.add(request);
      try {
        Runner.validate(request.playbook(), request.inventory(), request.options());
      } catch (TaskGraphRefused e) {
        throw new AssertionError(e.gaps().toString(), e);
      }
      marked.add(Files.exists(on("a", "etcd/restoring/archive")));
      try {
        if (request.options().only().contains("node-wiped")) {
          for (var target : request.options().limit().orElseThrow()) {
            sh("rm -rf '%s'/*rancher '%1$s/k3s'".formatted(directory.resolve(target.toString())));
          }
        } else {
          program(on("a", "k3s"), K3S);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      var tally = Report.Tally.NONE.plus(outcome);
      var targets = new TreeMap<>(Map.of(TargetName.of(new HostName("a")), tally));
      var report =
          new Report(
              "r1", RunVerb.APPLY, targets, java.time.Duration.ZERO, Optional.empty(), false);
      return new RunResult(report, new SavedPlan("key", List.of()), Map.of());
    }

    @Override
    public Transport transport(HostKeys hostKeys) {
      return new Interposed(hosts, new Moved(directory));
    }

    @Override
    public Optional<SnapshotCopies> snapshots(Path folder, String cluster) {
      throw new IllegalStateException("none is taken");
    }

    @Override
    public io.provision.desk.Prometheus prometheus() {
      throw new AssertionError("nobody asks for metrics");
    }

    @Override
    public io.provision.desk.PowerSwitch power(
        io.provision.model.Inventory inventory, io.provision.model.power.Power power) {
      throw new IllegalStateException("nothing is switched off or on here");
    }

    @Override
    public io.provision.desk.Webhooks webhooks() {
      throw new IllegalStateException("nobody is told anything here");
    }

    @Override
    public io.provision.desk.Timers timers() {
      throw new IllegalStateException("nothing is started by a timer here");
    }

    @Override
    public HeldSnapshot snapshot(Path archive, HeldSnapshot.Expected expected) {
      assertThat(expected.cluster()).isEqualTo("home");
      assertThat(expected.required())
          .containsAnyOf("/etc/rancher/k3s/server-token", "/etc/kubernetes/pki/ca.key");
      return held;
    }
  }

  /** Remembers what is said, and types what it was told to. */
  private final class Telling implements Display, Operator {
    @Override
    public RunListener listener() {
      return _ -> {};
    }

    @Override
    public Operator operator() {
      return this;
    }

    @Override
    public void say(String line) {
      said.add(line);
    }

    @Override
    public void raw(String text) {}

    @Override
    public void table(String title, Table table) {}

    @Override
    public void examined(List<Examined> all) {}

    @Override
    public void problems(List<Problem> problems) {}

    @Override
    public void remark(String line) {
      said.add(line);
    }

    @Override
    public void onlyCounts() {}

    @Override
    public int end(Optional<Report> report, int exit, int lost) {
      return exit;
    }

    @Override
    public void abandon(int exit) {}

    @Override
    public boolean present() {
      return true;
    }

    @Override
    public boolean agrees(List<String> shown, String question) {
      return false;
    }

    @Override
    public Optional<String> answer(List<String> shown, String question) {
      said.addAll(shown);
      return typed;
    }

    @Override
    public Optional<Secret> password(String prompt) {
      return Optional.empty();
    }
  }
}

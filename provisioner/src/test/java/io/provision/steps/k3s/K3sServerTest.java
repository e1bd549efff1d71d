package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Sha256;
import io.provision.remote.Call;
import io.provision.remote.ShellFunction;
import io.provision.remote.Shells;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.LocalHost;
import io.provision.resource.unit.ServiceManagers;
import io.provision.resource.unit.UnitState;
import io.provision.resource.unit.Units;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Wait;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.etcd.UnfinishedRestore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that runs is stopped only while the others are well, and is up when it says so. */
class K3sServerTest {
  private static final Sha256 OLD = Sha256.of(new byte[] {9});

  @TempDir Path root;

  private UnfinishedRestore restore = new UnfinishedRestore(Optional.empty(), List.of());
  private final Host one = Cases.server(1);
  private final Host two = Cases.server(2);
  private final Host three = Cases.server(3);
  private final Inventory inventory = Cases.inventory(one, two, three);

  private Cases.Settled known() {
    return K3sCases.settled()
        .address(one, two, three)
        .has(one, Nodes.STATE, Cases.state(true, true))
        .has(two, Nodes.STATE, Cases.state(true, true))
        .has(three, Nodes.STATE, Cases.state(true, true));
  }

  @Test
  void aServerIsNotRestartedWhileAnotherOneIsNotHealthy() {
    var ill =
        Map.of(
            "deaf", known().has(two, Nodes.STATE, Cases.state(true, false)),
            "not reached", known().never(two, Nodes.STATE),
            "not brought up by this run", known().never(two, Nodes.SERVER_UP));
    ill.forEach((why, known) -> {
      assertThat(check(one, seen(one, OLD, true), known))
          .as(why)
          .isInstanceOfSatisfying(
              Check.Refused.class, it -> assertThat(it.what()).contains("cp2 is not healthy"));
      assertThat(check(one, seen(one, Cases.DIGEST, true), known))
          .as("%s, and nothing is to be restarted", why)
          .isInstanceOf(Check.InSync.class);
    });
  }

  @Test
  void whileTheOthersAreHealthyAServerIsRestartedWithItsNewFiles() {
    assertThat(check(one, seen(one, OLD, true), known()))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            drift ->
                assertThat(drift.changes())
                    .extracting(Change::action)
                    .containsExactly(Change.Action.RESTART));
    var itself = known().has(one, Nodes.STATE, Cases.state(true, false));
    assertThat(check(one, seen(one, OLD, true), itself))
        .as("that it is deaf itself is no reason to leave it so")
        .isInstanceOf(Check.Drift.class);
  }

  @Test
  void aServerThatRunsAndIsNotReadyIsWaitedForAndNotCalledUp() {
    assertThat(check(one, seen(one, Cases.DIGEST, false), known()))
        .isInstanceOfSatisfying(
            Check.NotYet.class, it -> assertThat(it.awaited()).contains("to be ready"));
    assertThat(check(one, seen(one, Cases.DIGEST, true), known()))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it -> assertThat(it.observed().values()).containsEntry(Nodes.SERVER_UP, true));
  }

  /** Or servers would be stopped all at once. */
  @Test
  void aServerComesAfterThoseThatAreBeforeItInTheInventory() {
    var before = Map.of(one, List.<Host>of(), two, List.of(one), three, List.of(one, two));
    before.forEach((host, those) -> {
      var need = Need.someSoFar(Nodes.SERVER_UP, those);
      var target = Cases.on(host, inventory);
      assertThat(new K3sServer().needs(target)).contains(need);
      assertThat(new K3sUpgrade().needs(target)).contains(need);
    });
  }

  @Test
  void whileARestoreIsNotOverNoServerStarts() {
    restore = new UnfinishedRestore(Optional.of("home-etcd-20261128T170000Z.tar"), List.of());
    assertThat(check(one, seen(one, OLD, false), known()))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.remedy()).contains("provision etcd restore"));
  }

  @Test
  void nodesOfASnapshotThatAreNoneGoWithItsStartOrOnceItAnswers() {
    restore = new UnfinishedRestore(Optional.empty(), List.of("n2"));
    for (var seen : List.of(seen(one, OLD, false), seen(one, Cases.DIGEST, true))) {
      assertThat(check(one, seen, known()))
          .isInstanceOfSatisfying(
              Check.Drift.class,
              drift -> {
                assertThat(drift.changes()).extracting(Change::subject).contains("node n2");
                assertThat(((Repair.OnHost) drift.repair()).scripts().getLast().call().function())
                    .extracting(ShellFunction::name)
                    .isEqualTo("forget_nodes");
              });
    }
  }

  @Test
  void aServerThatRunsAsAnAgentTooIsInDrift() {
    var agent = new UnitState("loaded", "active", "running", "enabled", "", List.of(), Map.of());
    var both =
        seen(one, Cases.DIGEST, true)
            .updated(new Observations.Builder().put(Units.of("k3s-agent.service"), agent).build());
    assertThat(check(one, both, known()))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            drift ->
                assertThat(drift.changes())
                    .extracting(Change::action)
                    .containsExactly(Change.Action.STOP));
  }

  static List<List<String>> shells() {
    return Shells.here();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void onlyTheWordOkOfAnActiveServersOwnApiMeansReady(List<String> shell) throws IOException {
    var notReady =
        List.of(
            "exit 0",
            "exit 1",
            "echo ok; echo more",
            "echo '[+]ping ok'; echo '[-]etcd failed'; echo 'readyz check failed'",
            "echo ok >&2",
            "echo 'not ok'",
            "echo '*'",
            "kill -9 $$",
            "head -c 3000000 /dev/zero | tr '\\0' k");
    for (var kubectl : notReady) {
      assertThat(isReady(shell, "exit 0", kubectl)).as(kubectl).isFalse();
      assertThat(untilReady(shell, kubectl)).as(kubectl).isEqualTo(1);
    }
    assertThat(isReady(shell, "exit 0", "printf ok")).isTrue();
    assertThat(untilReady(shell, "printf ok")).isZero();
    assertThat(isReady(shell, "exit 3", "printf ok")).as("not active").isFalse();
  }

  private boolean isReady(List<String> shell, String active, String kubectl) throws IOException {
    return host(shell, active, kubectl).look(Probes.of(K3sLooks.IS_READY)).of(K3sLooks.IS_READY);
  }

  /** What the wait for a server's API asks of the host. */
  private int untilReady(List<String> shell, String kubectl) throws IOException {
    var notYet = (Check.NotYet) check(one, seen(one, Cases.DIGEST, false), known());
    Call until = ((Wait.OnHost) notYet.by()).until();
    return host(shell, "exit 0", kubectl).run(until).status();
  }

  private LocalHost host(List<String> shell, String active, String kubectl) throws IOException {
    var strict =
        "[ \"$*\" = '--server=https://127.0.0.1:6443 --tls-server-name=kubernetes --cache-dir=/dev/null/none --request-timeout=10s get --raw /readyz' ] || exit 9\n";
    write("var/lib/rancher/k3s/data/current/bin/kubectl", "#!/bin/sh\n" + strict + kubectl + "\n");
    write("etc/rancher/k3s/k3s.yaml", "x");
    return new LocalHost(root)
        .below(root)
        .in(shell.toArray(String[]::new))
        .program("systemctl", "case $1 in is-active) %s ;; esac".formatted(active))
        .program("journalctl", "exit 0");
  }

  private void write(String path, String text) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Check check(Host host, Observations seen, Cases.Settled known) {
    return new K3sServer().check(Cases.on(host, inventory), seen, known);
  }

  /**
   * A server whose files are there.
   *
   * @param configuration what it was started with
   */
  private Observations seen(Host host, Sha256 configuration, boolean ready) {
    var target = Cases.on(host, inventory);
    var unit = K3sService.of(target, Optional.of(Cases.DIGEST)).file();
    var seen = new Observations.Builder();
    var started = new HashMap<>(Map.of(unit.path(), unit.sha256(), K3s.BINARY, Cases.DIGEST));
    var other = new OtherRole(host).probes();
    seen.put(Units.of("k3s-agent.service"), UnitState.ABSENT);
    seen.put(
        io.provision.resource.Files.at("/etc/systemd/system/k3s-agent.service"), FileState.ABSENT);
    for (var question : new K3sServer().probes(target).questions()) {
      if (other.questions().contains(question)) {
        continue;
      }
      if (question.equals(K3sLooks.BASICS)) {
        seen.put(K3sLooks.BASICS, K3sCases.basics("arch=x86_64\nmember=yes\nready=yes"));
      } else if (question.equals(K3sLooks.FOREIGN)) {
        seen.put(K3sLooks.FOREIGN, K3sCases.foreign(""));
      } else if (question.equals(K3sLooks.INTERFACES)) {
        seen.put(K3sLooks.INTERFACES, Map.of());
      } else if (question.equals(K3sLooks.IS_READY)) {
        seen.put(K3sLooks.IS_READY, ready);
      } else if (question.equals(CredentialsLook.CREDENTIALS)) {
        seen.put(CredentialsLook.CREDENTIALS, Optional.empty());
      } else if (question.equals(UnfinishedRestore.QUESTION)) {
        seen.put(UnfinishedRestore.QUESTION, restore);
      } else if (question.equals(ServiceManagers.QUESTION)) {
        seen.put(ServiceManagers.QUESTION, "systemd");
      } else if (!question.equals(Units.of(K3s.unit(host)))) {
        var path = question.arguments().getFirst();
        file(question, path.equals(unit.path()) ? unit.sha256() : Cases.DIGEST, seen);
        started.putIfAbsent(path, Cases.DIGEST);
      }
    }
    assertThat(started.replace(K3s.CONFIG, configuration)).isNotNull();
    var state =
        new UnitState("loaded", "active", "running", "enabled", unit.path(), List.of(), started);
    return seen.put(Units.of(K3s.unit(host)), state).build();
  }

  @SuppressWarnings("unchecked") // all other questions are for files
  private static void file(Question<?> question, Sha256 digest, Observations.Builder into) {
    into.put(
        (Question<FileState>) question,
        new FileState(
            FileState.Type.FILE,
            false,
            FileMode.parse("0644"),
            new FileState.Owner("root", "root", "0", "0"),
            1,
            Optional.of(digest),
            Optional.empty()));
  }
}

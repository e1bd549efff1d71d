package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.remote.Shells;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.LocalHost;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.steps.kubernetes.Cases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The account that agents are drained with is there as long as there are agents. */
class K3sDrainAccountTest {
  private static final String MANIFEST =
      "/var/lib/rancher/k3s/server/manifests/provision-drain.yaml";
  private static final String DELETED =
      "--namespace=kube-system delete --ignore-not-found --wait=false"
          + " serviceaccount/provision-drain clusterrole/provision-drain"
          + " clusterrolebinding/provision-drain addon.k3s.cattle.io/provision-drain";

  @TempDir Path root;
  private final Host server = Cases.server(1);
  private final Host agent = Cases.agent(1);

  static List<List<String>> shells() {
    return Shells.here();
  }

  @Test
  void itGoesWithTheLastAgentAndNotBefore() {
    assertThat(check(Cases.inventory(server, agent), true, true)).isInstanceOf(Check.Drift.class);
    assertThat(check(Cases.inventory(server), true, true))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            it ->
                assertThat(it.changes())
                    .extracting(change -> change.action() + " " + change.subject())
                    .containsExactly(
                        "REMOVE account provision-drain of the cluster", "REMOVE " + MANIFEST));
    assertThat(check(Cases.inventory(server), false, true)).isInstanceOf(Check.Skipped.class);
    assertThat(check(Cases.inventory(server), true, false))
        .as("nothing could be deleted, and k3s is to be started yet")
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it -> assertThat(it.observed().notes().toString()).contains("apply again"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void itsObjectsGoBeforeTheFileThatNamesThem(List<String> shell) throws IOException {
    for (var kubectl : List.of("exit 1", "echo '*'; exit 1", "head -c 3000000 /dev/zero; exit 9")) {
      assertThat(remove(shell, kubectl)).as(kubectl).isTrue();
    }
    assertThat(remove(shell, "[ \"$*\" = \"%s\" ]".formatted(DELETED))).isFalse();
    assertThat(Files.readAllLines(root.resolve("calls")).getLast()).endsWith(DELETED);
  }

  /** Whether the file is there afterwards. */
  private boolean remove(List<String> shell, String kubectl) throws IOException {
    write("etc/rancher/k3s/k3s.yaml", "x");
    var file = write(MANIFEST.substring(1), "x");
    var program =
        "#!/bin/sh\nshift 2\necho \"$*\" >>%s\n%s\n".formatted(root.resolve("calls"), kubectl);
    write("var/lib/rancher/k3s/data/current/bin/kubectl", program);
    var drift = (Check.Drift) check(Cases.inventory(server), true, true);
    var ended =
        new LocalHost(root)
            .below(root)
            .in(shell.toArray(String[]::new))
            .attempt(((Repair.OnHost) drift.repair()).scripts().getFirst());
    assertThat(ended.ok()).isEqualTo(!Files.exists(file));
    return Files.exists(file);
  }

  private Path write(String path, String text) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  private Check check(Inventory inventory, boolean isThere, boolean answers) {
    var file =
        new FileState(
            FileState.Type.FILE,
            false,
            FileMode.PRIVATE,
            new FileState.Owner("root", "root", "0", "0"),
            1,
            Optional.of(Cases.DIGEST),
            Optional.empty());
    var step = new K3sDrainAccount();
    var target = Cases.on(server, inventory);
    var seen = new Observations.Builder().put(K3sLooks.IS_READY, answers);
    seen.put(io.provision.resource.Files.at(MANIFEST), isThere ? file : FileState.ABSENT);
    for (var question : K3sDrainAccount.file().probes().questions()) {
      seen.put(uncertain(question), isThere ? file : FileState.ABSENT);
    }
    return step.check(target, seen.build(), K3sCases.settled());
  }

  @SuppressWarnings("unchecked") // a file asks for files
  private static io.provision.step.Question<FileState> uncertain(
      io.provision.step.Question<?> question) {
    return (io.provision.step.Question<FileState>) question;
  }
}

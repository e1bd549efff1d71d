package io.provision.steps.kubernetes.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Script;
import io.provision.resource.LocalHost;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Repair;
import io.provision.steps.kubeadm.KubeadmCases;
import io.provision.steps.kubeadm.KubeadmDistribution;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Distributions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets a kubeconfig, and whose is left alone. */
final class UserKubeconfigsTest {
  private static final UserKubeconfigs STEP =
      new UserKubeconfigs(Distributions.of(List.of(new KubeadmDistribution())));
  private static final String ADMIN = "    certificate-authority-data: QQ==\n    x: 1\n";

  @TempDir Path root;
  private LocalHost host;
  private String user;

  @BeforeEach
  void users() throws IOException {
    user = System.getProperty("user.name");
    host =
        new LocalHost(root)
            .below(root)
            .program("getent", "echo \"$2:x:1:1::%s/home/$2:/bin/sh\"".formatted(root))
            .program("su", "export HOME=%s/home/$5; sh -c \"$4\"".formatted(root));
    write("etc/kubernetes/admin.conf", ADMIN);
    Files.createDirectories(root.resolve("home/" + user));
    Files.createDirectories(root.resolve("home/bob"));
  }

  private Path write(String path, String content) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private Check check(String on, String more) {
    var inventory = KubeadmCases.inventory(more);
    var target = Cases.on(KubeadmCases.host(on, inventory), inventory);
    return STEP.check(target, host.look(STEP.probes(target)), new Cases.Settled());
  }

  private Check check() {
    return check("cp1", "kubeconfig_users: [%s]".formatted(user));
  }

  private void repair(Check check) {
    for (Script script : ((Repair.OnHost) ((Check.Drift) check).repair()).scripts()) {
      assertThat(host.attempt(script).ok()).as(host.said()).isTrue();
    }
  }

  private static Change.Action action(Check check) {
    return ((Check.Drift) check).changes().getFirst().action();
  }

  @Test
  void aUserGetsOneAndKeepsIt() throws IOException {
    assertThat(action(check())).isEqualTo(Change.Action.CREATE);
    repair(check());
    assertThat(check()).isInstanceOf(Check.InSync.class);
    var file = root.resolve("home/%s/.kube/config".formatted(user));
    assertThat(file).hasContent(ADMIN);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void oneThatIsOlderOrOpenIsMadeRight() throws IOException {
    repair(check());
    var file = root.resolve("home/%s/.kube/config".formatted(user));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(action(check())).isEqualTo(Change.Action.UPDATE);
    repair(check());
    assertThat(check()).isInstanceOf(Check.InSync.class);
    write("etc/kubernetes/admin.conf", ADMIN + "    renewed: yes\n");
    assertThat(action(check())).isEqualTo(Change.Action.UPDATE);
    repair(check());
    assertThat(check()).isInstanceOf(Check.InSync.class);
  }

  @Test
  void whoIsNotNamedAnyMoreLosesWhatWasGiven() throws IOException {
    repair(check());
    assertThat(action(check("cp1", ""))).isEqualTo(Change.Action.REMOVE);
    repair(check("cp1", ""));
    assertThat(root.resolve("home/%s/.kube/config".formatted(user))).doesNotExist();
    assertThat(check("cp1", "")).isInstanceOf(Check.Skipped.class);
  }

  @Test
  void oneLeavesWhileAnotherComes() {
    repair(check());
    var drift = (Check.Drift) check("cp1", "kubeconfig_users: [bob]");
    assertThat(drift.changes())
        .extracting(Change::toString)
        .anyMatch(it -> it.contains("CREATE") && it.contains("~bob/.kube/config"))
        .anyMatch(it -> it.contains("REMOVE") && it.contains("~%s/.kube/config".formatted(user)));
  }

  @Test
  void whatItsOwnerChangedSinceIsNamedAndLeft() throws IOException {
    repair(check());
    write("home/%s/.kube/config".formatted(user), ADMIN + "    more: mine\n");
    assertThat(check("cp1", ""))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it -> assertThat(it.notes().toString()).contains(user, "it is left"));
  }

  /** Nobody gave that one from here, whatever is in it. */
  @Test
  void whatAUserCopiedIsNobodysToTakeUntilTheInventoryNamesThem() throws IOException {
    var file = write("home/%s/.kube/config".formatted(user), ADMIN);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(check("cp1", "")).isInstanceOf(Check.Skipped.class);
    assertThat(action(check())).isEqualTo(Change.Action.UPDATE);
    repair(check());
    assertThat(action(check("cp1", ""))).isEqualTo(Change.Action.REMOVE);
  }

  @Test
  void oneOfAnotherClusterIsTheirs() throws IOException {
    write(
        "home/%s/.kube/config".formatted(user), "    certificate-authority-data: Qg==\n    x: 1\n");
    assertThat(check())
        .isInstanceOfSatisfying(
            Check.Refused.class, refused -> assertThat(refused.what()).contains(user));
  }

  /** Whoever put it there would have every look wait for it. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeIsNotRead() throws Exception {
    var folder = Files.createDirectories(root.resolve("home/%s/.kube".formatted(user)));
    assertThat(new ProcessBuilder("mkfifo", folder.resolve("config").toString()).start().waitFor())
        .isZero();
    assertThat(check()).isInstanceOf(Check.Refused.class);
  }

  @Test
  void onlyUsersWhoAreNamedAndOnlyOnControlPlanes() {
    assertThat(check("cp1", "")).isInstanceOf(Check.Skipped.class);
    assertThat(check("w1", "kubeconfig_users: [bob]")).isInstanceOf(Check.Skipped.class);
    host.program("getent", "exit 2");
    assertThat(check()).isInstanceOf(Check.Refused.class);
  }

  @Test
  void aHostThatSaysNothingIsNotTakenForOneThatIsRight() {
    host.program("getent", "head -c 100000 /dev/zero | tr '\\0' x");
    assertThat(check()).isInstanceOf(Check.Refused.class);
  }
}

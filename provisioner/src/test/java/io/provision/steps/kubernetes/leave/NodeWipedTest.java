package io.provision.steps.kubernetes.leave;

import static io.provision.steps.kubernetes.certificates.AuthorityCases.CERTIFICATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.Handoff;
import io.provision.remote.Shells;
import io.provision.resource.FileTransfer;
import io.provision.resource.LocalHost;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Departure;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.steps.k3s.K3sDistribution;
import io.provision.steps.kubeadm.KubeadmDistribution;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.certificates.AuthorityCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is deleted on a host that left its cluster, and what is not. */
final class NodeWipedTest {
  private static final String POD = "var/lib/kubelet/pods/0b5c1d3e-1111-2222-3333-444455556666";

  private static final NodeWiped STEP =
      new NodeWiped(new Distributions(Map.of(K3sDistribution.DECLARED, new K3sDistribution())));

  @TempDir Path root;

  private final Host cp1 = Cases.server(1);
  private final Host w1 = Cases.agent(1);
  private final Inventory inventory = Cases.inventory(cp1, w1).without(Set.of(w1.name()));
  private Path mounts;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @BeforeEach
  void node() throws IOException {
    write("var/lib/rancher/k3s/agent/server-ca.crt", "authority");
    write("var/lib/rancher/k3s/agent/client.key", "key");
    write("var/lib/rancher/k3s/data/current/bin/k3s", "k3s");
    write("var/lib/rancher/k3s/storage/pvc-1/file", "of a pod");
    write("var/lib/kubelet/config", "x");
    write("var/lib/kubelet/.hidden", "x");
    write("etc/rancher/k3s/config.yaml", "x");
    write("etc/rancher/other", "somebody's");
    write("usr/local/bin/k3s", "k3s");
    write("usr/local/bin/other", "somebody's");
    write("etc/systemd/system/k3s-agent.service", "[Service]");
    write("etc/systemd/system/other.service", "[Service]");
    write("run/systemd/system/k3s-agent.service.d/50-leaving.conf", "[Service]");
    write("proc/1/comm", "systemd\n");
    mounts = write("proc/self/mountinfo", "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n");
  }

  private LocalHost host(List<String> shell, String umount) {
    return new LocalHost(root)
        .below(root)
        .in(shell.toArray(String[]::new))
        .withoutSleep()
        .program("systemctl", "echo \"$*\" >>%s/calls".formatted(root))
        .program("ip", "exit 1")
        .program("umount", umount);
  }

  private Cases.Settled known(String authority, String... nodes) {
    var access =
        new ClusterAccess(
            List.of(),
            new Handoff.Kept(cp1.name(), Call.of(FileTransfer.READ, "/x")),
            Optional.of(
                new ClusterAccess.Identity(AuthorityCases.digest(authority), Cases.DIGEST)));
    return new Cases.Settled()
        .has(cp1, ClusterAccess.OUTPUT, access)
        .has(cp1, ClusterNodes.OUTPUT, new ClusterNodes(Set.of(nodes)));
  }

  private Check check(LocalHost host, Cases.Settled known) {
    var target = Cases.on(w1, inventory);
    return STEP.check(target, host.look(STEP.probes(target)), known);
  }

  private static Departure departure(Check check) {
    assertThat(check).isInstanceOf(Check.Leaving.class);
    return ((Check.Leaving) check).departures().getFirst();
  }

  private Frame wipe(LocalHost host) {
    var removal = departure(check(host, known("authority", "cp1"))).removal();
    assertThat(removal).isInstanceOf(Check.Drift.class);
    var scripts = ((Repair.OnHost) ((Check.Drift) removal).repair()).scripts();
    assertThat(scripts).hasSize(1);
    return host.attempt(scripts.getFirst());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void allOfTheNodeGoesAndNothingElse(List<String> shell) throws IOException {
    var part = "usr/local/bin/.provision-new.k3s/" + "0".repeat(64);
    write(part, "half of a program");
    var host = host(shell, "exit 1");
    var ended = wipe(host);
    assertThat(ended.ok()).as(ended.output()).isTrue();
    assertThat(root.resolve(part)).doesNotExist();
    assertThat(root.resolve("var/lib/kubelet")).doesNotExist();
    assertThat(root.resolve("var/lib/rancher/k3s/agent")).doesNotExist();
    assertThat(root.resolve("var/lib/rancher/k3s/data")).doesNotExist();
    assertThat(root.resolve("etc/rancher/k3s")).doesNotExist();
    assertThat(root.resolve("usr/local/bin/k3s")).doesNotExist();
    assertThat(root.resolve("etc/systemd/system/k3s-agent.service")).doesNotExist();
    assertThat(root.resolve("run/systemd/system/k3s-agent.service.d/50-leaving.conf"))
        .doesNotExist();
    assertThat(root.resolve("var/lib/rancher/k3s/storage/pvc-1/file")).hasContent("of a pod");
    assertThat(root.resolve("etc/rancher/other")).hasContent("somebody's");
    assertThat(root.resolve("usr/local/bin/other")).hasContent("somebody's");
    assertThat(root.resolve("etc/systemd/system/other.service")).exists();
    assertThat(Files.readAllLines(root.resolve("calls")))
        .startsWith("stop -- k3s-agent.service")
        .contains("daemon-reload");
    assertThat(check(host, known("authority", "cp1"))).isEqualTo(new Check.InSync());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatIsMountedForPodsIsUnmountedDeepestFirst(List<String> shell) throws IOException {
    Files.writeString(
        mounts,
        """
        30 1 0:50 / %1$s/%2$s/volumes/kubernetes.io~nfs/a\\040b rw - nfs4 srv:/ rw
        31 1 0:51 / %1$s/%2$s/volumes/kubernetes.io~nfs/a\\040b/deep rw - tmpfs tmpfs rw
        32 1 0:52 / %1$s/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/x/rootfs rw - overlay o rw
        """
            .formatted(root, POD));
    write(POD + "/volumes/kubernetes.io~nfs/a b/left", "beneath");
    var host =
        host(shell, "echo \"$2\" >>%1$s/unmounted; sed -i '$d' %2$s".formatted(root, mounts));
    var ended = wipe(host);
    assertThat(ended.ok()).as(ended.output()).isTrue();
    assertThat(Files.readAllLines(root.resolve("unmounted")))
        .containsExactly(
            root + "/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/x/rootfs",
            root + "/" + POD + "/volumes/kubernetes.io~nfs/a b/deep",
            root + "/" + POD + "/volumes/kubernetes.io~nfs/a b");
    assertThat(root.resolve("var/lib/kubelet")).doesNotExist();
  }

  /** Bind mounts of the same file system are not seen by find -xdev. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void nothingIsDeletedWhileDataIsMountedBeneath(List<String> shell) throws IOException {
    for (var at : List.of("var/lib/kubelet/data", "var/lib/kubelet/pods/mine/data", "run/k3s/x")) {
      node();
      Files.writeString(
          mounts, "30 1 8:1 /data %s/%s rw - ext4 /dev/sda1 rw%n".formatted(root, at));
      var removal = departure(check(host(shell, "exit 0"), known("authority", "cp1"))).removal();
      assertThat(removal).isInstanceOf(Check.Refused.class);
      assertThat(((Check.Refused) removal).what())
          .isEqualTo("something is mounted where it would be deleted: %s/%s".formatted(root, at));
    }
  }

  /** It was mounted after the look, or it is in use. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aMountThatStaysStopsItBeforeAnythingIsDeleted(List<String> shell) throws IOException {
    var host = host(shell, "exit 0");
    var removal = departure(check(host, known("authority", "cp1"))).removal();
    Files.writeString(
        mounts,
        "30 1 0:50 / %s/%s/volumes/kubernetes.io~nfs/data rw - nfs4 srv:/ rw%n"
            .formatted(root, POD));
    var ended =
        host.attempt(((Repair.OnHost) ((Check.Drift) removal).repair()).scripts().getFirst());
    assertThat(ended.ok()).isFalse();
    assertThat(ended.output())
        .contains("nothing is deleted while something is mounted there: " + root + "/" + POD);
    assertThat(root.resolve("var/lib/kubelet/config")).exists();
    assertThat(root.resolve("var/lib/rancher/k3s/agent/client.key")).exists();
    assertThat(root.resolve("etc/systemd/system/k3s-agent.service")).exists();
  }

  /** A file system of its own for the kubelet, or a link to one, is emptied and stays. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aPlaceOfItsOwnIsEmptiedAndStays(List<String> shell) throws IOException {
    var elsewhere = root.resolve("srv/kubelet");
    Files.createDirectories(elsewhere.getParent());
    Files.move(root.resolve("var/lib/kubelet"), elsewhere);
    Files.createSymbolicLink(root.resolve("var/lib/kubelet"), elsewhere);
    var host = host(shell, "exit 0");
    var ended = wipe(host);
    assertThat(ended.ok()).as(ended.output()).isTrue();
    assertThat(elsewhere).isEmptyDirectory();
    assertThat(root.resolve("var/lib/kubelet")).isSymbolicLink();
    assertThat(check(host, known("authority", "cp1"))).isEqualTo(new Check.InSync());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aUnitThatDoesNotStopKeepsEverything(List<String> shell) {
    var host = host(shell, "exit 0").program("systemctl", "[ \"$1\" != stop ]");
    var ended = wipe(host);
    assertThat(ended.ok()).isFalse();
    assertThat(root.resolve("var/lib/kubelet/config")).exists();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aNodeThatTheClusterStillHasIsNotWiped(List<String> shell) {
    var host = host(shell, "exit 0");
    assertThat(departure(check(host, known("authority", "cp1", "w1"))).removal())
        .isEqualTo(
            new Check.Refused(
                "the cluster still has it as a node", "see what node-departures says of it"));
  }

  /** Nobody is asked whether it is out, for nobody is left to be asked. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void theOnlyServerIsNotWipedWhileOthersStay(List<String> shell) throws IOException {
    write("etc/systemd/system/k3s.service", "[Service]");
    var target = Cases.on(cp1, Cases.inventory(cp1, w1).without(Set.of(cp1.name())));
    var check =
        STEP.check(target, host(shell, "exit 0").look(STEP.probes(target)), new Cases.Settled());
    assertThat(departure(check).removal())
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).startsWith("no control plane would stay"));
  }

  /** What other programs have of CNI is theirs. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void networksOfOtherProgramsStay(List<String> shell) throws IOException {
    write("var/lib/cni/networks/cbr0/10.42.1.2", "x");
    write("var/lib/cni/networks/podman/10.88.0.2", "theirs");
    var ended = wipe(host(shell, "exit 1"));
    assertThat(ended.ok()).as(ended.output()).isTrue();
    assertThat(root.resolve("var/lib/cni/networks/cbr0")).doesNotExist();
    assertThat(root.resolve("var/lib/cni/networks/podman/10.88.0.2")).hasContent("theirs");
  }

  /** The servers that stay say who is a node still; where nobody stays there is nobody to ask. */
  @Test
  void whoStaysIsWaitedForWhereThereIsSomebody() {
    assertThat(STEP.needs(Cases.on(w1, inventory)))
        .containsExactlyInAnyOrder(
            Need.anySoFar(ClusterNodes.OUTPUT, List.of(cp1)),
            Need.someSoFar(ClusterAccess.OUTPUT, List.of(cp1)));
    var nobody = inventory.without(Set.of(cp1.name()));
    assertThat(STEP.needs(Cases.on(w1, nobody))).isEmpty();
  }

  @Test
  void allThatGoesIsNamedAndIsOfAKindThatTheStepMayDo() {
    var changes = departure(check(host(List.of("sh"), "exit 1"), known("authority"))).changes();
    assertThat(changes)
        .extracting(Change::subject)
        .contains("unit k3s-agent.service")
        .anySatisfy(it -> assertThat(it).endsWith("/var/lib/kubelet"))
        .anySatisfy(it -> assertThat(it).endsWith("/usr/local/bin/k3s"));
    assertThat(changes).allSatisfy(it -> assertThat(STEP.mayRemove()).contains(it.action()));
    assertThat(STEP.mayDo()).as("without being asked to remove anything").isEmpty();
  }

  /** Whoever agrees to it reads what stays, and where to look. */
  @Test
  void whatStaysInTheKernelIsSaidBefore() {
    var departure = departure(check(host(List.of("sh"), "exit 1"), known("authority")));
    assertThat(departure.aftermath())
        .startsWith("w1: files of local volumes stay")
        .contains("rules of kube-proxy", "until it boots", "iptables-save | grep");
    assertThat(new KubeadmDistribution().exit().kept()).contains("iptables-save | grep");
  }

  /** Whoever typed a wrong address would lose a cluster that this one knows nothing of. */
  @Test
  void aNodeOfAnotherClusterIsNotWiped() {
    assertThat(withAuthority(CERTIFICATE + CERTIFICATE))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).startsWith("it is a node of another cluster"));
    assertThat(withAuthority(CERTIFICATE)).isInstanceOf(Check.Drift.class);
    assertThat(withAuthority("")).as("not written to its end").isInstanceOf(Check.Drift.class);
  }

  private Check withAuthority(String text) {
    var target = Cases.on(w1, inventory);
    var seen = new Observations.Builder();
    for (var question : STEP.probes(target).questions()) {
      if (question.kind().function().name().equals("look_remains")) {
        var _ = answered(question, "there /var/lib/kubelet", seen);
      }
    }
    var _ =
        seen.put(
            io.provision.resource.Files.text("/var/lib/rancher/k3s/agent/server-ca.crt"),
            AuthorityCases.file(text));
    return departure(STEP.check(target, seen.build(), known(CERTIFICATE, "cp1"))).removal();
  }

  private static <A> Observations.Builder answered(
      Question<A> question, String output, Observations.Builder into) {
    return into.put(question, Cases.read(question, output));
  }

  private Path write(String path, String text) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}

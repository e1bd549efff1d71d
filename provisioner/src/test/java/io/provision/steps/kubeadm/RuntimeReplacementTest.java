package io.provision.steps.kubeadm;

import static io.provision.steps.kubeadm.KubeadmUpgradeTest.actions;
import static io.provision.steps.kubeadm.KubeadmUpgradeTest.seen;
import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskQuestion;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Sha256;
import io.provision.model.Version;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.resource.FileTransfer;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Observations;
import io.provision.step.Target;
import io.provision.steps.kubeadm.runtime.ContainerRuntime;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.NodeState;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.upgrade.UpgradeTurn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Another container runtime: with all else on a new host, while it is drained on a node. */
class RuntimeReplacementTest {
  private static final String DIGEST = "c".repeat(64);
  private static final String SERVER = KubeadmCases.LIVES + "apiserver=v1.36.2\n";
  private static final String OF_SYSTEM = "containerd github.com/containerd/containerd 1.6.20 x\n";
  private static final String OURS =
      """
      part cni-plugins v1.9.1 %s
      part containerd v2.3.4 %s
      part runc v1.5.1 %s
      """
          .formatted(DIGEST, DIGEST, DIGEST);

  private static final List<String> SWITCHED =
      List.of(
          "install_runtime_programs containerd",
          "install_runtime_programs runc",
          "install_runtime_programs cni-plugins");

  private final Inventory declared = inventory("v2.3.4");
  private final Inventory plain = KubeadmCases.inventory("");

  private static Inventory inventory(String containerd) {
    return KubeadmCases.inventory(
        "container_runtime: { containerd: %s, runc: v1.5.1, cni_plugins: v1.9.1 }"
            .formatted(containerd));
  }

  private static Cases.Settled known(Inventory inventory) {
    var digests = new HashMap<String, Sha256>();
    for (var program : KubeadmArtifacts.PROGRAMS) {
      pin(digests, new ArtifactId("kubernetes", "v1.36.2", "amd64", program));
    }
    pin(digests, new ArtifactId("containerd", "v2.3.4", "amd64", "containerd.tar.gz"));
    pin(digests, new ArtifactId("containerd", "v1.7.0", "amd64", "containerd.tar.gz"));
    pin(digests, new ArtifactId("runc", "v1.5.1", "amd64", "runc"));
    pin(digests, new ArtifactId("cni-plugins", "v1.9.1", "amd64", "cni-plugins.tgz"));
    var known = new Cases.Settled().atDesk(Kubeadm.PINNED, new PinnedFiles(Map.copyOf(digests)));
    for (var server : Nodes.servers(inventory)) {
      var version = Optional.of(Version.parse("v1.36.2"));
      known =
          known
              .address(server)
              .has(server, Nodes.STATE, new NodeState("amd64", version, true, true, true));
    }
    return known;
  }

  private static void pin(Map<String, Sha256> digests, ArtifactId id) {
    digests.put(id.toString(), new Sha256(DIGEST));
  }

  private static Target.OnHost first(Inventory inventory) {
    return KubeadmCases.on("cp1", inventory);
  }

  private static Observations node(
      Inventory inventory, String basics, String ofSystem, String programs) {
    return seen(
            first(inventory),
            basics,
            Map.of(
                "look_containerd",
                ofSystem,
                "look_runtime_programs",
                programs,
                "look_kubeadm_images",
                "registry.k8s.io/pause:3.10.2\n",
                "look_service_manager",
                "systemd"))
        .build();
  }

  private Check upgrade(String basics, String programs) {
    return new KubeadmUpgrade()
        .check(first(declared), node(declared, basics, OF_SYSTEM, programs), known(declared));
  }

  @Test
  void aNodeThatLivesIsDrainedForItAndAllIsThereBefore() {
    var check = upgrade(SERVER, "");
    var expected = new ArrayList<String>();
    for (var part : List.of("containerd", "runc", "cni-plugins")) {
      expected.add("push_file /var/lib/provision/runtime/%s.staged".formatted(part));
    }
    expected.add("turn of cp1");
    expected.add("mark_out_of_use");
    expected.add("drain cp1 for upgrade");
    expected.addAll(SWITCHED);
    expected.addAll(List.of("write_file", "write_file", "write_file"));
    expected.add("bring_unit restart");
    expected.add("start_node");
    expected.add("await cp1 to be Ready with v1.36.2");
    expected.add("release cp1 for upgrade");
    expected.add("turn over of cp1");
    expected.add("mark_in_use");
    assertThat(withoutKubernetes(actions(check))).isEqualTo(expected);
    assertThat(((Check.Drift) check).changes())
        .filteredOn(change -> !change.subject().startsWith("/usr/local/bin/"))
        .extracting(
            change -> "%s %s %s".formatted(change.action(), change.subject(), before(change)))
        .containsExactly(
            "DRAIN node cp1 ",
            "UPGRADE containerd v1.6.20 of its system",
            "INSTALL runc ",
            "INSTALL cni-plugins ",
            "RESTART unit containerd.service ");
    assertThat(new KubeadmUpgrade().mayDo())
        .containsAll(((Check.Drift) check).changes().stream().map(Change::action).toList());
  }

  private static String before(Change change) {
    return change.detail() instanceof Change.Detail.Value(var from, _) ? from : "";
  }

  /** What a kubelet of before is told of is of no interest here. */
  private static List<String> withoutKubernetes(List<String> actions) {
    return actions.stream().filter(it -> !it.startsWith("push_file /usr/local/bin/kube")).toList();
  }

  @Test
  void aNewKubeletAndANewRuntimeComeInOneDrain() {
    var old = KubeadmCases.LIVES.replace("v1.36.2", "v1.35.6") + "apiserver=v1.35.6\n";
    var done = actions(upgrade(old, ""));
    assertThat(done).filteredOn(it -> it.startsWith("drain")).hasSize(1);
    assertThat(done)
        .containsSubsequence(
            "upgrade_control_plane",
            "drain cp1 for upgrade",
            "install_runtime_programs containerd",
            "bring_unit restart",
            "push_file /usr/local/bin/kubelet",
            "start_node");
  }

  /** kubeadm has nothing to say to a worker of this version, and one that joins is not drained. */
  @Test
  void aWorkerIsDrainedByTheApiOfAServerUnlessItIsStillJoining() {
    var worker = KubeadmCases.on("w1", declared);
    var access =
        new ClusterAccess(
            List.of("https://home:6443"),
            new Handoff.Kept(new HostName("cp1"), Call.of(FileTransfer.READ, "/k")),
            Optional.empty());
    var known =
        known(declared).has(KubeadmCases.host("cp1", declared), ClusterAccess.OUTPUT, access);
    Function<String, Check> check =
        basics -> new KubeadmUpgrade().check(worker, seen(worker, basics, Map.of()).build(), known);
    assertThat(subjects(check.apply(KubeadmCases.JOINED))).contains("node w1, after cp1, cp2, cp3");
    assertThat(actions(check.apply(KubeadmCases.JOINED)))
        .containsSubsequence("drain w1 for upgrade", "install_runtime_programs runc", "start_node")
        .doesNotContain("upgrade_worker");
    assertThat(check.apply(KubeadmCases.JOINED + "joining=yes\n")).isInstanceOf(Check.InSync.class);
  }

  @Test
  void whatIsThereAsItIsDeclaredIsLeftAlone() {
    assertThat(upgrade(SERVER, OURS))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it -> assertThat(it.observed().values()).containsEntry(UpgradeTurn.CURRENT, true));
  }

  @Test
  void onlyWhatIsAnotherIsReplacedAndWhatSomebodyChanged() {
    for (var programs :
        List.of(
            OURS.replace("runc v1.5.1", "runc v1.5.0"),
            OURS.replace("runc v1.5.1 c", "runc v1.5.1 d"),
            OURS + "other /usr/local/sbin/runc\n",
            OURS.replaceFirst("(?m)^part runc.*\n", ""))) {
      assertThat(actions(upgrade(SERVER, programs)))
          .as(programs)
          .filteredOn(it -> it.startsWith("install_runtime"))
          .containsExactly("install_runtime_programs runc");
    }
    assertThat(((Check.Drift) upgrade(SERVER, OURS + "other /usr/local/sbin/runc\n")).changes())
        .filteredOn(it -> it.subject().equals("runc"))
        .extracting(RuntimeReplacementTest::before)
        .containsExactly("v1.5.1, not as it was installed");
  }

  @Test
  void aHostOnWhichNothingLivesGetsItWithTheOtherPrograms() {
    Function<String, Check> programs =
        basics ->
            new KubeadmPrograms()
                .check(first(declared), node(declared, basics, "", ""), known(declared));
    for (var basics : List.of(KubeadmCases.BARE, SERVER + "begun=yes\n")) {
      assertThat(actions(programs.apply(basics))).containsSubsequence(SWITCHED);
      assertThat(actions(programs.apply(basics))).doesNotContain("bring_unit restart");
    }
    assertThat(actions(programs.apply(SERVER))).doesNotContainAnyElementsOf(SWITCHED);
    var begun = upgrade(SERVER + "begun=yes\n", "");
    assertThat(begun).as("is not drained for it").isInstanceOf(Check.InSync.class);
  }

  @Test
  void oneThatIsOlderDoesNotComeToANodeThatLives() {
    var older = inventory("v1.7.0");
    for (var has : List.of(OF_SYSTEM.replace("1.6.20", "2.0.1"), "")) {
      var seen = node(older, SERVER, has, has.isEmpty() ? OURS : "");
      assertThat(new KubeadmPrograms().check(first(older), seen, known(older)))
          .isInstanceOfSatisfying(
              Check.Refused.class,
              it -> assertThat(it.what()).contains("does not go back to v1.7.0"));
    }
    var bare = node(older, KubeadmCases.BARE, "", OURS);
    assertThat(new KubeadmPrograms().check(first(older), bare, known(older)))
        .isInstanceOf(Check.Drift.class);
    var patch = OURS.replace("v2.3.4", "v2.3.9");
    assertThat(
            new KubeadmPrograms()
                .check(first(declared), node(declared, SERVER, "", patch), known(declared)))
        .as("a patch back is one")
        .isNotInstanceOf(Check.Refused.class);
  }

  @Test
  void whatWasTakenOutOfTheInventoryIsRefusedWhereItRuns() {
    for (var basics : List.of(SERVER, KubeadmCases.BARE)) {
      assertThat(
              new KubeadmPrograms()
                  .check(first(plain), node(plain, basics, "", OURS), known(plain)))
          .isInstanceOfSatisfying(
              Check.Refused.class, it -> assertThat(it.what()).contains("container_runtime"));
    }
  }

  /** Its configuration is written for the one that comes, and would not suit the one that runs. */
  @Test
  void theOneThatRunsIsLeftAsItIsUntilTheOtherOneComes() {
    var target = first(declared);
    var before = node(declared, SERVER, OF_SYSTEM, "");
    var after = node(declared, SERVER, OF_SYSTEM, OURS);
    assertThat(ContainerRuntime.left(target, before, "")).isEmpty();
    assertThat(ContainerRuntime.left(target, after, "")).isPresent();
    assertThat(subjects(new ContainerRuntime().check(target, after, known(declared))))
        .contains("/etc/systemd/system/containerd.service");
    assertThat(subjects(new ContainerRuntime().check(target, before, known(declared))))
        .contains("/etc/crictl.yaml")
        .doesNotContain("/etc/systemd/system/containerd.service");
    var changed = node(declared, SERVER, OF_SYSTEM, OURS + "other /opt/cni/bin/bridge\n");
    var older = node(declared, SERVER, OF_SYSTEM, OURS.replace("v2.3.4", "v2.3.3"));
    for (var ours : List.of(changed, older)) {
      assertThat(subjects(new ContainerRuntime().check(target, ours, known(declared))))
          .as("it is ours that runs")
          .isEqualTo(subjects(new ContainerRuntime().check(target, after, known(declared))));
    }
    assertThat(ContainerRuntime.left(target, changed, "")).isPresent();
    assertThat(ContainerRuntime.left(target, older, "")).isEmpty();
  }

  private static Set<String> asked(Inventory inventory) {
    return new KubeadmArtifacts()
        .probes(new Target.OnDesk(inventory)).desk().stream()
            .filter(DeskQuestion.Pins.class::isInstance)
            .flatMap(it -> ((DeskQuestion.Pins) it).ids().stream())
            .collect(Collectors.toSet());
  }

  private static List<String> subjects(Check check) {
    return ((Check.Drift) check).changes().stream().map(Change::subject).toList();
  }

  @Test
  void itIsPinnedWithTheOtherProgramsAndAloneWhereThoseArePackages() {
    var ofPackages =
        KubeadmCases.inventory(
            """
            container_runtime: { containerd: v2.3.4, runc: v1.5.1, cni_plugins: v1.9.1 }
            packages:
              repository: http://packages.example/{minor}/deb/
              key: 0123456789ABCDEF0123456789ABCDEF01234567
            """);
    assertThat(asked(declared))
        .contains("kubernetes/v1.36.2/amd64/kubelet", "containerd/v2.3.4/amd64/containerd.tar.gz")
        .contains("runc/v1.5.1/arm64/runc", "cni-plugins/v1.9.1/amd64/cni-plugins.tgz");
    assertThat(asked(ofPackages))
        .contains("containerd/v2.3.4/arm64/containerd.tar.gz")
        .doesNotContain("kubernetes/v1.36.2/amd64/kubelet");
  }
}

package io.provision.steps.kubeadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ClusterAction;
import io.provision.model.Content;
import io.provision.model.Inventory;
import io.provision.model.Version;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.FileTransfer;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.steps.kubeadm.adoption.ForeignNode;
import io.provision.steps.kubeadm.apiserver.ApiServerOptions;
import io.provision.steps.kubeadm.apiserver.KubeadmApiServer;
import io.provision.steps.kubeadm.runtime.RuntimeCases;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.NodeState;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.settings.KubeletStays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of a cluster that lives become those of the inventory, one node after another. */
class KubeadmSettingsTest {
  private static final String SERVER = KubeadmCases.LIVES + "apiserver=v1.36.2\n";
  private static final ClusterAccess ACCESS =
      new ClusterAccess(
          List.of("https://home:6443"),
          new Handoff.Kept(
              new io.provision.model.HostName("cp1"), Call.of(FileTransfer.READ, "/k")),
          Optional.empty());

  /**
   * A node that has one thing and is to have another.
   *
   * @param has the part of the inventory that it was made with
   * @param basics what it says of itself
   */
  private record Node(String name, String has, String basics) {
    private Observations seen(String wanted) {
      var inventory = KubeadmCases.inventory(has);
      var target = KubeadmCases.on(name, inventory);
      var files = KubeadmCases.files(target);
      var options =
          ApiServerOptions.of(inventory.cluster().orElseThrow()).options().entrySet().stream()
              .map(it -> "option %s=%s\n".formatted(it.getKey(), it.getValue()))
              .collect(Collectors.joining());
      var asked = KubeadmCases.on(name, KubeadmCases.inventory(wanted));
      return RuntimeCases.into(new Observations.Builder(), target, asked)
          .put(
              Files.at(Kubeadm.CHANGING),
              basics.contains("changing=yes") ? directory() : FileState.ABSENT)
          .put(KubeadmLooks.BASICS, Cases.read(KubeadmLooks.BASICS, basics))
          .put(KubeadmCredentials.QUESTION, Optional.empty())
          .put(
              KubeadmApiServer.LOOK,
              Cases.read(KubeadmApiServer.LOOK, "member=yes\nmade=yes\n" + options))
          .put(ForeignNode.QUESTION, ForeignNode.NONE)
          .put(Files.text(Kubeadm.INIT), state(files.init()))
          .put(Files.text(Kubeadm.KUBELET_HAS), state(files.kubeletHas()))
          .build();
    }

    private Check becomes(String wanted, Cases.Settled known) {
      var target = KubeadmCases.on(name, KubeadmCases.inventory(wanted));
      return new KubeadmSettings().check(target, seen(wanted), known);
    }

    private Check becomes(String wanted) {
      return becomes(wanted, known(KubeadmCases.inventory(wanted)));
    }
  }

  private static Node server(String has) {
    return new Node("cp1", has, SERVER);
  }

  private static FileState state(ManagedFile file) {
    var content = (Content.Plain) file.content();
    return new FileState(
        FileState.Type.FILE,
        false,
        FileMode.PRIVATE,
        new FileState.Owner("root", "root", "0", "0"),
        content.bytes().length,
        Optional.of(content.sha256()),
        Optional.of(content));
  }

  private static Cases.Settled known(Inventory inventory) {
    var known = new Cases.Settled();
    for (var host : inventory.hosts()) {
      known = known.address(host);
    }
    for (var server : Nodes.servers(inventory)) {
      known =
          known.has(
              server,
              Nodes.STATE,
              new NodeState("amd64", Optional.of(Version.parse("v1.36.2")), true, true, true));
    }
    return known;
  }

  /**
   * What is done, in order: functions on the host with their last words, and actions by the API.
   */
  private static List<String> actions(Check check) {
    return ((Check.Drift) check)
        .repair().leaves().stream().flatMap(KubeadmSettingsTest::actions).toList();
  }

  private static Stream<String> actions(Repair repair) {
    return switch (repair) {
      case Repair.OnHost(var scripts, _) ->
          scripts.stream()
              .map(script -> {
                var words = script.call().arguments();
                return switch (script.call().function().name()) {
                  case "write_file" -> "write " + words.getFirst();
                  case "bring_unit" -> "bring_unit " + String.join(" ", words);
                  case "change_control_plane" ->
                      "change_control_plane, leads %s, proxies %s, broken %s"
                          .formatted(
                              words.get(4), words.get(5).isEmpty() ? "no" : "yes", words.get(6));
                  default -> script.call().function().name();
                };
              });
      case Repair.OnApi(_, var actions) ->
          actions.stream().map(action -> "await " + ((ClusterAction.Await) action).what());
      case Repair.OnCluster _,
          Repair.OnDesk _,
          Repair.Reboot _,
          Repair.PowerCut _,
          Repair.AwaitHosts _,
          Repair.OnOthers _,
          Repair.AwaitChecks _,
          Repair.RunHooks _,
          Repair.Tell _,
          Repair.InWindow _,
          Repair.Guarded _,
          Repair.InOrder _ ->
          throw new IllegalStateException(repair.toString());
    };
  }

  private static List<String> changes(Check check) {
    return ((Check.Drift) check)
        .changes().stream().map(it -> it.action() + " " + it.subject()).toList();
  }

  private static final String NEXT = "write /etc/kubernetes/provision/init.yaml.next";
  private static final List<String> ENDED =
      List.of(
          "await cp1 to be Ready with v1.36.2",
          "write /etc/kubernetes/provision/init.yaml",
          "write /etc/kubernetes/provision/kubelet.yaml",
          "end_change");

  private static List<String> then(List<String> first, List<String> rest) {
    return Stream.concat(first.stream(), rest.stream()).toList();
  }

  @Test
  void anOptionOfTheApiServerCostsItsRestartAndNoKubelet() {
    var check = server("audit: { max_age: 3 }").becomes("audit: { max_age: 7 }");
    assertThat(actions(check))
        .isEqualTo(
            then(
                List.of(
                    "begin_change", NEXT, "change_control_plane, leads yes, proxies no, broken no"),
                ENDED));
    assertThat(changes(check))
        .containsExactly("UPDATE /etc/kubernetes/provision/init.yaml", "RESTART API server of cp1");
  }

  @Test
  void aSettingOfTheKubeletsIsTheClustersFirstAndRestartsNoApiServer() {
    var check = server("").becomes("kubelet: { maxPods: 80 }");
    assertThat(actions(check))
        .isEqualTo(
            then(
                List.of(
                    "begin_change",
                    NEXT,
                    "change_control_plane, leads yes, proxies no, broken no",
                    "start_node",
                    "await_kubelet"),
                ENDED));
    assertThat(changes(check))
        .containsExactly(
            "UPDATE /etc/kubernetes/provision/init.yaml",
            "UPDATE /etc/kubernetes/provision/kubelet.yaml",
            "RESTART unit kubelet.service");
    assertThat(new KubeadmSettings().mayDo())
        .containsAll(((Check.Drift) check).changes().stream().map(Change::action).toList());
  }

  @Test
  void kubeProxiesAreTheMatterOfTheLastControlPlaneWhenAllAreOfOneVersion() {
    var wanted = "kube_proxy: { mode: nftables }";
    var last = new Node("cp3", "", SERVER).becomes(wanted);
    assertThat(changes(last))
        .containsExactly(
            "UPDATE /etc/kubernetes/provision/init.yaml",
            "RESTART pods of kube-proxy, one after another");
    assertThat(actions(last))
        .contains("change_control_plane, leads no, proxies yes, broken no")
        .doesNotContain("start_node");
    var first = server("").becomes(wanted);
    assertThat(actions(first)).contains("change_control_plane, leads yes, proxies no, broken no");
    assertThat(changes(first)).containsExactly("UPDATE /etc/kubernetes/provision/init.yaml");
  }

  @Test
  void aWorkerTakesItsKubeletsSettingsFromTheCluster() {
    var node = new Node("w1", "", KubeadmCases.JOINED);
    var wanted = "kubelet: { maxPods: 80 }";
    var inventory = KubeadmCases.inventory(wanted);
    var known =
        known(inventory).has(KubeadmCases.host("cp1", inventory), ClusterAccess.OUTPUT, ACCESS);
    assertThat(actions(node.becomes(wanted, known)))
        .containsExactly(
            "begin_change",
            "upgrade_worker",
            "start_node",
            "await_kubelet",
            "await w1 to be Ready with v1.36.2",
            "write /etc/kubernetes/provision/kubelet.yaml",
            "end_change");
    assertThat(changes(node.becomes(wanted)))
        .as("a plan tells whom it waits for")
        .containsExactly(
            "UPDATE /etc/kubernetes/provision/kubelet.yaml",
            "RESTART unit kubelet.service, after cp1, cp2, cp3");
    assertThat(actions(node.becomes(wanted))).as("no API is known yet").isEmpty();
    assertThat(node.becomes("audit: { max_age: 7 }")).isInstanceOf(Check.InSync.class);
  }

  /**
   * One that does not start with its new configuration ends the use of one node, and not of all.
   */
  @Test
  void containerdIsGivenItsOwnWhereItIsTheNodesTurn() {
    var wanted = "containerd: { debug: { level: debug } }";
    var check = new Node("cp2", "", SERVER).becomes(wanted);
    assertThat(actions(check))
        .containsExactly(
            "begin_change",
            "write /etc/containerd/config.toml",
            "bring_unit containerd.service restart -",
            "await cp2 to be Ready with v1.36.2",
            "write /etc/kubernetes/provision/init.yaml",
            "write /etc/kubernetes/provision/kubelet.yaml",
            "end_change");
    assertThat(changes(check))
        .containsExactly(
            "UPDATE /etc/containerd/config.toml", "RESTART unit containerd.service, after cp1");
    assertThat(new Node("cp1", "", KubeadmCases.BARE).becomes(wanted))
        .as("one that is no node yet has it from the step that installs it")
        .isInstanceOf(Check.InSync.class);
  }

  /** A plan that says nothing of it would be stopped by what its apply finds. */
  @Test
  void whatContainerdGetsIsUnknownUntilKubeadmNamesIt() {
    var node = server("");
    var seen = RuntimeCases.withoutSandbox(node.seen(""), KubeadmCases.on("cp1", inventory()));
    assertThat(
            new KubeadmSettings()
                .check(KubeadmCases.on("cp1", inventory()), seen, known(inventory())))
        .isInstanceOf(Check.Unknown.class);
  }

  private static Inventory inventory() {
    return KubeadmCases.inventory("");
  }

  @Test
  void whatIsAsItIsWantedIsLeftAlone() {
    for (var has : List.of("", "audit: {}", "kubelet: { maxPods: 80 }\nkube_proxy: {}")) {
      for (var node : List.of(server(has), new Node("w1", has, KubeadmCases.JOINED))) {
        assertThat(node.becomes(has))
            .as("%s of %s", has, node.name())
            .isInstanceOfSatisfying(
                Check.InSync.class,
                it -> assertThat(it.observed().values()).containsEntry(Kubeadm.SET, true));
      }
    }
    assertThat(new Node("cp1", "", KubeadmCases.BARE).becomes("audit: {}"))
        .as("one that is to come is made with them")
        .isInstanceOf(Check.InSync.class);
    assertThat(new Node("cp1", "", SERVER + "begun=yes\n").becomes("audit: {}"))
        .isInstanceOf(Check.InSync.class);
    assertThat(new Node("w1", "", KubeadmCases.JOINED + "joining=yes\n").becomes("kubelet: {}"))
        .isInstanceOf(Check.InSync.class);
    assertThat(server("").becomes("tls_sans: [later.example.org]"))
        .as("a name is in a certificate, and needs no restart")
        .isInstanceOf(Check.InSync.class);
  }

  /** Its manifest says what it was started with, whatever the record says. */
  @Test
  void anOptionThatSomebodyTookAwayComesBack() {
    var seen =
        new Node("cp1", "audit: {}", SERVER)
            .seen("audit: {}")
            .updated(
                new Observations.Builder()
                    .put(
                        KubeadmApiServer.LOOK,
                        Cases.read(KubeadmApiServer.LOOK, "member=yes\nmade=yes\n"))
                    .build());
    var inventory = KubeadmCases.inventory("audit: {}");
    assertThat(
            changes(
                new KubeadmSettings()
                    .check(KubeadmCases.on("cp1", inventory), seen, known(inventory))))
        .containsExactly("RESTART API server of cp1");
  }

  /** Also where the inventory was set back meanwhile: the cluster may keep the other ones. */
  @Test
  void whatAKilledRunBeganIsGoneOnWith() {
    var changing = new Node("cp1", "audit: {}", SERVER + "changing=yes\n");
    assertThat(actions(changing.becomes("audit: {}")))
        .contains("change_control_plane, leads yes, proxies no, broken yes")
        .contains("bring_unit containerd.service restart -", "start_node", "end_change");
    var second = new Node("cp2", "", SERVER + "changing=yes\n");
    var inventory = KubeadmCases.inventory("");
    var failed = known(inventory).never(KubeadmCases.host("cp1", inventory), Kubeadm.SET);
    assertThat(actions(second.becomes("", failed)))
        .as("what is half done waits for nobody, and gives the cluster what is wanted")
        .contains("change_control_plane, leads yes, proxies no, broken yes");
    var deaf = new Node("cp1", "", SERVER.replace("ready=yes\n", ""));
    assertThat(deaf.becomes("audit: {}")).isInstanceOf(Check.NotYet.class);
    var deafByUs = new Node("cp1", "", SERVER.replace("ready=yes\n", "") + "changing=yes\n");
    assertThat(actions(deafByUs.becomes("audit: {}"))).contains("start_node");
  }

  @ParameterizedTest
  @CsvSource({
    "cgroupDriver, 'kubelet: { cgroupDriver: cgroupfs }', cgroupfs, systemd",
    "cpuManagerPolicy, 'kubelet: { cpuManagerPolicy: static }', static, unset",
    "memoryManagerPolicy, 'kubelet: { memoryManagerPolicy: Static }', Static, unset"
  })
  void whatPodsWereMadeByStays(String field, String wanted, String to, String from) {
    for (var name : List.of("cp1", "w1")) {
      assertThat(config(name, "", wanted))
          .as("before a patch is there, which an upgrade would take")
          .isInstanceOfSatisfying(
              Check.Refused.class,
              it ->
                  assertThat(it.what())
                      .contains("'%s'".formatted(field), "(%s, was %s)".formatted(to, from)));
    }
  }

  @Test
  void oneThatIsNotWellStopsThoseBehindIt() {
    var wanted = "audit: {}";
    var inventory = KubeadmCases.inventory(wanted);
    var first = KubeadmCases.host("cp1", inventory);
    var second = new Node("cp2", "", SERVER);
    for (var known :
        List.of(
            known(inventory).never(first, Nodes.SERVER_UP),
            known(inventory).never(first, Kubeadm.SET))) {
      assertThat(second.becomes(wanted, known))
          .isInstanceOfSatisfying(
              Check.Refused.class, it -> assertThat(it.what()).contains("its settings, and cp1 "));
    }
    assertThat(changes(second.becomes(wanted))).contains("RESTART API server of cp2, after cp1");
    var set = known(inventory).has(first, Kubeadm.SET, true);
    assertThat(changes(second.becomes(wanted, set))).contains("RESTART API server of cp2");
    assertThat(new KubeadmSettings().needs(KubeadmCases.on("cp2", inventory)))
        .contains(Need.someSoFar(Kubeadm.SET, List.of(first)));
  }

  /** The first that lives: one before it that is not there yet comes to a cluster that is set. */
  @Test
  void theFirstOfTheClusterLeadsNotTheFirstOfTheInventory() {
    var wanted = "audit: {}";
    var inventory = KubeadmCases.inventory(wanted);
    var gone = new NodeState("amd64", Optional.empty(), false, false, false);
    var known = known(inventory).has(KubeadmCases.host("cp1", inventory), Nodes.STATE, gone);
    assertThat(actions(new Node("cp2", "", SERVER).becomes(wanted, known)))
        .contains("change_control_plane, leads yes, proxies no, broken no");
  }

  @Test
  void whatTheClusterWasMadeWithStaysAndTheRestIsLeftToThisStep() {
    var refused = config("cp1", "", "network: { pod_cidr: 10.9.0.0/16 }");
    assertThat(refused)
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it ->
                assertThat(it.what())
                    .contains("podSubnet: \"10.9.0.0/16\"", "podSubnet: \"10.244.0.0/16\""));
    for (var wanted :
        List.of("audit: {}", "kubelet: { maxPods: 80 }", "kube_proxy: { mode: nftables }")) {
      assertThat(config("cp1", "", wanted)).as(wanted).isInstanceOf(Check.InSync.class);
    }
    assertThat(changes(config("cp1", "", "tls_sans: [later.example.org]")))
        .containsExactly("UPDATE /etc/kubernetes/provision/init.yaml");
    assertThat(changes(config("w1", "", "ignore_preflight: [Swap]")))
        .contains("UPDATE /etc/kubernetes/provision/join.yaml");
  }

  /** Its record would say that it has what the cluster is only to get. */
  @Test
  void whoeverJoinsWaitsForTheSettingsOfTheCluster() {
    var wanted = "kubelet: { maxPods: 80 }";
    var inventory = KubeadmCases.inventory(wanted);
    var first = KubeadmCases.host("cp1", inventory);
    var old = MadeWith.wanted(KubeadmCases.on("cp1", KubeadmCases.inventory(""))).settings();
    var now = MadeWith.wanted(KubeadmCases.on("w1", inventory)).settings();
    var known = known(inventory).has(first, Kubeadm.MADE, old);
    var worker = KubeadmCases.on("w1", inventory);
    assertThat(OtherSettings.refusal(worker, known)).as("it waits").isEmpty();
    assertThat(OtherSettings.needs(worker))
        .contains(Need.someSoFar(Kubeadm.SET, Nodes.servers(inventory)));
    assertThat(OtherSettings.refusal(worker, known.never(first, Kubeadm.SET)))
        .get()
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("change first, on cp1"));
    var later = known(inventory).has(KubeadmCases.host("cp2", inventory), Kubeadm.MADE, old);
    assertThat(OtherSettings.refusal(KubeadmCases.on("cp1", inventory), later))
        .as("one that comes after it has its turn later")
        .isPresent();
    var set = known(inventory).has(first, Kubeadm.MADE, now).never(first, Kubeadm.SET);
    assertThat(OtherSettings.refusal(worker, set)).isEmpty();
  }

  /** Of one that is taken over nothing starts anew: it is written down what it has. */
  @Test
  void whatSomebodyElseMadeIsWrittenDownAndStartsNothing() {
    for (var name : List.of("cp1", "w1")) {
      var node = new Node(name, "", name.equals("cp1") ? SERVER : KubeadmCases.JOINED);
      var target = KubeadmCases.on(name, KubeadmCases.inventory(""));
      var foreign =
          node.seen("")
              .updated(
                  new Observations.Builder()
                      .put(ForeignNode.QUESTION, Cases.read(ForeignNode.QUESTION, "there=yes\n"))
                      .put(Files.text(Kubeadm.KUBELET_HAS), FileState.ABSENT)
                      .build());
      var known = known(KubeadmCases.inventory(""));
      var check = (Check.Drift) new KubeadmSettings().check(target, foreign, known);
      assertThat(check.changes())
          .singleElement()
          .satisfies(change -> {
            assertThat(change.action()).isEqualTo(io.provision.step.Change.Action.CREATE);
            assertThat(change.subject()).isEqualTo(Kubeadm.KUBELET_HAS);
          });
      assertThat(((Repair.OnHost) check.repair()).scripts()).hasSize(1);
      var killed =
          new Node(name, "", node.basics() + "changing=yes\n")
              .seen("")
              .updated(
                  new Observations.Builder()
                      .put(ForeignNode.QUESTION, Cases.read(ForeignNode.QUESTION, "there=yes\n"))
                      .put(Files.text(Kubeadm.KUBELET_HAS), FileState.ABSENT)
                      .build());
      assertThat(((Check.Drift) new KubeadmSettings().check(target, killed, known)).changes())
          .extracting(io.provision.step.Change::subject)
          .as("a run that was killed had nothing for the kubelet")
          .anyMatch(it -> it.startsWith("unit containerd.service"))
          .noneMatch(it -> it.startsWith("unit kubelet") || it.startsWith("API server"));
    }
  }

  @Test
  void nothingIsWrittenOfANodeThatIsNotTakenOver() {
    for (var name : List.of("cp1", "w1")) {
      var foreign = Cases.read(ForeignNode.QUESTION, "there=yes\n");
      assertThat(config(name, "", "", foreign))
          .isInstanceOfSatisfying(
              Check.Refused.class,
              it -> assertThat(it.what()).contains("made a node by somebody else"));
    }
  }

  private static Check config(String name, String has, String wanted) {
    return config(name, has, wanted, ForeignNode.NONE);
  }

  private static Check config(String name, String has, String wanted, ForeignNode foreign) {
    var inventory = KubeadmCases.inventory(has);
    var target = KubeadmCases.on(name, inventory);
    var files = KubeadmCases.files(target);
    var seen =
        new Observations.Builder()
            .put(
                KubeadmLooks.BASICS,
                Cases.read(
                    KubeadmLooks.BASICS, name.startsWith("cp") ? SERVER : KubeadmCases.JOINED))
            .put(ForeignNode.QUESTION, foreign)
            .put(Files.at(Kubeadm.PATCHES), directory())
            .put(Files.text(KubeletStays.CONFIG), FileState.ABSENT);
    for (var file :
        List.of(
            files.init(), files.join(), files.upgrade(), files.settings(), files.kubeletHas())) {
      seen = seen.put(Files.text(file.path()), state(file)).put(Files.at(file.path()), state(file));
    }
    seen =
        seen.put(Files.text(KubeadmFiles.KUBELET_PATCH), FileState.ABSENT)
            .put(Files.at(KubeadmFiles.KUBELET_PATCH), FileState.ABSENT);
    var other = KubeadmCases.inventory(wanted);
    return new KubeadmConfig().check(KubeadmCases.on(name, other), seen.build(), known(other));
  }

  private static FileState directory() {
    return new FileState(
        FileState.Type.DIRECTORY,
        false,
        new FileMode(0755),
        new FileState.Owner("root", "root", "0", "0"),
        0,
        Optional.empty(),
        Optional.empty());
  }
}

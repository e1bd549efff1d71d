package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Sha256;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A k3s of somebody else is taken over as it runs, or the way there is said. */
class K3sAdoptionTest {
  private static final String SERVER =
      """
      unit=k3s.service
      file=/etc/systemd/system/k3s.service
      state=active
      node=cp1
      args=["server","--disable","servicelb"]
      env={}
      flannel=10.0.0.1
      address=10.0.0.1
      """;

  private static final String AGENT =
      SERVER
          .replace("k3s.service", "k3s-agent.service")
          .replace("\"server\",\"--disable\",\"servicelb\"", "\"agent\"")
          .replace("env={}", "env={\"K3S_URL\":\"https://10.0.0.1:6443\"}")
          .replace("cp1", "w1")
          .replace("10.0.0.1\n", "10.0.0.101\n");

  private final Host server = Cases.server(1);
  private final Host agent = Cases.agent(1);
  private final Inventory inventory = Cases.inventory(server, agent);

  @Test
  void oneThatRunsAsTheInventorySaysIsTakenOverAndThePlanSaysSo() {
    assertThat(notes(server, SERVER))
        .contains("v1.36.4+k3s1 was installed by somebody else", "node cp1", "its datastore")
        .endsWith("it is not restarted");
    assertThat(notes(agent, AGENT)).contains("node w1").endsWith("it is not restarted");
    assertThat(check(server, "")).isEqualTo(new Check.InSync());
  }

  @Test
  void whatDiffersIsNamedAndRestartsIt() {
    assertThat(
            notes(
                server,
                SERVER.replace(
                    "\"servicelb\"", "\"servicelb\",\"--write-kubeconfig-mode\",\"644\"")))
        .endsWith("it restarts once, for write-kubeconfig-mode from 644 to 600");
    assertThat(notes(server, SERVER + "newer=/usr/local/bin/k3s\n"))
        .endsWith("for started before /usr/local/bin/k3s was written");
  }

  @Test
  void whatWouldBeLostIsRefusedWithTheLineThatKeepsIt() {
    var lost =
        refused(server, SERVER.replace("servicelb", "servicelb,traefik") + "variable=NO_PROXY\n");
    assertThat(lost.what()).contains("disable: [traefik]", "NO_PROXY");
    assertThat(lost.remedy()).contains("'k3s: { disable: [traefik] }'", "/etc/default/k3s");
    var line = refused(server, SERVER + "line=After=wg-quick@wg0.service\n");
    assertThat(line.what()).contains("After=wg-quick@wg0.service");
    assertThat(line.remedy()).contains("/etc/systemd/system/k3s.service.d/own.conf");
    var fixed =
        refused(server, SERVER.replace("\"--disable\"", "\"--data-dir\",\"/srv\",\"--disable\""));
    assertThat(fixed.remedy()).contains("with data-dir cannot be taken over");
    var secret =
        refused(
            server,
            SERVER.replace("\"--disable\"", "\"--etcd-s3-secret-key\",\"hush\",\"--disable\""));
    assertThat(secret.what() + secret.remedy())
        .contains("etcd-s3-secret-key")
        .doesNotContain("hush");
  }

  @Test
  void anotherNameOrRoleIsAnotherNode() {
    assertThat(refused(server, SERVER.replace("cp1", "box")).remedy())
        .contains("call the host box");
    assertThat(refused(server, AGENT).what()).contains("as an agent", "makes the host a server");
    assertThat(refused(agent, SERVER).what()).contains("as a server", "makes the host an agent");
  }

  @Test
  void whatCannotBeToldIsNotGuessed() {
    assertThat(refused(server, SERVER.replace("state=active\n", "")).remedy())
        .contains("systemctl start k3s.service");
    assertThat(refused(server, SERVER.replaceFirst("node=(?s:.*)", "")).what())
        .contains("cannot be told");
  }

  /** Else a server that lives in SQLite would be moved to etcd by its next start. */
  @Test
  void itsFileSaysHowItCameIntoTheCluster() {
    assertThat(config(SERVER)).doesNotContain("cluster-init", "server:");
    assertThat(config(SERVER.replace("\"--disable\"", "\"--cluster-init\",\"--disable\"")))
        .contains("cluster-init: true");
    assertThat(
            config(
                SERVER.replace("\"--disable\"", "\"--server\",\"https://x:6443\",\"--disable\"")))
        .contains("server: https://x:6443");
  }

  /** A playbook may have the steps without the one that says it first. */
  @Test
  void noStepWritesOverWhatIsNotTakenOver() {
    var silent = SERVER.replaceFirst("node=(?s:.*)", "");
    assertThat(new K3sConfig().check(Cases.on(server, inventory), seen(server, silent), known()))
        .isInstanceOf(Check.Refused.class);
    for (var foreign : List.of(silent, AGENT, SERVER.replace("servicelb", "servicelb,traefik"))) {
      assertThat(new K3sRole(Cases.on(server, inventory)).check(seen(server, foreign), known()))
          .isInstanceOf(Check.Refused.class);
    }
  }

  @Test
  void networksOfALivingClusterStayWhoeverMadeIt() {
    var other =
        SERVER.replace("\"--disable\"", "\"--cluster-cidr\",\"10.50.0.0/16\",\"--disable\"");
    assertThat(new K3sConfig().check(Cases.on(server, inventory), seen(server, other), known()))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("10.50.0.0/16"));
  }

  @Test
  void itsUnitIsWrittenAndWhatRunsIsWrittenDownBefore() {
    var drift = takenOver(List.of());
    assertThat(drift.changes()).extracting(Change::action).containsOnly(Change.Action.UPDATE);
    assertThat(drift.changes().getLast().detail().toString()).contains("without a restart");
    var scripts = ((Repair.OnHost) drift.repair()).scripts();
    assertThat(scripts)
        .extracting(it -> it.call().function().name())
        .containsExactly("record_start", "write_file", "keep_unit");
    assertThat(scripts.getFirst().call().arguments())
        .startsWith("k3s.service")
        .contains(K3s.BINARY, K3s.CONFIG, K3s.SERVER_TOKEN)
        .doesNotContain("/etc/systemd/system/k3s.service")
        .doesNotHaveDuplicates();
    assertThat(scripts.getFirst().call().arguments().get(1))
        .matches("[0-9a-f]{64}  /etc/systemd/system/k3s.service");
  }

  @Test
  void withAReasonItIsStartedAnew() {
    var drift = takenOver(List.of("selinux from (none) to true"));
    assertThat(drift.changes()).extracting(Change::action).contains(Change.Action.RESTART);
    assertThat(drift.changes().getLast().detail().toString()).contains("selinux");
    assertThat(((Repair.OnHost) drift.repair()).scripts())
        .extracting(it -> it.call().function().name())
        .containsExactly("write_file", "start_node");
  }

  /** Its own tokens are taken, whichever other server holds the cluster too. */
  @Test
  void aServerThatHoldsTheClusterWritesDownTheTokensThatItHas() {
    var two = Cases.server(2);
    var known =
        known()
            .has(server, Nodes.STATE, Cases.state(true, true))
            .has(two, Nodes.STATE, Cases.state(true, true));
    var seen =
        new Observations.Builder()
            .put(Files.at(K3s.SERVER_TOKEN), FileState.ABSENT)
            .put(Files.at(K3s.AGENT_TOKEN), FileState.ABSENT)
            .build();
    assertThat(new K3sToken().check(Cases.on(server, Cases.inventory(server, two)), seen, known))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            drift ->
                assertThat(drift.changes())
                    .allSatisfy(
                        it -> assertThat(it.detail().toString()).contains("that the cluster has")));
  }

  private Check.Drift takenOver(List<String> reasons) {
    var target = Cases.on(server, inventory);
    var service = K3sService.of(target, Optional.of(Cases.DIGEST));
    var seen =
        new Observations.Builder()
            .put(
                Files.unlike(service.file().path(), service.file().sha256()),
                file(Sha256.of(new byte[] {7})))
            .build();
    return (Check.Drift) service.takenOver(seen, reasons);
  }

  private String config(String foreign) {
    var check = new K3sConfig().check(Cases.on(server, inventory), seen(server, foreign), known());
    return ((Check.Drift) check).changes().getFirst().detail().toString();
  }

  private String notes(Host host, String foreign) {
    return ((Check.InSync) check(host, foreign)).observed().notes().getFirst();
  }

  private Check.Refused refused(Host host, String foreign) {
    return (Check.Refused) check(host, foreign);
  }

  private Check check(Host host, String foreign) {
    return new K3sAdoption().check(Cases.on(host, inventory), seen(host, foreign), known());
  }

  private Cases.Settled known() {
    return K3sCases.settled()
        .address(server, agent)
        .has(server, Nodes.STATE, Cases.state(true, true));
  }

  private static Observations seen(Host host, String foreign) {
    var member = Nodes.isServer(host) ? "\nmember=yes\nready=yes" : "";
    return new Observations.Builder()
        .put(
            K3sLooks.BASICS,
            K3sCases.basics("arch=x86_64\nversion=v1.36.4+k3s1\nunrecorded=yes" + member))
        .put(K3sLooks.FOREIGN, K3sCases.foreign(foreign))
        .put(K3sLooks.INTERFACES, Map.of("10.0.0.1", "eth0", "10.0.0.101", "eth0"))
        .put(Files.text(K3s.CONFIG), FileState.ABSENT)
        .put(Files.at(K3s.BINARY), file(Cases.DIGEST))
        .build();
  }

  private static FileState file(Sha256 digest) {
    return new FileState(
        FileState.Type.FILE,
        false,
        FileMode.PROGRAM,
        new FileState.Owner("root", "root", "0", "0"),
        1,
        Optional.of(digest),
        Optional.empty());
  }
}

package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.step.Check;
import io.provision.step.Question;
import io.provision.steps.k3s.apiserver.K3sApiServer;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.encryption.HeldKey;
import org.junit.jupiter.api.Test;

class K3sStateTest {
  @Test
  void aProcessorWithoutK3sIsRefusedByName() {
    var host = Cases.server(1);
    var seen =
        new io.provision.step.Observations.Builder()
            .put(K3sLooks.BASICS, K3sCases.basics("arch=armv7l"))
            .build();
    assertThat(
            new K3sState().check(Cases.on(host, Cases.inventory(host)), seen, K3sCases.settled()))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("armv7l"));
  }

  /** Before anything of an agent is written there: as a member of etcd it counts. */
  @Test
  void aServerWithADatastoreDoesNotBecomeAnAgentAndIsToldTheWay() {
    var server = Cases.server(1);
    var agent = Cases.agent(1);
    var inventory = Cases.inventory(server, agent);
    var member = "arch=x86_64\nversion=v1.36.4+k3s1\nmember=yes\nready=yes";
    assertThat(check(agent, inventory, member))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> {
              assertThat(it.what()).contains("/var/lib/rancher/k3s/server/db", "makes it an agent");
              assertThat(it.remedy()).contains("kubectl delete node w1", "is the cluster");
            });
    assertThat(check(server, inventory, member)).isInstanceOf(Check.InSync.class);
    assertThat(check(agent, inventory, member.replace("member=yes\n", "")))
        .isInstanceOf(Check.InSync.class);
  }

  /** k3s refuses it as a duplicate of the member that it was; the plan says what is to be done. */
  @Test
  void aServerThatLostItsDatastoreIsToldWhatItsClusterStillHas() {
    var server = Cases.server(1);
    var wiped = "arch=x86_64\nversion=v1.36.4+k3s1";
    assertThat(notes(server, wiped, true)).contains("kubectl delete node cp1");
    assertThat(notes(server, wiped, false)).as("never a server").isEqualTo("[]");
    assertThat(notes(server, wiped + "\nmember=yes", true)).isEqualTo("[]");
    assertThat(notes(server, "arch=x86_64", true)).as("k3s never came there").isEqualTo("[]");
  }

  private static String notes(io.provision.model.Host host, String lines, boolean token) {
    var file =
        new io.provision.resource.FileState(
            io.provision.resource.FileState.Type.FILE,
            false,
            io.provision.resource.FileMode.PRIVATE,
            new io.provision.resource.FileState.Owner("root", "root", "0", "0"),
            1,
            java.util.Optional.of(Cases.DIGEST),
            java.util.Optional.empty());
    var seen =
        new io.provision.step.Observations.Builder()
            .put(K3sLooks.BASICS, K3sCases.basics(lines))
            .put(
                io.provision.resource.Files.at(K3s.SERVER_TOKEN),
                token ? file : io.provision.resource.FileState.ABSENT)
            .put(
                io.provision.resource.Files.at(K3s.AGENT_TOKEN),
                io.provision.resource.FileState.ABSENT);
    keys(seen, "");
    var check =
        new K3sState()
            .check(Cases.on(host, Cases.inventory(host)), seen.build(), K3sCases.settled());
    return ((Check.InSync) check).observed().notes().toString();
  }

  /** Before anything of the inventory's reaches it. */
  @Test
  void aServerThatLivesWithKeysOfItsOwnIsToldWhatToWriteAndOneThatDoesNotLiveIsNot() {
    var server = Cases.server(1);
    var inventory = Cases.inventory(server);
    var bare = "arch=x86_64\nversion=v1.36.4+k3s1";
    assertThat(check(server, inventory, bare + "\nmember=yes", "own secretbox"))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it ->
                assertThat(it.remedy())
                    .contains("k3s: { secrets-encryption: true, secrets-encryption-provider"));
    assertThat(check(server, inventory, bare, "own secretbox")).isInstanceOf(Check.InSync.class);
    assertThat(check(server, inventory, bare, "own secretbox\nmade"))
        .as("one whose datastore lies elsewhere")
        .isInstanceOf(Check.Refused.class);
  }

  @Test
  void whichKeysAServerHasIsTold() {
    var server = Cases.server(1);
    var check = (Check.InSync) check(server, Cases.inventory(server), "arch=x86_64", "");
    assertThat(check.observed().values()).containsKey(HeldKey.OUTPUT);
    var agent = Cases.agent(1);
    assertThat(new K3sState().provides(Cases.on(agent, Cases.inventory(server, agent))))
        .doesNotContain(HeldKey.OUTPUT);
  }

  private static Check check(
      io.provision.model.Host host, io.provision.model.Inventory inventory, String lines) {
    return check(host, inventory, lines, "");
  }

  private static Check check(
      io.provision.model.Host host,
      io.provision.model.Inventory inventory,
      String lines,
      String keys) {
    var seen =
        new io.provision.step.Observations.Builder().put(K3sLooks.BASICS, K3sCases.basics(lines));
    for (var token : new String[] {K3s.SERVER_TOKEN, K3s.AGENT_TOKEN}) {
      seen.put(io.provision.resource.Files.at(token), io.provision.resource.FileState.ABSENT);
    }
    keys(seen, keys);
    return new K3sState().check(Cases.on(host, inventory), seen.build(), K3sCases.settled());
  }

  private static void keys(io.provision.step.Observations.Builder seen, String foreign) {
    seen.put(LivingSecrets.QUESTION, Cases.read(LivingSecrets.QUESTION, foreign));
    HeldKey.probes(K3sApiServer.ENCRYPTION)
        .questions()
        .forEach(question -> nothing(seen, question));
  }

  private static <T> void nothing(
      io.provision.step.Observations.Builder seen, Question<T> question) {
    seen.put(question, Cases.read(question, ""));
  }
}

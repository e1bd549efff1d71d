package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.step.Check;
import io.provision.steps.kubernetes.Cases;
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
                io.provision.resource.FileState.ABSENT)
            .build();
    var check =
        new K3sState().check(Cases.on(host, Cases.inventory(host)), seen, K3sCases.settled());
    return ((Check.InSync) check).observed().notes().toString();
  }

  private static Check check(
      io.provision.model.Host host, io.provision.model.Inventory inventory, String lines) {
    var seen =
        new io.provision.step.Observations.Builder().put(K3sLooks.BASICS, K3sCases.basics(lines));
    for (var token : new String[] {K3s.SERVER_TOKEN, K3s.AGENT_TOKEN}) {
      seen.put(io.provision.resource.Files.at(token), io.provision.resource.FileState.ABSENT);
    }
    return new K3sState().check(Cases.on(host, inventory), seen.build(), K3sCases.settled());
  }
}

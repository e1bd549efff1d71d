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

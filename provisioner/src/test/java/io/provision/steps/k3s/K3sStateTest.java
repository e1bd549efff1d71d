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
}

package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Version;
import io.provision.step.Check;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class K3sStateTest {
  @ParameterizedTest
  @CsvSource({
    "v1.36.4+k3s1, v1.36.4+k3s1, true",
    "v1.36.4+k3s1, v1.36.4+k3s2, true",
    "v1.36.4+k3s1, v1.37.0+k3s1, true",
    "v1.36.4+k3s1, v1.38.0+k3s1, false",
    "v1.36.4+k3s1, v1.36.3+k3s1, false",
    "v1.36.4+k3s2, v1.36.4+k3s1, false",
    "v1.36.4+k3s1, v2.0.0+k3s1, false"
  })
  void kubernetesGoesUpOneMinorVersionAtATime(String has, String wanted, boolean allowed) {
    assertThat(K3sState.refusal(Version.parse(has), Version.parse(wanted)).isEmpty())
        .isEqualTo(allowed);
  }

  @Test
  void aProcessorWithoutK3sIsRefusedByName() {
    var host = Cases.server(1);
    var seen =
        new io.provision.step.Observations.Builder()
            .put(K3sLooks.BASICS, Cases.basics("arch=armv7l"))
            .build();
    assertThat(
            new K3sState().check(Cases.on(host, Cases.inventory(host)), seen, new Cases.Settled()))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("armv7l"));
  }
}

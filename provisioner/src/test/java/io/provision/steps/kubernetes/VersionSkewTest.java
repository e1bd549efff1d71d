package io.provision.steps.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Version;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionSkewTest {
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
    assertThat(VersionSkew.refusal("k3s", Version.parse(has), Version.parse(wanted)).isEmpty())
        .isEqualTo(allowed);
  }
}

package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.steps.k3s.apiserver.K3sApiServer;
import io.provision.steps.kubernetes.Cases;
import org.junit.jupiter.api.Test;

/** Whether k3s was told of the keys that are made here. */
class K3sApiServerTest {
  @Test
  void anotherFileOfKeysIsNoneOfOurs() {
    var option = "member=yes\nmade=yes\noption encryption-provider-config=";
    assertThat(encrypts(option + K3sApiServer.KEY_FILE)).isTrue();
    assertThat(encrypts(option + "/x/encryption/config.yaml")).isFalse();
    assertThat(encrypts("member=yes\nmade=yes\n")).isFalse();
  }

  /** Whoever is a server of another cluster later has no use for them. */
  @Test
  void keysGoWithTheNode() {
    assertThat(new K3sExit().remains(Cases.server(1)))
        .anyMatch(it -> K3sApiServer.KEY_FILE.startsWith(it + "/"));
  }

  private static boolean encrypts(String lines) {
    return Cases.read(K3sApiServer.LOOK, lines).encrypts();
  }
}

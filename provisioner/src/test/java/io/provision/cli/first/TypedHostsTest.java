package io.provision.cli.first;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.cli.run.Refused;
import io.provision.model.SshSettings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TypedHostsTest {
  private static List<String> addresses(String... words) throws Refused {
    return new TypedHosts(SshSettings.DEFAULTS)
        .of(List.of(words)).stream().map(it -> it.address().value()).toList();
  }

  @Test
  void oneOrManyWithUserAndPort() throws Refused {
    assertThat(addresses("192.168.56.9-11"))
        .containsExactly("192.168.56.9", "192.168.56.10", "192.168.56.11");
    assertThat(addresses("node[08-10].lan", "nas"))
        .containsExactly("node08.lan", "node09.lan", "node10.lan", "nas");
    assertThat(addresses("a-1", "fd00::7", "[fd00::8]:2222", "me@fd00::9"))
        .containsExactly("a-1", "fd00::7", "fd00::8", "fd00::9");
    var host = new TypedHosts(SshSettings.DEFAULTS).of(List.of("admin@10.0.0.1:2222")).getFirst();
    assertThat(host.ssh().user()).isEqualTo(Optional.of("admin"));
    assertThat(host.ssh().port()).isEqualTo(Optional.of(2222));
  }

  @Test
  void portsOfOneAddressAreHostsOfTheirOwn() throws Refused {
    var hosts =
        new TypedHosts(SshSettings.DEFAULTS)
            .of(List.of("127.0.0.1:2222", "127.0.0.1:2200", "fd00::7", "[fd00::7]:23"));
    assertThat(hosts).extracting(it -> it.name().value()).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-oProxyCommand=x",
        "a b",
        "a@b@c",
        "10.0.0.5-3",
        "node[1-2000]",
        "a:0",
        "a:70000",
        "10.0.0.250-300",
        "a@",
        "\u0007",
        "$(reboot)"
      })
  void whatNamesNoHostIsRefused(String word) {
    assertThatThrownBy(() -> addresses(word)).isInstanceOf(Refused.class);
  }

  @Test
  void aHostIsNamedOnce() {
    assertThatThrownBy(() -> addresses("10.0.0.1-3", "10.0.0.2"))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("twice");
  }
}

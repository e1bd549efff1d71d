package io.provision.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What {@code KexAlgorithms} makes of what is known here; ssh_config(5) is the measure. */
class KeyExchangesTest {
  private static final String HYBRID = "mlkem768x25519-sha256";

  private static List<String> of(String said) {
    return KeyExchanges.of(Optional.of(said));
  }

  @Test
  void withoutAWordTheOneThatLastsLongestIsFirst() {
    assertThat(KeyExchanges.of(Optional.empty()))
        .isEqualTo(KeyExchanges.ALL)
        .startsWith(HYBRID, "curve25519-sha256");
  }

  @Test
  void aListIsTakenInItsOrderAndWithoutWhatNobodyHere() {
    assertThat(of("sntrup761x25519-sha512,ecdh-sha2-nistp256,curve25519-sha256"))
        .containsExactly("ecdh-sha2-nistp256", "curve25519-sha256");
    assertThat(of("ecdh-*,curve25519-sha256"))
        .containsExactly(
            "ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521", "curve25519-sha256");
  }

  @Test
  void signsInFrontChangeWhatIsThere() {
    assertThat(of("-mlkem*")).doesNotContain(HYBRID).hasSize(KeyExchanges.ALL.size() - 1);
    assertThat(of("-*nistp*,diffie-*"))
        .containsExactly(HYBRID, "curve25519-sha256", "curve25519-sha256@libssh.org");
    assertThat(of("+diffie-hellman-group1-sha1")).isEqualTo(KeyExchanges.ALL);
    assertThat(of("^ecdh-sha2-nistp384,ecdh-sha2-nistp256"))
        .startsWith("ecdh-sha2-nistp384", "ecdh-sha2-nistp256", HYBRID)
        .containsExactlyInAnyOrderElementsOf(KeyExchanges.ALL);
  }

  @Test
  void whoLeavesNothingIsToldWhatThereIs() {
    for (var said : List.of("", "diffie-hellman-group1-sha1", "-*", "sntrup*")) {
      assertThatThrownBy(() -> of(said))
          .as(said)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("KexAlgorithms '" + said + "' leaves nothing")
          .hasMessageContaining(HYBRID);
    }
  }

  @Property(tries = 300)
  void nothingComesTwiceAndNothingIsMadeUp(@ForAll String said) {
    try {
      assertThat(of(said)).doesNotHaveDuplicates().isSubsetOf(KeyExchanges.ALL).isNotEmpty();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("leaves nothing");
    }
  }
}

package io.provision.resource.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Shells;
import io.provision.resource.LocalHost;
import io.provision.step.Probes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A login that comes from the host itself is told by its address, also behind sudo. */
class AskedFromHereTest {
  private static final String ADDRESSES =
      """
      echo '1: lo    inet 127.0.0.1/8 scope host lo'
      echo '1: lo    inet6 ::1/128 scope host'
      echo '2: eth0    inet 10.0.0.4/24 brd 10.0.0.255 scope global eth0'
      echo '2: eth0    inet6 fe80::1/64 scope link'
      """;

  @TempDir Path directory;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void anAddressOfTheHostIsHere(List<String> shell) {
    for (var from : List.of("10.0.0.4", "127.0.0.1", "::1", "fe80::1%eth0")) {
      assertThat(asked(shell, ADDRESSES, from)).as(from).isTrue();
    }
    for (var from : List.of("10.0.0.40", "10.0.0", "110.0.0.4", "10x0.0.4", "fe80::12", "")) {
      assertThat(asked(shell, ADDRESSES, from)).as(from).isFalse();
    }
  }

  /** As sudo starts it: the shell has no such variable, and what started it has. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatSudoTakesAwayIsFoundInItsParents(List<String> shell) {
    var behindSudo = new ArrayList<>(List.of("sh", "-c", "env -u SSH_CONNECTION \"$@\"; :", "sh"));
    behindSudo.addAll(shell);
    assertThat(asked(behindSudo, ADDRESSES, "10.0.0.4")).isTrue();
    assertThat(asked(behindSudo, ADDRESSES, "10.0.0.5")).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void anIpThatSaysNothingUsefulSaysNotHere(List<String> shell) {
    for (var ip :
        List.of(
            "exit 1",
            ":",
            "head -c 3000000 /dev/zero | tr '\\0' x",
            "kill -9 $$",
            "echo 10.0.0.4")) {
      assertThat(asked(shell, ip, "10.0.0.4")).as(ip).isFalse();
    }
  }

  private boolean asked(List<String> shell, String ip, String from) {
    var words =
        new ArrayList<>(List.of("env", "SSH_CONNECTION=" + (from + " 50000 10.0.0.4 22").strip()));
    if (from.isEmpty()) {
      words = new ArrayList<>(List.of("env", "-u", "SSH_CONNECTION"));
    }
    words.addAll(shell);
    return new LocalHost(directory)
        .program("ip", ip)
        .in(words.toArray(String[]::new))
        .look(Probes.of(AskedFromHere.QUESTION))
        .of(AskedFromHere.QUESTION);
  }
}

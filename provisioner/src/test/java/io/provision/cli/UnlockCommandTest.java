package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The locks of the hosts that were named are looked at, and of no others. */
class UnlockCommandTest {
  @TempDir private Path state;

  @Test
  void allHostsAreAskedWhereNoneIsNamed() {
    assertThat(Session.type(new FakeProgram(), state, "unlock", "a.yml").lines())
        .extracting(line -> line.split(":")[0])
        .containsExactly("w1", "w2", "w3");
  }

  @Test
  void onlyTheNamedHostsAreAsked() {
    assertThat(Session.type(new FakeProgram(), state, "unlock", "a.yml", "--limit", "w2").lines())
        .singleElement()
        .asString()
        .startsWith("w2: no route");
  }
}

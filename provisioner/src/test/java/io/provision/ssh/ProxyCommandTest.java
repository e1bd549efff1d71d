package io.provision.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ProxyCommandTest {

  /** Who closes it first and asks then, as a library's own clean-up does, still learns why. */
  @Test
  void whatItSaysLastIsHeardAlsoWhereItWasClosedMeanwhile() throws IOException {
    var text = "sh -c 'trap : TERM; echo; read -r _; echo no way >&2; exit 3'";
    var running = new ProxyCommand(text, "sh").start();
    assertThat(running.in().read()).as("its trap is set").isEqualTo('\n');
    running.close();
    assertThat(running.ended()).contains("exit status 3, no way");
  }

  @Test
  void oneThatOnlyWaitsIsEnded() throws IOException {
    var running = new ProxyCommand("sleep 600", "sh").start();
    assertThat(running.ended()).isEmpty();
    running.close();
    assertThat(running.ended()).contains("exit status 143");
  }
}

package io.provision.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.RunOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose lock may be taken over: that of a run of this machine, which lives no more. */
class GoneRunsTest {
  private static final Instant NOW = Instant.now();

  @TempDir Path state;

  private boolean isGone(RunOwner owner) {
    return new GoneRuns(state, "ops1").has(owner.toString());
  }

  private void journal(String run) throws IOException {
    var _ = Files.createDirectories(state.resolve("journal"));
    Files.writeString(state.resolve("journal").resolve(run + ".jsonl"), "");
  }

  private static long ended() throws Exception {
    var process = new ProcessBuilder("true").start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.pid();
  }

  @Test
  void oneOfThisMachineWhoseProcessHasEndedIsGone() throws Exception {
    journal("r-1");
    assertThat(isGone(new RunOwner("root", "ops1", ended(), "r-1", NOW))).isTrue();
    assertThat(isGone(new RunOwner("root", "ops2", ended(), "r-1", NOW)))
        .as("of another machine")
        .isFalse();
    assertThat(isGone(new RunOwner("root", "ops1", ended(), "r-2", NOW)))
        .as("of another machine of that name: its journal is not here")
        .isFalse();
  }

  @Test
  void oneThatLivesIsNotAndItsNumberMayBeAnothersByNow() throws Exception {
    journal("r-1");
    var own = ProcessHandle.current().pid();
    assertThat(isGone(new RunOwner("root", "ops1", own, "r-1", NOW))).isFalse();
    var before = ProcessHandle.current().info().startInstant().orElseThrow().minusSeconds(60);
    assertThat(isGone(new RunOwner("root", "ops1", own, "r-1", before))).isTrue();
  }

  @Test
  void whatIsNoSuchLineIsNobodysRun() {
    for (var line : new String[] {"", "somebody", "a@ops1, process x, run r-1, since now"}) {
      assertThat(new GoneRuns(state, "ops1").has(line)).as(line).isFalse();
    }
    assertThat(RunOwner.of("root@ops1, process 7, run ../../x, since " + NOW)).isEmpty();
    var owner = new RunOwner("root", "ops1", 7, "20261130T014254Z-2557", NOW);
    assertThat(RunOwner.of(owner.toString())).contains(owner);
  }
}

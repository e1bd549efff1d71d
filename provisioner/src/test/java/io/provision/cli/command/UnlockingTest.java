package io.provision.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.console.Operator;
import io.provision.engine.TestInventory;
import io.provision.model.Host;
import io.provision.model.Secret;
import io.provision.remote.Interposed;
import io.provision.remote.LocalShell;
import io.provision.remote.Moved;
import io.provision.remote.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A lock is ended only where the operator says so, and what is said of it is so. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class UnlockingTest {
  private static final String OWNER = "ann@desk, run r0, since noon";

  @TempDir Path directory;
  private LocalShell hosts;
  private Transport transport;
  private final Answering operator = new Answering();
  private final List<Process> holders = new ArrayList<>();

  @BeforeEach
  void setUp() throws IOException {
    for (var host : List.of("a", "b")) {
      Files.createDirectory(directory.resolve(host));
    }
    hosts = new LocalShell(directory);
    transport = new Interposed(hosts, new Moved(directory));
  }

  @AfterEach
  void switchOff() {
    holders.forEach(Process::destroyForcibly);
    hosts.close();
  }

  @Test
  void whereNobodyHoldsALockNobodyIsAsked() throws Exception {
    assertThat(unlocked(false, "a", "b")).containsExactly("a: not locked", "b: not locked");
    assertThat(operator.asked).isEmpty();
  }

  @Test
  void aLockIsLeftWhereTheOperatorDoesNotAgree() throws Exception {
    var holder = holder("a", "");
    assertThat(unlocked(false, "a", "b"))
        .containsExactly("a: left locked by " + OWNER, "b: not locked");
    assertThat(operator.asked).singleElement().asString().contains("a", OWNER);
    assertThat(holder.isAlive()).isTrue();
  }

  @Test
  void aLockIsEndedOnTheHostWhereTheOperatorAgreesAndOnNoOther() throws Exception {
    var other = holder("b", "");
    var holder = holder("a", "");
    operator.agreesTo = "a";
    assertThat(unlocked(false, "a", "b"))
        .containsExactly("a: unlocked; it was locked by " + OWNER, "b: left locked by " + OWNER);
    assertThat(holder.waitFor()).isEqualTo(128 + 15);
    assertThat(other.isAlive()).isTrue();
  }

  @Test
  void withYesNobodyIsAsked() throws Exception {
    var holder = holder("a", "");
    assertThat(unlocked(true, "a")).containsExactly("a: unlocked; it was locked by " + OWNER);
    assertThat(operator.asked).isEmpty();
    assertThat(holder.waitFor()).isEqualTo(128 + 15);
  }

  @Test
  void aHolderThatDoesNotEndIsSaidToHoldItStill() throws Exception {
    var holder = holder("a", "trap '' TERM; ");
    assertThat(unlocked(true, "a")).containsExactly("a: still locked by " + OWNER);
    assertThat(holder.isAlive()).isTrue();
  }

  /** Kept for a run that rebooted its host and was killed meanwhile. */
  @Test
  void aClaimWithoutAnyProcessIsALockToo() throws Exception {
    var claim = directory.resolve("a/claim");
    Files.writeString(claim, (Instant.now().getEpochSecond() + 3600) + "\n" + OWNER + "\n");
    assertThat(unlocked(false, "a")).containsExactly("a: left locked by " + OWNER);
    assertThat(claim).exists();
    assertThat(unlocked(true, "a")).containsExactly("a: unlocked; it was locked by " + OWNER);
    assertThat(claim).doesNotExist();
  }

  @Test
  void aHostThatDoesNotAnswerIsNamedAndTheNextOneIsUnlocked() throws Exception {
    hosts.takeDown("a");
    holder("b", "");
    assertThat(unlocked(true, "a", "b"))
        .containsExactly(
            "a: it does not answer. start it", "b: unlocked; it was locked by " + OWNER);
  }

  @Test
  void anInterruptEndsItAndIsNotForgotten() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> unlocked(true, "a"))
        .isInstanceOfSatisfying(
            Refused.class, it -> assertThat(it.code()).isEqualTo(ExitCode.INTERRUPTED));
    assertThat(Thread.interrupted()).isTrue();
  }

  private List<String> unlocked(boolean yes, String... names) throws Refused {
    return new Unlocking(transport, operator, yes)
        .all(Stream.of(names).<Host>map(TestInventory::host).toList());
  }

  /** A session of another run, with the descriptor that the product locks by. */
  private Process holder(String host, String before) throws IOException {
    var lock = directory.resolve(host).resolve("lock").toString();
    Files.writeString(directory.resolve(host).resolve("owner"), "1\n" + OWNER + "\n");
    var script = before + "exec 9>>\"$0\"; flock 9; echo held; exec sleep 600";
    var holder = new ProcessBuilder("/bin/sh", "-c", script, lock).start();
    holders.add(holder);
    assertThat(holder.inputReader().readLine()).isEqualTo("held");
    return holder;
  }

  private static final class Answering implements Operator {
    private final List<String> asked = new ArrayList<>();
    private String agreesTo = "nobody";

    @Override
    public boolean present() {
      return true;
    }

    @Override
    public boolean agrees(List<String> shown, String question) {
      asked.add(String.join("\n", shown) + "\n" + question);
      return shown.getFirst().startsWith(agreesTo + " ");
    }

    @Override
    public Optional<String> answer(List<String> shown, String question) {
      throw new AssertionError("no word is asked for");
    }

    @Override
    public Optional<Secret> password(String prompt) {
      throw new AssertionError("no password is asked for");
    }
  }
}

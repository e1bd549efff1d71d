package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.DeskException;
import io.provision.kube.PassedTime;
import io.provision.remote.Answer;
import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.LockOwner;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.resource.LocalHost;
import io.provision.step.Observations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The host's side, and what its return is taken for; that it comes back is shown on hosts. */
class RebootingTest {
  private static final String BEFORE = "3f0c\n100";
  private static final String AFTER = "77aa\n100";
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  /** A host whose every login takes two seconds, and what each finds: a boot, or why none is. */
  private static final class Pretend implements Rebooting.Machine {
    private final List<List<String>> ran = new ArrayList<>();
    private final Function<Duration, String> finds;
    private boolean refuses;
    private final PassedTime time = new PassedTime();
    private Optional<LockOwner> holder = Optional.empty();

    private Pretend(Function<Duration, String> finds) {
      this.finds = finds;
    }

    private Optional<Rebooting.Not> reboot() throws Exception {
      return new Rebooting(this, "us", time, _ -> {}).within(PATIENCE);
    }

    @Override
    public String boot() throws RemoteException {
      return ran.isEmpty() ? BEFORE : finds.apply(Duration.ofNanos(time.nanos()));
    }

    @Override
    public HostSession.Exchange run(List<Script> scripts) {
      ran.add(scripts.stream().map(it -> it.call().function().name()).toList());
      if (refuses && ran.size() == 1) {
        var frame = new Frame(1, "no bus");
        return new HostSession.Exchange.RepairFailed(
            scripts.size() - 1,
            frame,
            new Answer(List.of(frame), "", Optional.empty(), false),
            Duration.ofMinutes(1));
      }
      return new HostSession.Exchange.Done(new Observations.Builder().build());
    }

    @Override
    public Optional<LockOwner> comeBack() throws RemoteException {
      if (finds.apply(Duration.ofNanos(time.nanos())).isEmpty()) {
        throw new RemoteException.Unreachable("connection refused", "look at it", null);
      }
      return holder;
    }
  }

  private static String goesDownAndComesBack(Duration passed) {
    return passed.toSeconds() < 10 ? BEFORE : passed.toSeconds() < 60 ? "" : AFTER;
  }

  @Test
  void anotherBootProvesIt() throws Exception {
    var host = new Pretend(RebootingTest::goesDownAndComesBack);
    assertThat(host.reboot()).isEmpty();
    assertThat(host.ran.getFirst().getLast()).isEqualTo("reboot_host");
    assertThat(host.ran).as("its claim is ended").hasSize(2);
  }

  @Test
  void oneThatDoesNotGoDownIsThereAndSaysSo() throws Exception {
    var host = new Pretend(_ -> BEFORE);
    assertThat(host.reboot())
        .hasValueSatisfying(not -> {
          assertThat(not.isUp()).isTrue();
          assertThat(not.why().what()).contains("has not gone down", "the same boot");
          assertThat(not.why().remedy()).contains("systemctl list-jobs");
        });
    assertThat(host.ran).as("its claim is ended").hasSize(2);
    assertThat(Duration.ofNanos(host.time.nanos())).isLessThan(PATIENCE.dividedBy(3));
  }

  /** Half an answer is no proof of another boot. */
  @Test
  void garbageIsNotTakenForAnotherBoot() throws Exception {
    assertThat(new Pretend(_ -> "garbage").reboot())
        .hasValueSatisfying(not -> assertThat(not.isUp()).isTrue());
  }

  @Test
  void oneThatDoesNotComeBackIsNotThere() throws Exception {
    var host = new Pretend(passed -> passed.toSeconds() < 10 ? BEFORE : "");
    assertThat(host.reboot())
        .hasValueSatisfying(not -> {
          assertThat(not.isUp()).isFalse();
          assertThat(not.why().what()).contains("did not come back within 9", "connection refused");
        });
    assertThat(host.ran).as("its claim stays").hasSize(1);
  }

  @Test
  void oneThatCouldNotBeToldIsThereAndNotClaimed() throws Exception {
    var host = new Pretend(_ -> BEFORE);
    host.refuses = true;
    assertThat(host.reboot()).hasValueSatisfying(not -> assertThat(not.isUp()).isTrue());
    assertThat(host.ran).as("its claim is ended").hasSize(2);
    assertThat(host.time.nanos()).isZero();
  }

  @Test
  void oneThatAnotherRunHasTakenMeanwhileIsItsOwn() throws Exception {
    var host = new Pretend(RebootingTest::goesDownAndComesBack);
    host.holder = Optional.of(new LockOwner("another run"));
    assertThat(host.reboot())
        .hasValueSatisfying(not -> {
          assertThat(not.isUp()).isFalse();
          assertThat(not.why().what()).contains("locked by another run");
        });
  }

  private static Optional<Rebooting.Not> through(Pretend host, Rebooting.Outage outage)
      throws Exception {
    return new Rebooting(host, "us", host.time, _ -> {})
        .through(outage, Duration.ofMinutes(20), PATIENCE);
  }

  /** What lies on its disk from before the cut keeps it from others until it is back. */
  @Test
  void anotherBootProvesThatItHadNoPowerAndItIsClaimedMeanwhile() throws Exception {
    var host = new Pretend(passed -> passed.toSeconds() < 60 ? "" : AFTER);
    var claimed = new ArrayList<List<String>>();
    assertThat(through(host, () -> claimed.addAll(host.ran))).isEmpty();
    assertThat(claimed).containsExactly(List.of("claim_host"));
    assertThat(host.ran).as("its claim is ended").hasSize(2);
    assertThat(host.ran.getLast()).containsExactly("end_claim");
  }

  /** Somebody else's machine is down then, or was. */
  @Test
  void theSameBootAfterThatMeansThatAnotherMachineHadNoPower() throws Exception {
    var host = new Pretend(_ -> BEFORE);
    assertThat(through(host, () -> true))
        .hasValueSatisfying(not -> {
          assertThat(not.isUp()).isTrue();
          assertThat(not.why().what()).contains("was without power", "the same boot");
          assertThat(not.why().remedy()).contains("another machine");
        });
    assertThat(Duration.ofNanos(host.time.nanos())).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void halfAnAnswerDuringABootIsNotTheSameBoot() throws Exception {
    var host = new Pretend(passed -> passed.toSeconds() < 60 ? "garbage" : AFTER);
    assertThat(through(host, () -> true)).isEmpty();
  }

  @Test
  void whereNothingWasCutItIsThereAndClaimedNoMore() throws Exception {
    var host = new Pretend(_ -> BEFORE);
    var not =
        through(
            host,
            () -> {
              throw new DeskException("the controller is silent", "look at it", null);
            });
    assertThat(not)
        .hasValueSatisfying(it -> {
          assertThat(it.isUp()).isTrue();
          assertThat(it.why().what()).isEqualTo("the controller is silent");
        });
    assertThat(host.ran.getLast()).containsExactly("end_claim");
  }

  /** Else it would be kept from everybody for as long as the cut could have taken. */
  @Test
  void whereAnEndIsAskedForBeforeTheCutItIsClaimedNoMore() throws Exception {
    var host = new Pretend(_ -> BEFORE);
    assertThat(through(host, () -> false))
        .hasValueSatisfying(not -> {
          assertThat(not.isUp()).isTrue();
          assertThat(not.isEnd()).isTrue();
        });
    assertThat(host.ran).containsExactly(List.of("claim_host"), List.of("end_claim"));
  }

  @Test
  void whereItCannotBeClaimedNothingIsCut() throws Exception {
    var host = new Pretend(_ -> BEFORE);
    host.refuses = true;
    var cut = new ArrayList<String>();
    assertThat(through(host, () -> cut.add("cut"))).isPresent();
    assertThat(cut).isEmpty();
  }

  @TempDir Path directory;

  private LocalHost host(String shell, String systemdRun) {
    return new LocalHost(directory).in(shell.split(" ")).program("systemd-run", systemdRun);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void itIsOrderedForAMomentLaterAndRefusedInWords(String shell) throws Exception {
    var log = directory.resolve("log");
    var ordered = host(shell, "echo \"$*\" >" + log).attempt(Script.of(Rebooting.REBOOT));
    assertThat(ordered.ok()).isTrue();
    assertThat(Files.readString(log))
        .isEqualTo("--quiet --collect --on-active=2 systemctl reboot\n");

    var refused = host(shell, "exit 1").attempt(Script.of(Rebooting.REBOOT));
    assertThat(refused.ok()).isFalse();
    assertThat(refused.output()).contains("could not be ordered");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void aBootIsTwoLinesThatStayTheSame(String shell) {
    var host = host(shell, "exit 1");
    var once = host.run(Call.of(Rebooting.BOOT)).output();
    assertThat(once.lines()).hasSize(2);
    assertThat(once.lines().toList().getFirst()).matches("[0-9a-f-]{36}");
    assertThat(once.lines().toList().getLast()).matches("[0-9]+");
    assertThat(host.run(Call.of(Rebooting.BOOT)).output()).isEqualTo(once);
  }
}

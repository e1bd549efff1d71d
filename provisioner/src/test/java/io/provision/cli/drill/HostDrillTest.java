package io.provision.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.desk.DeskException;
import io.provision.desk.PowerSwitch;
import io.provision.kube.ClusterApi;
import io.provision.kube.PassedTime;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.steps.kubernetes.Cases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The power of a host without Kubernetes, of whose volume others are clients. */
class HostDrillTest {
  private static final Host HOST = Cases.agent(1);

  private final List<String> did = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final Machine machine = new Machine();

  private record NoCluster() implements Repair.Sight {
    @Override
    public Optional<ClusterApi.View> api() {
      return Optional.empty();
    }

    @Override
    public Map<HostName, Observations> ask(Map<Host, Probes> asked) {
      throw new IllegalStateException("who looks is a fake");
    }
  }

  /** Its clients miss it for 42 s; it boots for thirty. */
  private final class Machine implements PowerSwitch, HostLooks {
    private final PassedTime time = new PassedTime();
    private State state = State.ON;
    private long since;
    private int boot = 1;

    /** Whether it is the power of another machine. */
    private boolean other;

    private boolean neverUsable;
    private boolean brokenBefore;

    private long seconds() {
      return Duration.ofNanos(time.nanos() - since).toSeconds();
    }

    @Override
    public State state() {
      return state;
    }

    @Override
    public void off() {
      did.add("off");
      state = State.OFF;
      since = time.nanos();
    }

    @Override
    public void on() {
      did.add("on");
      state = State.ON;
      since = time.nanos();
      boot++;
    }

    @Override
    public Host host() {
      return HOST;
    }

    @Override
    public Map<String, Map<String, Boolean>> volumes(Repair.Sight sight) {
      var usable = state == State.ON || other || seconds() > 42 && !neverUsable;
      return Map.of(
          "w2", Map.of("shared", usable), "w3", Map.of("shared", !brokenBefore, "old", false));
    }

    @Override
    public boolean isReached(Repair.Sight sight) {
      return other || state == State.ON && (boot == 1 || seconds() > 30);
    }
  }

  private PowerDrill drill(Duration most) throws DeskException, InterruptedException {
    var drill = new PowerDrill(machine, machine, most);
    drill.happen(new NoCluster(), machine.time, said::add);
    return drill;
  }

  @Test
  void itHasNoPowerUntilClientsHaveGivenItUpAndTheVolumeIsUsedWithoutIt() throws Exception {
    var drill = drill(Duration.ofMinutes(8));
    assertThat(did).containsExactly("off", "on");
    assertThat(drill.pods()).isEmpty();
    var record = drill.record().orElseThrow();
    assertThat(record.powered().orElseThrow())
        .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(64));
    assertThat(record.reached().orElseThrow())
        .isBetween(Duration.ofSeconds(90), Duration.ofSeconds(98));
    assertThat(record.volumes().rows())
        .singleElement()
        .satisfies(row -> {
          assertThat(row.volume()).isEqualTo("shared");
          assertThat(row.hosts()).containsExactly("w2", "w3");
          assertThat(row.where()).contains("w2");
          assertThat(row.away()).isBetween(Duration.ofSeconds(42), Duration.ofSeconds(46));
          assertThat(row.isAway()).isFalse();
        });
    assertThat(said)
        .anyMatch(it -> it.startsWith("waiting for volumes to be used without it: shared on w2 (0"))
        .anyMatch(it -> it.startsWith("waiting until whoever used it has had to do without"))
        .anyMatch(it -> it.startsWith("waiting for w1 to boot ("))
        .hasSizeLessThan(8);
    assertThat(new HostTable("w1", record).says(Duration.ofSeconds(200), true))
        .singleElement()
        .asString()
        .matches(
            "w1: without power for 1 min 0\\d s, reached again 1 min 3\\d s after the cut, whole"
                + " and in use again 3 min 20 s after it\\.");
    assertThat(new HostTable("w1", record).volumes().rows().toString())
        .matches("\\[\\[shared, w2, w3, 4\\d s on w2\\]\\]");
  }

  @Test
  void itHasNoPowerForSoLongAtMost() throws Exception {
    machine.neverUsable = true;
    var record = drill(Duration.ofSeconds(30)).record().orElseThrow();
    assertThat(record.powered().orElseThrow())
        .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(33));
    assertThat(record.volumes().rows().getFirst().isAway()).as("once it is back").isFalse();
  }

  @Test
  void whatCouldNotBeUsedBeforeIsNotAwayByIt() throws Exception {
    machine.brokenBefore = true;
    var rows = drill(Duration.ofMinutes(2)).record().orElseThrow().volumes().rows();
    assertThat(rows)
        .singleElement()
        .satisfies(row -> assertThat(row.hosts()).containsExactly("w2"));
  }

  @Test
  void powerOfAnotherMachineIsGivenSoonAndSaid() {
    machine.other = true;
    var refused = catchThrowableOfType(DeskException.class, () -> drill(Duration.ofMinutes(8)));
    assertThat(refused.what())
        .matches(
            "w1 is still reached 6\\d s after its power was off: that of another machine was cut");
    assertThat(did).containsExactly("off", "on");
  }
}

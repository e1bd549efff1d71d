package io.provision.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.desk.DeskException;
import io.provision.desk.PowerSwitch;
import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.Manifest;
import io.provision.kube.PassedTime;
import io.provision.kube.Preview;
import io.provision.kube.WholeObjects;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.steps.kubernetes.Cases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** In which order power is cut and given, and that it is given whatever comes between. */
class PowerDrillTest {
  private final List<String> did = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final Machine machine = new Machine();

  /** A node that the cluster misses after forty seconds, and that boots for thirty. */
  private final class Machine implements PowerSwitch, ClusterApi.View {
    private final PassedTime time = new PassedTime(this::during);
    private State state = State.ON;
    private long since;
    private int boot = 1;
    private boolean deaf;
    private boolean stuck;
    private int broken;
    private boolean interrupts;
    private boolean silent;

    /** How many looks an order to cut takes until it comes true. */
    private int lag;

    private int lagging;
    private boolean ends;
    private int interruptedOn;
    private int blind;

    /** Not the node: that never notices. */
    private boolean other;

    private void during(Duration pause) throws InterruptedException {
      if (ends && lagging > 0) {
        ends = false;
        throw new InterruptedException();
      }
      if (interrupts && state == State.OFF && seconds() > 20) {
        throw new InterruptedException();
      }
    }

    private long seconds() {
      return Duration.ofNanos(time.nanos() - since).toSeconds();
    }

    @Override
    public State state() throws DeskException {
      if (lagging > 0 && --lagging == 0) {
        cut();
      }
      if (state == State.OFF && blind-- > 0) {
        throw new DeskException("no answer", "look", null);
      }
      return state;
    }

    private void cut() {
      state = State.OFF;
      since = time.nanos();
    }

    @Override
    public void off() throws DeskException {
      did.add("off");
      if (deaf) {
        throw new DeskException("no route", "look", null);
      }
      lagging = lag;
      if (!stuck && lag == 0) {
        cut();
      }
    }

    @Override
    public void on() throws DeskException, InterruptedException {
      did.add("on");
      if (interruptedOn-- > 0) {
        throw new InterruptedException();
      }
      if (broken-- > 0) {
        throw new DeskException("busy", "look", null);
      }
      state = State.ON;
      since = time.nanos();
      boot++;
    }

    @Override
    public Map<ClusterQuestion<?>, Object> look(Collection<ClusterQuestion<?>> questions) {
      var answers = new HashMap<ClusterQuestion<?>, Object>();
      for (var question : questions) {
        answers.put(question, silent ? WholeObjects.unheard("no") : objects(question));
      }
      return answers;
    }

    private WholeObjects objects(ClusterQuestion<?> question) {
      return switch (((ClusterQuestion.Whole) question).kind()) {
        case "Node" -> WholeObjects.of(List.of(node()));
        case "Pod" -> WholeObjects.of(List.of(pod()));
        default -> WholeObjects.of(List.of());
      };
    }

    private boolean isReady() {
      return other || state == State.ON ? boot == 1 || seconds() > 30 : seconds() < 40;
    }

    private static Map<String, Object> ready(boolean is) {
      return Map.of("type", "Ready", "status", is ? "True" : "False");
    }

    private Map<String, Object> node() {
      return Map.of(
          "metadata",
          Map.of("name", "w1"),
          "status",
          Map.of(
              "nodeInfo", Map.of("bootID", "b" + boot), "conditions", List.of(ready(isReady()))));
    }

    /** Elsewhere after five minutes. */
    private Map<String, Object> pod() {
      var moved = boot > 1 || state == State.OFF && seconds() > 300;
      return Map.of(
          "metadata",
          Map.of("name", "a", "namespace", "shop", "uid", moved ? "2" : "1"),
          "spec",
          Map.of("nodeName", moved ? "n2" : "w1"),
          "status",
          Map.of("conditions", List.of(ready(true))));
    }

    @Override
    public Map<Manifest, Preview> preview(Collection<Manifest> manifests) {
      throw new IllegalStateException("nothing is previewed");
    }
  }

  private static final Host W1 = Cases.agent(1);

  private static PowerDrill drill(PowerSwitch power, Duration most) {
    return new PowerDrill(HostLooks.of(Cases.inventory(W1, Cases.agent(2)), W1), power, most);
  }

  /** A cluster without volumes. */
  private record Seen(ClusterApi.View view) implements Repair.Sight {
    @Override
    public Optional<ClusterApi.View> api() {
      return Optional.of(view);
    }

    @Override
    public Map<HostName, Observations> ask(Map<Host, Probes> asked) {
      throw new IllegalStateException("no host is asked");
    }
  }

  private PowerDrill drill(Duration most) throws DeskException, InterruptedException {
    var drill = drill(machine, most);
    drill.happen(new Seen(machine), machine.time, said::add);
    return drill;
  }

  @Test
  void itIsCutUntilAllRunsElsewhereAndGivenUntilItIsANode() throws Exception {
    var record = drill(Duration.ofMinutes(8)).pods().orElseThrow();
    assertThat(did).containsExactly("off", "on");
    assertThat(record.isBack()).isTrue();
    var row = record.workloads().getFirst();
    assertThat(row.away()).isBetween(Duration.ofSeconds(300), Duration.ofSeconds(306));
    assertThat(row.isAway()).isFalse();
    assertThat(row.kept()).isZero();
    assertThat(record.notReady().orElseThrow())
        .isBetween(Duration.ofSeconds(38), Duration.ofSeconds(44));
    assertThat(said)
        .anyMatch(it -> it.startsWith("waiting for the cluster to see that w1 is gone (0 s after"))
        .anyMatch(
            it -> it.startsWith("waiting for pods to be Ready elsewhere: Pod shop/a (0 of 1)"))
        .anyMatch(it -> it.startsWith("waiting for w1 to boot, and to be Ready"))
        .hasSizeLessThan(8);
  }

  /** Some controllers take their time, which is none that anything was away. */
  @Test
  void timeCountsFromWhereItHasNoPowerAndNotFromTheOrder() throws Exception {
    machine.lag = 30;
    var drill = drill(Duration.ofMinutes(8));
    assertThat(drill.pods().orElseThrow().notReady().orElseThrow())
        .isBetween(Duration.ofSeconds(38), Duration.ofSeconds(44));
    assertThat(drill.record().orElseThrow().powered().orElseThrow())
        .isBetween(Duration.ofSeconds(300), Duration.ofSeconds(306));
  }

  @Test
  void itIsOverOnceItHasHappened() throws Exception {
    var drill = drill(machine, Duration.ofMinutes(1));
    assertThat(drill.isOver()).isFalse();
    drill.happen(new Seen(machine), machine.time, said::add);
    assertThat(drill.isOver()).isTrue();

    machine.stuck = true;
    var failed = drill(machine, Duration.ofMinutes(1));
    assertThat(
            catchThrowableOfType(
                DeskException.class,
                () -> failed.happen(new Seen(machine), machine.time, said::add)))
        .isNotNull();
    assertThat(failed.isOver()).isFalse();
  }

  @Test
  void itHasNoPowerForSoLongAtMost() throws Exception {
    var record = drill(Duration.ofSeconds(60)).pods().orElseThrow();
    assertThat(did).containsExactly("off", "on");
    assertThat(record.back().orElseThrow())
        .isBetween(Duration.ofSeconds(85), Duration.ofSeconds(110));
  }

  @Test
  void powerOfAnotherMachineIsGivenSoonAndSaid() {
    machine.other = true;
    var refused = catchThrowableOfType(DeskException.class, () -> drill(Duration.ofMinutes(8)));
    assertThat(refused.what()).contains("still has w1 as Ready 120 s", "another machine was cut");
    assertThat(did).containsExactly("off", "on");
    assertThat(Duration.ofNanos(machine.time.nanos())).isLessThan(Duration.ofSeconds(150));
  }

  @Test
  void nothingIsCutWhereNobodyCouldLookOn() {
    machine.silent = true;
    var refused = catchThrowableOfType(DeskException.class, () -> drill(Duration.ofMinutes(1)));
    assertThat(refused.what()).contains("nothing was cut");
    assertThat(did).isEmpty();
  }

  @Test
  void whatIsNotOnIsNotCut() {
    machine.state = PowerSwitch.State.BETWEEN;
    var refused = catchThrowableOfType(DeskException.class, () -> drill(Duration.ofMinutes(1)));
    assertThat(refused.what()).contains("nothing was cut");
    assertThat(did).isEmpty();
  }

  @Test
  void aSwitchThatDoesNothingIsSaidAndShowsNothing() {
    machine.stuck = true;
    var drill = drill(machine, Duration.ofMinutes(1));
    var refused =
        catchThrowableOfType(
            DeskException.class, () -> drill.happen(new Seen(machine), machine.time, said::add));
    assertThat(refused.what()).isEqualTo("its power was told to be off and is not within 60 s");
    assertThat(drill.pods()).isEmpty();
    assertThat(did).containsExactly("off", "on");
  }

  /** And may do it all the same, a moment later. */
  @Test
  void aSwitchThatRefusesIsSaid() {
    machine.deaf = true;
    var refused = catchThrowableOfType(DeskException.class, () -> drill(Duration.ofMinutes(1)));
    assertThat(refused.what()).isEqualTo("no route");
    assertThat(did).containsExactly("off", "on");
  }

  @Test
  void whoeverAsksForAnEndBeforeTheCutHasNothingCut() throws Exception {
    var asked =
        new PassedTime(_ -> {
          throw new InterruptedException();
        });
    var drill = drill(machine, Duration.ofMinutes(8));
    assertThat(drill.happen(new Seen(machine), asked, said::add)).isFalse();
    assertThat(did).isEmpty();
    assertThat(said).as("nothing is said to be cut").isEmpty();
    assertThat(drill.pods()).isEmpty();
  }

  @Test
  void whoeverAsksForAnEndGetsItWithPowerOn() {
    machine.interrupts = true;
    assertThat(catchThrowableOfType(InterruptedException.class, () -> drill(Duration.ofMinutes(8))))
        .isNotNull();
    assertThat(did).containsExactly("off", "on");
    assertThat(machine.state).isEqualTo(PowerSwitch.State.ON);
  }

  /** Else it would be given power before it is cut, and then be without it. */
  @Test
  void whoeverAsksForAnEndBeforeTheCutIsSeenGetsItWithPowerOn() {
    machine.lag = 9;
    machine.ends = true;
    assertThat(catchThrowableOfType(InterruptedException.class, () -> drill(Duration.ofMinutes(8))))
        .isNotNull();
    assertThat(did).containsExactly("off", "on");
    assertThat(machine.boot).isEqualTo(2);
    assertThat(machine.lagging).isZero();
    assertThat(machine.state).isEqualTo(PowerSwitch.State.ON);
  }

  @Test
  void anInterruptWhilePowerIsGivenDoesNotKeepItAway() throws Exception {
    machine.interruptedOn = 1;
    var _ = drill(Duration.ofSeconds(60));
    assertThat(Thread.interrupted()).isTrue(); // for whoever comes next
    assertThat(did).containsExactly("off", "on", "on");
    assertThat(machine.state).isEqualTo(PowerSwitch.State.ON);
  }

  @Test
  void whereASwitchDoesNotSayHowItIsPowerIsGivenAllTheSame() {
    machine.blind = 2;
    var refused = catchThrowableOfType(DeskException.class, () -> drill(Duration.ofMinutes(1)));
    assertThat(refused.what()).isEqualTo("no answer");
    assertThat(did).containsExactly("off", "on");
    assertThat(machine.state).isEqualTo(PowerSwitch.State.ON);
  }

  @Test
  void whateverFailsMeanwhilePowerIsGiven() {
    var drill = drill(machine, Duration.ofMinutes(1));
    var failed =
        catchThrowableOfType(
            AssertionError.class,
            () ->
                drill.happen(
                    new Seen(machine),
                    machine.time,
                    words -> {
                      if (machine.state == PowerSwitch.State.OFF) {
                        throw new AssertionError(words);
                      }
                    }));
    assertThat(failed).isNotNull();
    assertThat(did).containsExactly("off", "on");
  }

  @Test
  void aSwitchThatIsBusyIsAskedAgainAndAtLastLeftToPeople() throws Exception {
    machine.broken = 3;
    var _ = drill(Duration.ofSeconds(60));
    assertThat(did).containsExactly("off", "on", "on", "on", "on");

    did.clear();
    machine.broken = 100;
    var refused = catchThrowableOfType(DeskException.class, () -> drill(Duration.ofSeconds(60)));
    assertThat(refused.what()).isEqualTo("it cannot be given power again: busy");
    assertThat(refused.remedy()).contains("switch it on yourself", "the same command");
    assertThat(did).hasSize(6);
  }

  /** The API that is asked may be what hangs on it. */
  @Test
  void anApiThatIsSilentMeanwhileIsWaitedForAndSaid() throws Exception {
    var drill = drill(machine, Duration.ofMinutes(2));
    var api =
        new ClusterApi.View() {
          @Override
          public Map<ClusterQuestion<?>, Object> look(Collection<ClusterQuestion<?>> questions) {
            machine.silent = machine.state == PowerSwitch.State.OFF;
            return machine.look(questions);
          }

          @Override
          public Map<Manifest, Preview> preview(Collection<Manifest> manifests) {
            return machine.preview(manifests);
          }
        };
    drill.happen(new Seen(api), machine.time, said::add);
    var record = drill.pods().orElseThrow();
    assertThat(record.silent()).isGreaterThan(Duration.ofMinutes(1));
    assertThat(said).anyMatch(it -> it.startsWith("waiting for the cluster's API to answer"));
    assertThat(new OutageTable("w1", record).says())
        .anyMatch(it -> it.startsWith("The cluster's API did not answer for "));
  }

  @Test
  void theTableSaysWhatWasAwayAndWhoseLogsAreLeft() throws Exception {
    var table = new OutageTable("w1", drill(Duration.ofMinutes(8)).pods().orElseThrow());
    assertThat(table.workloads().rows())
        .singleElement()
        .satisfies(row ->
            assertThat(String.join(" | ", row))
                .matches(
                    "Pod shop/a \\| 1, 1 there \\| 5 min 0\\d s \\| 5 min 0\\d s \\| n2 \\| no, the"
                        + " pods are gone"));
    assertThat(table.says().getFirst())
        .matches(
            "w1: not Ready for the cluster 4\\d s after the cut, Ready again 5 min 3\\d s after"
                + " it\\.");
  }
}

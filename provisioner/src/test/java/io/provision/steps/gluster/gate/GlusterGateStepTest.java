package io.provision.steps.gluster.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.remote.Frame;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Question;
import io.provision.step.Target;
import io.provision.steps.gluster.Declared;
import io.provision.steps.gluster.Recorded;
import io.provision.steps.gluster.pool.DeclaredStorage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How the hosts look for the gate, and which of them says what it says. */
final class GlusterGateStepTest {
  private static final String VOLUME =
      "{ name: shared, replica: 3, brick: /data/gluster/shared, mount: /mnt/shared }";
  private static final Inventory FOUR = Declared.inventory(4, VOLUME);
  private static final Inventory THREE = Declared.inventory(3, VOLUME);
  private static final Inventory NONE = Declared.roleless(1);
  private static final List<String> UUIDS =
      List.of(
          "bc8e15e7-b17f-4725-9317-4213117ec61e",
          "3033df1a-858c-4f59-80d6-b57ae9f0869f",
          "7c27c772-8419-42a7-b3d4-2b1bdb4ea898");

  private final Map<HostName, GlusterHealth.Seen> seen = new HashMap<>();
  private final Map<HostName, String> never = new HashMap<>();

  @Test
  void theFirstThreeAskTheWholePoolAndAllLookThreeTimes() {
    for (var number = 1; number <= 4; number++) {
      assertThat(arguments(new GlusterHealth(false), on(FOUR, number)))
          .as("n%d", number)
          .containsExactly("3", number < 4 ? "yes" : "no");
    }
    assertThat(arguments(new GlusterHealth(true), on(FOUR, 1))).containsExactly("1", "yes");
  }

  @Test
  void whatAHostSeesIsItsOutputWithTheRoomOnItsBricks() {
    var step = new GlusterHealth(false);
    var target = on(THREE, 1);
    var answers = new Observations.Builder();
    step.probes(target).questions().forEach(question -> answer(question, answers));
    assertThat(step.provides(target)).containsExactly(GlusterHealth.HEALTH);
    var check = (Check.InSync) step.check(target, answers.build(), Known.NOTHING);
    var health = (GlusterHealth.Seen) check.observed().values().get(GlusterHealth.HEALTH);
    assertThat(health.samples()).hasSize(3);
    assertThat(health).hasToString("3 samples");
    assertThat(health.space()).containsOnlyKeys("/data/gluster/shared");
  }

  @Test
  void whereNoVolumeIsDeclaredNothingIsAskedAndNothingSaid() {
    var target = on(NONE, 1);
    var health = new GlusterHealth(false);
    var gate = new GlusterGateStep(Optional.empty());
    assertThat(health.probes(target).questions()).isEmpty();
    assertThat(health.provides(target)).isEmpty();
    assertThat(gate.needs(target)).isEmpty();
    assertThat(gate.provides(target)).isEmpty();
    var nothing = new Observations.Builder().build();
    assertThat(health.check(target, nothing, Known.NOTHING)).isInstanceOf(Check.Skipped.class);
    assertThat(gate.check(target, nothing, Known.NOTHING)).isInstanceOf(Check.Skipped.class);
  }

  @Test
  void theFirstHostThatLookedSpeaksForAll() {
    see(1, 2, 3);
    assertThat(said(1)).isInstanceOf(Check.InSync.class);
    assertThat(gateOf(said(1))).isTrue();
    assertThat(gateOf(said(2))).isFalse();
    assertThat(gateOf(said(3))).isFalse();
    assertThat(new GlusterGateStep(Optional.empty()).needs(on(THREE, 2)))
        .containsExactly(Need.some(GlusterHealth.HEALTH, DeclaredStorage.storage(THREE)));
    assertThat(new GlusterGateStep(Optional.empty()).provides(on(THREE, 2)))
        .containsExactly(GlusterGateStep.GATE);
  }

  /** A gate of which nobody can say anything is shut. */
  @Test
  void whereNobodyLookedNobodySaysThatItIsOpen() {
    for (var number : List.of(1, 2, 3)) {
      assertThat(said(number)).isInstanceOf(Check.Refused.class);
    }
  }

  @Test
  void whereTheFirstIsAwayTheNextSpeaksAndNamesIt() {
    see(2, 3);
    never.put(new HostName("n1"), "timed out");
    assertThat(gateOf(said(1))).isFalse();
    assertThat(said(2))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).contains("n1 was not reached (timed out)"));
    assertThat(gateOf(said(3))).isFalse();
  }

  @Test
  void whatIsNotWholeRefusesWithEveryReason() {
    see(1, 2, 3);
    seen.put(
        new HostName("n3"),
        new GlusterHealth.Seen("", seen.get(new HostName("n3")).samples(), Map.of()));
    assertThat(said(1))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it ->
                assertThat(it.what().split("\n"))
                    .contains("n1 does not know n3", "n2 does not know n3"));
  }

  private void see(int... numbers) {
    for (var number : numbers) {
      seen.put(
          new HostName("n" + number),
          new GlusterHealth.Seen(
              UUIDS.get(number - 1), HealthSamples.read(new Frame(0, looks())), Map.of()));
    }
  }

  private static String looks() {
    return "@sample\n@pool\n%s\n@volumes\n%s\n@whole\n@status shared\n%s\n@heal shared\n%s\n"
        .formatted(
            Recorded.answer("pool-3.xml"),
            Recorded.answer("info-started.xml"),
            Recorded.answer("status.xml"),
            Recorded.answer("heal.xml"))
        .repeat(HealthSamples.ENOUGH);
  }

  private Check said(int number) {
    var step = new GlusterGateStep(Optional.empty());
    return step.check(on(THREE, number), new Observations.Builder().build(), known());
  }

  private static boolean gateOf(Check check) {
    return check instanceof Check.InSync(var observed)
        && observed.values().containsKey(GlusterGateStep.GATE);
  }

  private Known known() {
    return new Known() {
      @Override
      @SuppressWarnings("unchecked") // only one output is asked for
      public <V> Map<HostName, V> all(Output<V> output) {
        assertThat(output).isEqualTo(GlusterHealth.HEALTH);
        return (Map<HostName, V>) seen;
      }

      @Override
      public <V> Optional<V> cluster(Output<V> output) {
        throw new IllegalStateException("nothing of the cluster is asked for");
      }

      @Override
      public <V> Optional<V> local(Output<V> output) {
        throw new IllegalStateException("nothing of the operator's machine is asked for");
      }

      @Override
      public Map<HostName, String> never(Output<?> output) {
        return never;
      }
    };
  }

  private static Target.OnHost on(Inventory inventory, int number) {
    return new Target.OnHost(inventory.find(new HostName("n" + number)).orElseThrow(), inventory);
  }

  private static List<String> arguments(GlusterHealth step, Target.OnHost target) {
    return step.probes(target).questions().stream()
        .filter(it -> it.kind().function().equals(HealthSamples.ASK))
        .findFirst()
        .orElseThrow()
        .arguments();
  }

  private static <A> void answer(Question<A> question, Observations.Builder into) {
    var text = question.kind().function().equals(HealthSamples.ASK) ? looks() : "1048576 4194304";
    into.put(question, question.kind().read(List.of(question), new Frame(0, text)).getFirst());
  }
}

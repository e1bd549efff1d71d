package io.provision.steps.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Inventory;
import io.provision.model.rotation.Fact;
import io.provision.model.rotation.Rotation;
import io.provision.model.rotation.RotationChoice;
import io.provision.resource.kernel.AskedFromHere;
import io.provision.resource.kernel.BootAge;
import io.provision.resource.kernel.RebootWanted;
import io.provision.resource.kernel.RunningKernel;
import io.provision.step.Observations;
import io.provision.steps.kubernetes.Cases;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Why a node is to be rebooted, where an age is declared and where none is. */
final class RebootReasonsTest {
  private static final RebootWanted WANTED = new RebootWanted.Yes(List.of("libc6"));
  private static final RebootWanted NO = new RebootWanted.No();
  private static final RebootWanted UNKNOWN = new RebootWanted.Unknown();

  private final Inventory plain = Cases.inventory(Cases.server(1), Cases.agent(1));
  private final Inventory monthly = plain.with(Rotation.PLAIN.olderThan(Duration.ofDays(30)));

  private static RebootWanted of(Inventory inventory, RebootWanted system, Optional<Duration> age) {
    var seen =
        new Observations.Builder()
            .put(RebootWanted.QUESTION, system)
            .put(BootAge.QUESTION, age)
            .build();
    return RebootReasons.of(Cases.on(Cases.agent(1), inventory), RotationChoice.NONE, seen);
  }

  @Test
  void withoutAnAgeTheSystemSaysIt() {
    for (var system : List.of(WANTED, NO, UNKNOWN)) {
      assertThat(of(plain, system, Optional.of(Duration.ofDays(1000)))).isEqualTo(system);
    }
    var target = Cases.on(Cases.agent(1), plain);
    assertThat(RebootReasons.probes(target, RotationChoice.NONE).questions())
        .doesNotContain(BootAge.QUESTION);
  }

  @Test
  void oneThatIsOldEnoughIsRebootedWhateverItsSystemSays() {
    var old = Optional.of(Duration.ofDays(30));
    assertThat(of(monthly, NO, old))
        .isEqualTo(new RebootWanted.Yes(List.of("it booted 30 days ago")));
    assertThat(of(monthly, UNKNOWN, old)).isInstanceOf(RebootWanted.Yes.class);
    assertThat(of(monthly, WANTED, old))
        .isEqualTo(new RebootWanted.Yes(List.of("libc6", "it booted 30 days ago")));
    var target = Cases.on(Cases.agent(1), monthly);
    assertThat(RebootReasons.probes(target, RotationChoice.NONE).questions())
        .contains(BootAge.QUESTION);
  }

  @Test
  void oneThatIsNotIsRebootedWhereItsSystemWantsIt() {
    var young = Optional.of(Duration.ofDays(30).minusSeconds(1));
    assertThat(of(monthly, WANTED, young)).isEqualTo(WANTED);
    assertThat(of(monthly, NO, young)).isEqualTo(NO);
    assertThat(of(monthly, UNKNOWN, young)).as("its age says it").isEqualTo(NO);
  }

  private static List<Fact> facts(RebootWanted system, Optional<String> kernel, boolean here) {
    var seen =
        new Observations.Builder()
            .put(RebootWanted.QUESTION, system)
            .put(RunningKernel.QUESTION, kernel)
            .put(AskedFromHere.QUESTION, here)
            .build();
    var inventory = Cases.inventory(Cases.server(1), Cases.agent(1));
    return RebootReasons.facts(Cases.on(Cases.agent(1), inventory), RotationChoice.NONE, seen);
  }

  @Test
  void whatALookTellsOfAHostIsToldAndWhatItDoesNotIsLeftOut() {
    assertThat(facts(WANTED, Optional.of("6.1.0"), true))
        .containsExactly(
            new Fact.Wanted(List.of("libc6")), new Fact.Kernel("6.1.0"), new Fact.RunsThis());
    assertThat(facts(NO, Optional.empty(), false)).containsExactly(new Fact.Wanted(List.of()));
    assertThat(facts(UNKNOWN, Optional.empty(), false)).isEmpty();
    assertThat(facts(new RebootWanted.Yes(List.of()), Optional.empty(), false))
        .as("its system says no more")
        .containsExactly(new Fact.Wanted(List.of("/run/reboot-required")));
  }

  @Test
  void oneThatDoesNotSayItsAgeIsNotTakenForYoung() {
    assertThat(of(monthly, NO, Optional.empty())).isEqualTo(UNKNOWN);
    assertThat(of(monthly, UNKNOWN, Optional.empty())).isEqualTo(UNKNOWN);
    assertThat(of(monthly, WANTED, Optional.empty())).isEqualTo(WANTED);
  }

  @Test
  void anAgeOfLessThanTwoDaysIsSaidInHours() {
    var daily = plain.with(Rotation.PLAIN.olderThan(Duration.ofHours(12)));
    assertThat(of(daily, NO, Optional.of(Duration.ofHours(47))))
        .isEqualTo(new RebootWanted.Yes(List.of("it booted 47 hours ago")));
  }
}

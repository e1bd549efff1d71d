package io.provision.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.simulated.Schedule.Then;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That the watch notices: what is wrong on purpose is found, and by the property it is against. */
final class MutantsTest {

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void eachIsNoticed(Mutant mutant) {
    var phases = RotationSimulationTest.phases(mutant.site);
    for (var fault : mutant.faults) {
      for (var point = 0; point < phases; point++) {
        for (var then : Then.values()) {
          var course = new Schedule(mutant.site, point, fault, then, mutant).run();
          if (course.violations().stream().anyMatch(it -> it.property() == mutant.violates)) {
            return;
          }
        }
      }
    }
    assertThat(mutant).as("nobody notices that %s", mutant).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void thereAreTwoAtLeastAgainstEachProperty(Property property) {
    assertThat(Mutant.of(property)).isGreaterThanOrEqualTo(2);
  }
}

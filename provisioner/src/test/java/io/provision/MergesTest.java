package io.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.provision.step.Check;
import io.provision.step.Observed;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * Checks become one in one place, {@link io.provision.step.Checks}. A step that takes another
 * check's repair or outputs out of it, or puts its own word in place of what is in sync, loses what
 * it forgets.
 */
class MergesTest {
  private static final Set<String> TAKEN =
      Set.of(
          "io.provision.step.Check$Drift.repair",
          "io.provision.step.Check$Drift.observed",
          "io.provision.step.Check$InSync.observed",
          "io.provision.step.Check$Skipped.observed",
          "io.provision.step.Check$Leaving.departures",
          "io.provision.step.Check$Leaving.rest");

  @Test
  void noStepTakesApartWhatAnotherCheckSays() {
    var classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.provision.steps", "io.provision.resource");
    assertThat(classes.size()).isGreaterThan(150);
    assertThat(takers(classes)).isEmpty();
  }

  /** The control: one who does is seen. */
  @Test
  void theRuleSeesOneWhoDoes() {
    var own = new ClassFileImporter().importClasses(ByHand.class);
    assertThat(takers(own))
        .containsExactly(
            "ByHand: instanceof InSync", "ByHand: io.provision.step.Check$InSync.observed");
  }

  /** Loses what is skipped. */
  @SuppressWarnings("UnusedMethod") // only its class file is read
  private static final class ByHand {
    static Observed of(Check check) {
      return check instanceof Check.InSync(var observed) ? observed : Observed.NOTHING;
    }
  }

  private static Set<String> takers(Iterable<JavaClass> classes) {
    var takers = new TreeSet<String>();
    StreamSupport.stream(classes.spliterator(), false)
        .forEach(type -> {
          type.getInstanceofChecks().stream()
              .filter(it -> it.getRawType().isEquivalentTo(Check.InSync.class))
              .forEach(_ -> takers.add(type.getSimpleName() + ": instanceof InSync"));
          for (JavaMethodCall call : type.getMethodCallsFromSelf()) {
            var called = call.getTargetOwner().getFullName() + "." + call.getName();
            if (TAKEN.contains(called)) {
              takers.add(type.getSimpleName() + ": " + called);
            }
          }
        });
    return takers;
  }
}

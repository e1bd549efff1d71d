package io.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.provision.model.HostName;
import io.provision.step.Check;
import io.provision.step.Group;
import io.provision.step.GroupStep;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Target;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who of a group acts is decided in one place, {@link GroupStep}. */
class GroupsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.provision.steps");

  @Test
  void whatHostsHaveTogetherIsAGroupsStep() {
    assertThat(steps(CLASSES))
        .contains(
            "GlusterDepartures",
            "GlusterGateStep",
            "GlusterPool",
            "GlusterRebalance",
            "GlusterVolumes",
            "NodeLabels",
            "NodesReady");
  }

  @Test
  void noGroupsStepComparesOnItsOwn() {
    assertThat(comparing(CLASSES)).isEmpty();
  }

  /** The control: one that does is seen. */
  @Test
  void theRuleSeesOneThatDoes() {
    var own = new ClassFileImporter().importClasses(Alone.class, GroupStep.class);
    assertThat(comparing(own)).containsExactly("Alone");
  }

  private record Alone() implements GroupStep {
    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return new Check.InSync();
    }

    @Override
    public Probes probes(Target.OnHost target) {
      return Probes.NONE;
    }

    @Override
    public Group group(Target.OnHost target) {
      return Group.NONE;
    }

    @Override
    public Optional<HostName> actor(Target.OnHost target, Known known) {
      return Optional.empty();
    }

    @Override
    public Check act(Target.OnHost target, Observations seen, Known known) {
      return new Check.InSync();
    }

    @Override
    public Check helpless(Target.OnHost target, Observations seen, Known known) {
      return new Check.InSync();
    }

    @Override
    public Check outside(Target.OnHost target, Observations seen, Known known) {
      return new Check.InSync();
    }
  }

  private static List<String> steps(JavaClasses classes) {
    return classes.stream()
        .filter(GroupsTest::isGroupsStep)
        .map(JavaClass::getSimpleName)
        .sorted()
        .toList();
  }

  private static List<String> comparing(JavaClasses classes) {
    return classes.stream()
        .filter(GroupsTest::isGroupsStep)
        .filter(type ->
            type.tryGetMethod("check", Target.OnHost.class, Observations.class, Known.class)
                .isPresent())
        .map(JavaClass::getSimpleName)
        .sorted()
        .toList();
  }

  private static boolean isGroupsStep(JavaClass type) {
    return type.isAssignableTo(GroupStep.class) && !type.isEquivalentTo(GroupStep.class);
  }
}

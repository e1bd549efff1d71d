package io.provision.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.provision.section.SectionEntry;
import io.provision.step.Area;
import io.provision.step.Step;
import io.provision.step.StepEntry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What rooms list is all there, once. */
class CatalogTest {
  private record One() {}

  private static List<Area> listed() {
    var areas = new ArrayList<Area>();
    for (var type :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.provision.steps")) {
      for (var field : type.getFields()) {
        if (field.getRawType().isEquivalentTo(Area.class)) {
          try {
            areas.add((Area) field.reflect().get(null));
          } catch (IllegalAccessException e) {
            throw new AssertionError(e);
          }
        }
      }
    }
    return areas;
  }

  @Test
  void noRoomsListIsForgotten() {
    assertThat(listed()).hasSizeGreaterThan(10);
    for (var area : listed()) {
      assertThat(Catalog.entries().values()).containsAll(area.steps());
      assertThat(Catalog.areas().sections()).containsAll(area.sections());
    }
  }

  @Test
  void aNameIsOneSteps() {
    var entry = new StepEntry("one", One.class, "");
    assertThatThrownBy(() -> Catalog.entries(List.of(Area.of(entry), Area.of(entry))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("one");
  }

  @Test
  void aKeyIsOneSections() {
    assertThat(Catalog.areas().sections().stream().map(CatalogTest::place)).doesNotHaveDuplicates();
  }

  private static String place(SectionEntry section) {
    return section.place() + "." + section.key();
  }

  /** A record that is no step would be refused only when a playbook names it. */
  @Test
  void everyEntryIsAStep() {
    assertThat(Catalog.types().values()).allMatch(Step.class::isAssignableFrom);
  }
}

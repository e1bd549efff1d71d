package io.provision.steps.gluster.brick;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LayoutsTest {

  /** Steps that came to different layouts would make bricks that no volume takes. */
  @Test
  void nobodyWorksOutALayoutButWhoDoesItForAll() {
    var who = new TreeSet<String>();
    var classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.provision.steps");
    for (var type : classes) {
      for (var call : type.getMethodCallsFromSelf()) {
        if (call.getTargetOwner().isEquivalentTo(Layout.class) && call.getName().equals("of")) {
          who.add(type.getSimpleName());
        }
      }
    }
    assertThat(who).containsExactly("Layout", "Layouts");
  }
}

package io.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A look cannot make or write anything: what it is handed has no way to. */
class LooksTest {
  private static final String ROOT = "io.provision.";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.provision");

  /** What looks at hosts, at the cluster and at this machine, and what it is handed for that. */
  private static final List<String> LOOKING =
      List.of(
          "step.ClusterAccess",
          "step.Probes",
          "step.Question",
          "step.Kind",
          "engine.session.LookScript",
          "engine.session.DeskLook",
          "engine.session.KeptSecrets",
          "engine.session.ClusterSession",
          "engine.Survey",
          "engine.Evaluation",
          "desk.Desk$View",
          "desk.DeskQuestion",
          "kube.ClusterQuestion",
          "ssh.KnownHosts",
          "ssh.HeldKeys",
          "engine.Comparisons",
          "engine.DeadlockRefusals",
          "engine.KeptPlan",
          "step.Step",
          "step.doctor.Examination",
          "step.StatusView",
          "engine.Survey");

  /** What makes or changes something, each with where it may be known. */
  private static final Set<String> MAKING =
      Set.of(
          "remote.Handoff$Made",
          "engine.session.Handoffs",
          "engine.session.HostSession$Making",
          "step.Repair",
          "desk.DeskChange",
          "kube.ClusterChange",
          "ssh.WrittenKeys",
          "step.doctor.Measurement",
          "step.doctor.Measuring",
          "step.doctor.Trial");

  @Test
  void whatLooksKnowsNothingThatMakesOrChangesAnything() {
    for (var name : LOOKING) {
      assertThat(uses(name, used -> MAKING.contains(used))).as(name).isEmpty();
    }
  }

  @Test
  void allThatIsNamedHereIsThere() {
    LOOKING.forEach(name -> assertThat(CLASSES.contain(ROOT + name)).as(name).isTrue());
    MAKING.forEach(name -> assertThat(CLASSES.contain(ROOT + name)).as(name).isTrue());
  }

  /** The control: those who change things are seen to know them. */
  @Test
  void theRuleSeesThoseWhoDo() {
    assertThat(uses("engine.Repairs", MAKING::contains)).contains("engine.session.Handoffs");
    assertThat(uses("engine.session.Handoffs", MAKING::contains)).contains("remote.Handoff$Made");
    assertThat(uses("engine.session.HostsMeasured", MAKING::contains))
        .contains("step.doctor.Measuring");
    assertThat(uses("engine.session.TargetExecutor$OnDesk", MAKING::contains)).isNotEmpty();
  }

  /** Of the program only one class has a way to write known_hosts. */
  @Test
  void onlyOneClassOfSshOpensAFileToWrite() {
    var writers = new TreeSet<String>();
    for (var type : CLASSES) {
      if (type.getPackageName().equals(ROOT + "ssh")
          && type.getMethodCallsFromSelf().stream()
              .anyMatch(call ->
                  call.getTargetOwner().getFullName().equals("java.nio.channels.FileChannel")
                          && call.getName().equals("open")
                      || call.getTargetOwner().getFullName().equals("java.nio.file.Files")
                          && call.getName()
                              .matches(
                                  "write.*|newOutputStream|newBufferedWriter|create.*|copy|move")
                      || call.getTargetOwner().getPackageName().equals(ROOT + "files")
                          && call.getTargetOwner()
                              .getSimpleName()
                              .matches("AtomicFile|OutputFile"))) {
        writers.add(type.getSimpleName());
      }
    }
    assertThat(writers).containsExactly("WrittenKeys");
  }

  private static Set<String> uses(String name, Predicate<String> which) {
    var uses = new TreeSet<String>();
    for (var type : CLASSES) {
      if (type.getFullName().equals(ROOT + name)
          || type.getFullName().startsWith(ROOT + name + "$")) {
        type.getDirectDependenciesFromSelf().stream()
            .map(use -> use.getTargetClass())
            .map(JavaClass::getFullName)
            .filter(used -> used.startsWith(ROOT))
            .map(used -> used.substring(ROOT.length()))
            .filter(which)
            .forEach(uses::add);
      }
    }
    return uses;
  }
}

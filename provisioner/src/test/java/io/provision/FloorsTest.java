package io.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which package may import what: a package knows lower floors only. */
class FloorsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.provision");

  private static final Map<String, Integer> FLOORS =
      Map.ofEntries(
          Map.entry("model", 0),
          Map.entry("files", 5),
          Map.entry("section", 5),
          Map.entry("remote", 10),
          Map.entry("kube", 10),
          Map.entry("desk", 11), // a desk's change carries a payload of remote's
          Map.entry("render", 20),
          Map.entry("step", 20),
          Map.entry("resource", 30),
          Map.entry("steps", 40),
          Map.entry("engine", 40),
          Map.entry("ssh", 50), // what both SSH adapters share
          Map.entry("load", 51),
          Map.entry("mina", 51),
          Map.entry("jsch", 51),
          Map.entry("fabric8", 51),
          Map.entry("local", 51),
          Map.entry("console", 51),
          Map.entry("cli", 60));

  private static final Set<String> ADAPTERS =
      Set.of("ssh", "mina", "jsch", "fabric8", "local", "console");

  /** Lower floors that are closed to a package all the same. */
  private static final Map<String, Set<String>> CLOSED =
      Map.ofEntries(
          Map.entry("render", Set.of("remote", "kube")),
          Map.entry("load", Set.of("steps")),
          Map.entry("console", Set.of("remote", "kube", "steps")),
          Map.entry("ssh", Set.of("kube", "desk", "render", "step", "resource", "steps", "engine")),
          Map.entry(
              "mina", Set.of("kube", "desk", "render", "step", "resource", "steps", "engine")),
          Map.entry(
              "jsch", Set.of("kube", "desk", "render", "step", "resource", "steps", "engine")),
          Map.entry(
              "fabric8",
              Set.of("remote", "desk", "render", "step", "resource", "steps", "engine", "ssh")),
          Map.entry(
              "local", Set.of("kube", "render", "step", "resource", "steps", "engine", "ssh")));

  /** Libraries, and the only packages that know them. */
  private static final Map<String, Set<String>> LIBRARIES =
      Map.of(
          "org.apache.sshd", Set.of("mina"),
          "com.jcraft", Set.of("jsch"),
          "io.fabric8.", Set.of("fabric8"),
          "freemarker", Set.of("render"),
          "picocli", Set.of("cli"),
          "org.yaml", Set.of("load", "local", "render", "fabric8"),
          "com.github.difflib", Set.of("console"),
          "org.jline", Set.of("console", "cli"),
          "com.fasterxml.jackson", Set.of("load", "local", "render", "console", "cli", "fabric8"));

  /**
   * The exceptions, with their reasons. RunEvent.Connected carries the price of a connection, which
   * is a plain record.
   */
  private static final Set<String> EXCEPTIONS =
      Set.of("console -> io.provision.remote.Connection$Costs");

  @Test
  void everyPackageImportsOnlyFromLowerFloors() {
    assertThat(breaches(CLASSES)).isEmpty();
  }

  @Test
  void theRuleLooksAtManyClassesAndAtEveryFloorThereIs() {
    assertThat(CLASSES.size()).isGreaterThan(150);
    assertThat(CLASSES.stream().map(FloorsTest::area).distinct()).isSubsetOf(FLOORS.keySet());
    assertThat(CLASSES.stream().map(FloorsTest::area).distinct())
        .contains("model", "remote", "step", "engine", "console", "cli");
  }

  /** The control: turned upside down, the same rule finds the program full of breaches. */
  @Test
  void theRuleSeesAnImportFromAbove() {
    var cli = CLASSES.get("io.provision.cli.run.ExitCode");
    assertThat(cli.getDirectDependenciesFromSelf())
        .anyMatch(use -> isBreach("model", use.getTargetClass()));
    assertThat(isBreach("engine", CLASSES.get("io.provision.console.Display"))).isTrue();
    assertThat(isBreach("console", CLASSES.get("io.provision.engine.event.RunEvent"))).isFalse();
  }

  @Test
  void onlyTheConsoleTouchesTheStandardStreams() {
    var users =
        CLASSES.stream()
            .filter(FloorsTest::touchesStreams)
            .map(FloorsTest::area)
            .collect(java.util.stream.Collectors.toSet());
    assertThat(users).containsExactly("console");
  }

  @Test
  void everyPackageIsNullMarked() {
    var unmarked = new TreeSet<String>();
    for (var type : CLASSES) {
      var info = type.getPackage().tryGetPackageInfo();
      if (info.isEmpty() || !info.get().isAnnotatedWith("org.jspecify.annotations.NullMarked")) {
        unmarked.add(type.getPackageName());
      }
    }
    assertThat(unmarked).isEmpty();
  }

  /** Packages that write payloads or log in; of the engine, only what hands payloads over. */
  @Test
  void onlyWhoWritesPayloadsRevealsASecret() {
    var revealing = new TreeSet<String>();
    for (var type : CLASSES) {
      for (var call : type.getMethodCallsFromSelf()) {
        if (call.getTargetOwner().getFullName().equals("io.provision.model.Secret")
            && call.getName().equals("reveal")) {
          revealing.add(
              area(type).equals("engine") ? type.getFullName().split("\\$", 2)[0] : area(type));
        }
      }
      type.getMethodReferencesFromSelf().stream()
          .filter(use -> use.getName().equals("reveal"))
          .forEach(_ -> revealing.add(area(type)));
    }
    assertThat(revealing)
        .contains("model")
        .isSubsetOf(
            "model",
            "remote",
            "mina",
            "jsch",
            "ssh",
            "render",
            "local",
            "fabric8",
            "io.provision.engine.session.Handoffs");
  }

  private static Set<String> breaches(JavaClasses classes) {
    var breaches = new TreeSet<String>();
    for (var type : classes) {
      for (var use : type.getDirectDependenciesFromSelf()) {
        if (isBreach(area(type), use.getTargetClass())) {
          breaches.add(type.getFullName() + " -> " + use.getTargetClass().getFullName());
        }
      }
    }
    return breaches;
  }

  private static boolean isBreach(String area, JavaClass used) {
    var name = used.getFullName();
    if (!name.startsWith("io.provision.")) {
      return LIBRARIES.entrySet().stream()
          .anyMatch(
              library -> name.startsWith(library.getKey()) && !library.getValue().contains(area));
    }
    var other = area(used);
    if (other.equals(area) || EXCEPTIONS.contains(area + " -> " + name)) {
      return false;
    }
    return FLOORS.getOrDefault(other, Integer.MAX_VALUE) >= FLOORS.getOrDefault(area, -1)
        || CLOSED.getOrDefault(area, Set.of()).contains(other)
        || ADAPTERS.contains(other) && !mayKnow(area, other);
  }

  private static boolean mayKnow(String area, String adapter) {
    return area.equals("cli") || adapter.equals("ssh") && List.of("mina", "jsch").contains(area);
  }

  /** The first package below io.provision. */
  private static String area(JavaClass type) {
    var name = type.getPackageName();
    return name.equals("io.provision")
        ? ""
        : name.substring("io.provision.".length()).split("\\.", 2)[0];
  }

  private static boolean touchesStreams(JavaClass type) {
    return type.getAccessesFromSelf().stream()
        .anyMatch(access -> {
          var owner = access.getTargetOwner().getFullName();
          var name = access.getName();
          return owner.equals("java.lang.System")
                  && Set.of("out", "err", "in", "console", "setOut", "setErr").contains(name)
              || owner.equals("java.io.FileDescriptor") && Set.of("out", "err").contains(name)
              || owner.equals("java.lang.IO");
        });
  }
}

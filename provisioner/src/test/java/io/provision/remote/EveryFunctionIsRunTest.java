package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.provision.resource.LocalHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Every shell function of the product is run by a unit test that knows what it should do; {@link
 * ShellFuzzTest}, which runs all with nonsense, does not count. A new one without a test is named
 * here.
 */
final class EveryFunctionIsRunTest {

  private static final Path SCRIPTS = Path.of("src/main/sh");
  private static final Path TEMPLATES = Path.of("../templates");
  private static final Path LAUNCHER = Path.of("../provision");

  @Test
  void aFunctionThatNoTestHasRunIsNamed() throws IOException {
    var made = new ShellFunction("made_up", "inner() { :; }\ninner");
    var all = new TreeSet<>(everything());
    all.addAll(names(made));
    assertThat(all).contains("bring_unit", "made_up", "inner", "need", "wait_for");
    all.removeAll(FunctionsRun.names());
    assertThat(all).contains("made_up", "inner");
  }

  @Test
  void everyFunctionWasRun() throws IOException {
    assumeTrue(ClassesRun.names().containsAll(usersOfLocalHost()), "not all tests were run");
    var left = new TreeSet<>(everything());
    left.removeAll(FunctionsRun.names());
    assertThat(left).as("shell functions that no unit test runs").isEmpty();
  }

  /** Those of the steps, what every script begins with, the launcher's, and those of templates. */
  private static Set<String> everything() throws IOException {
    var all = new HashSet<>(FunctionsRun.defined(ScriptText.HELPERS));
    AllFunctions.byName().values().forEach(function -> all.addAll(names(function)));
    for (var directory : Set.of(SCRIPTS, TEMPLATES, LAUNCHER)) {
      try (var files = Files.walk(directory)) {
        for (var file : files.filter(Files::isRegularFile).toList()) {
          all.addAll(FunctionsRun.defined(Files.readString(file)));
        }
      }
    }
    return all;
  }

  private static Set<String> names(ShellFunction function) {
    var names = new HashSet<>(FunctionsRun.defined(function.body()));
    names.add(function.name());
    return names;
  }

  private static Set<String> usersOfLocalHost() {
    return new ClassFileImporter()
        .importPath(Path.of("target/test-classes")).stream()
            .filter(each -> each.getSimpleName().endsWith("Test") && each.isTopLevelClass())
            .filter(each ->
                each.getDirectDependenciesFromSelf().stream()
                    .anyMatch(it -> it.getTargetClass().isEquivalentTo(LocalHost.class)))
            .map(each -> each.getName())
            .collect(Collectors.toSet());
  }
}

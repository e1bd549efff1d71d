package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.console.Problem;
import io.provision.files.Custody;
import io.provision.load.Surroundings;
import io.provision.local.DeskDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All that is wrong with what was given is said at once, before anything is connected to. */
class AllProblemsTest {
  private static final String GOOD =
      """
      hosts:
        n1: { address: 192.0.2.1 }
      """;

  @TempDir private Path directory;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private List<String> validate(Path inventory, Path playbook, String... limit) {
    var surroundings = new Surroundings(Map.of(), directory);
    var program =
        new Provision(
            new Inputs(surroundings), surroundings, new DeskDirectories(directory, directory));
    return program
        .validate(
            new Order(
                inventory,
                Optional.of(playbook),
                new Order.Choice(List.of(limit), List.of(), List.of()),
                OptionalInt.empty(),
                Order.Logins.NONE,
                false,
                Optional.empty()))
        .stream()
        .filter(problem -> problem.level() == Problem.Level.ERROR)
        .map(problem -> problem.where().replaceAll(".*/", "") + ": " + problem.what())
        .toList();
  }

  @Test
  void whatIsWrongWithTheInventoryHidesNothingOfThePlaybook() throws IOException {
    var inventory = write("i.yml", "hosts:\n  n1: { adress: 192.0.2.1 }\n");
    var playbook =
        write(
            "p.yml",
            """
            - hosts: all
              steps:
                - sysctls: { values: { vm.swappiness: 1 } }
                - file: { path: relative, content: x }
            """);
    assertThat(validate(inventory, playbook))
        .anyMatch(it -> it.startsWith("i.yml:2:") && it.contains("did you mean 'address'?"))
        .anyMatch(it -> it.startsWith("p.yml:3:") && it.contains("there is no step 'sysctls'"))
        .anyMatch(it -> it.startsWith("p.yml:4:") && it.contains("relative"));
  }

  @Test
  void everyMissingProviderIsNamedAlsoThatOfThisMachine() throws IOException {
    var inventory =
        write(
            "i.yml",
            """
            cluster: { name: c, distribution: k3s, version: v1.36.4+k3s1 }
            hosts:
              n1: { address: 192.0.2.1, roles: [control-plane] }
              n2: { address: 192.0.2.2 }
            """);
    var playbook =
        write(
            "p.yml",
            "- hosts: all\n  steps:\n    - k3s-binary\n    - k3s-images\n    - k3s-config\n");
    assertThat(validate(inventory, playbook))
        .anyMatch(it -> it.startsWith("p.yml:3:") && it.contains("'k3s-binary' needs"))
        .anyMatch(it -> it.startsWith("p.yml:4:") && it.contains("'k3s-images' needs"))
        .anyMatch(it -> it.startsWith("p.yml:5:") && it.contains("'k3s-config' needs"));
  }

  @Test
  void aPipeIsReadOnceAndItsPathsStartAtTheWorkingDirectory() throws Exception {
    var pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    var writer =
        Thread.startVirtualThread(() -> {
          try {
            Files.writeString(pipe, GOOD);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    var playbook = write("p.yml", "- hosts: n1\n  steps: [swap-off]\n");
    assertThat(validate(pipe, playbook)).isEmpty();
    writer.join();
  }

  @Test
  @Timeout(60)
  void anEndlessInventoryOrPlaybookIsTooLarge() throws IOException {
    var endless = Path.of("/dev/zero");
    var playbook = write("p.yml", "- hosts: n1\n  steps: [swap-off]\n");
    assertThat(validate(endless, playbook)).singleElement().asString().contains("larger than");
    assertThat(validate(write("i.yml", GOOD), endless))
        .singleElement()
        .asString()
        .contains("larger than");
  }

  @Test
  void aProgramThatSomebodyElseMayHaveNamedIsNotRun() throws IOException {
    var secret = GOOD + "ssh: { password: \"${cmd:[echo, x]}\" }\n";
    var inventory = write("i.yml", secret);
    var playbook =
        write(
            "p.yml",
            "- hosts: all\n  steps:\n    - file: { path: /a, secret: \"${cmd:[echo, x]}\" }\n");
    assertThat(validate(inventory, playbook)).isEmpty();
    for (var file : List.of(inventory, playbook)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
      assertThat(validate(inventory, playbook))
          .anyMatch(it ->
              it.startsWith(file.getFileName() + ":")
                  && it.contains("'${cmd:'")
                  && it.contains("chmod go-w"));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }
  }

  @Test
  void aSavedPlanIsNoInventory() throws IOException {
    var plan = write("x.plan", "{\n  \"format\" : 2\n}\n");
    var refused =
        catchThrowableOfType(
            Refused.class,
            () ->
                new Inputs(new Surroundings(Map.of(), directory, Custody.ofThisProcess(Map.of())))
                    .read(plan, Optional.empty()));
    assertThat(refused.problems()).singleElement().asString().contains("this is a saved plan");
  }
}

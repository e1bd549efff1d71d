package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.provision.cli.run.Inputs;
import io.provision.cli.run.Refused;
import io.provision.files.Custody;
import io.provision.load.bind.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** With the playbook that comes with its distribution. */
  private List<String> validate(Path inventory) {
    return validate(inventory, Optional.empty());
  }

  private List<String> validate(Path inventory, Path playbook, String... limit) {
    return validate(inventory, Optional.of(playbook), limit);
  }

  private List<String> validate(Path inventory, Optional<Path> playbook, String... limit) {
    var words = new ArrayList<>(List.of("validate", inventory.toString(), "--output", "json"));
    playbook.ifPresent(own -> words.addAll(List.of("--playbook", own.toString())));
    if (limit.length > 0) {
      words.addAll(List.of("--limit", String.join(",", limit)));
    }
    return Session.type(new FakeProgram(), directory, words.toArray(String[]::new)).lines().stream()
        .map(AllProblemsTest::json)
        .filter(line -> line.path("level").asText().equals("error"))
        .map(line ->
            line.get("where").asText().replaceAll(".*/", "") + ": " + line.get("what").asText())
        .toList();
  }

  private static JsonNode json(String line) {
    try {
      return new JsonMapper().readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
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
  void playsAreHeldAgainstTheNamesOfAnInventoryThatIsWrongElsewhere() throws IOException {
    var inventory =
        write("i.yml", "hosts:\n  n1: { address: 192.0.2.400 }\ngroups: { edge: [n1] }\n");
    var playbook =
        write(
            "p.yml",
            """
            - hosts: egde
              steps: [swap-off]
            - hosts: [edge, n1, storage]
              steps:
                - kubeconfig
            """);
    assertThat(validate(inventory, playbook))
        .hasSize(3)
        .anyMatch(it -> it.startsWith("i.yml:2:") && it.contains("192.0.2.400"))
        .anyMatch(it -> it.startsWith("p.yml:1:") && it.contains("did you mean 'edge'?"))
        .anyMatch(it -> it.startsWith("p.yml:5:") && it.contains("'hosts: local'"));
  }

  @Test
  void nobodyIsToldThatAHostIsNotThereWhoseNameIsWrong() throws IOException {
    var inventory = write("i.yml", "hosts:\n  N1: { address: 192.0.2.1 }\n");
    var playbook = write("p.yml", "- hosts: N1\n  steps: [swap-off]\n");
    assertThat(validate(inventory, playbook))
        .singleElement()
        .satisfies(it -> assertThat(it).startsWith("i.yml:2:"));
  }

  @Test
  void whatEveryHostWouldRefuseIsSaidOnceAndBesideTheRest() throws IOException {
    var hosts =
        new StringBuilder(
            "cluster: { name: c, distribution: k3s, version: v1.36.4+k3s1 }\nhosts:\n");
    for (var i = 1; i <= 30; i++) {
      hosts.append(
          "  n%d: { address: 192.0.2.%d, roles: [%s] }\n"
              .formatted(i, i, i == 1 ? "control-plane" : "worker"));
    }
    var inventory = write("i.yml", hosts.toString());
    write("broken.ftl", "x = ${host.vars.x}\n");
    var playbook =
        write(
            "p.yml",
            """
            - hosts: all
              steps:
                - template: { path: /etc/x, template: broken.ftl }
                - k3s-binary
                - hosts-file
                - node-address
            """);
    assertThat(validate(inventory, playbook))
        .hasSize(3)
        .anyMatch(it ->
            it.startsWith("p.yml:3:")
                && it.contains("n1, n2, n3 and 27 more: ")
                && it.contains("host.vars.x"))
        .anyMatch(
            it -> it.startsWith("p.yml:4:") && it.contains("no step of this playbook provides"))
        .anyMatch(
            it -> it.startsWith("p.yml:5:") && it.contains("which only 'node-address' provides"));
  }

  @Test
  void whatStepsOfK3sRefuseIsSaidBeforeTheFirstLogin() throws IOException {
    var inventory =
        write(
            "i.yml",
            """
            cluster:
              name: c
              distribution: k3s
              version: v1.36.4+k3s1
              endpoint: 192.0.2.9
              k3s: { token: abc, disable: ["${env:X}"] }
            hosts:
              n1: { address: 192.0.2.1, roles: [control-plane] }
            """);
    assertThat(validate(inventory))
        .hasSize(2)
        .anyMatch(it -> it.startsWith("i.yml:6:") && it.contains("'k3s.token'"))
        .anyMatch(it -> it.startsWith("i.yml:6:") && it.contains("'k3s.disable' is a secret"));
    write(
        "i.yml",
        """
        cluster: { name: c, distribution: k3s, version: v1.36.4+k3s1, endpoint: 192.0.2.9 }
        hosts:
          n1: { address: 192.0.2.1, roles: [control-plane], k3s: { flannel-backend: host-gw } }
          n2: { address: 192.0.2.2, roles: [control-plane] }
          n3: { address: 192.0.2.3, roles: [control-plane] }
        """);
    assertThat(validate(inventory))
        .singleElement()
        .asString()
        .contains("flannel-backend")
        .contains("n1, n2, n3")
        .contains("the same on all servers");
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
  void aLimitThatNamesNothingHidesNoMissingProvider() throws IOException {
    var inventory =
        write(
            "i.yml",
            """
            cluster: { name: c, distribution: k3s, version: v1.36.4+k3s1 }
            hosts:
              n1: { address: 192.0.2.1, roles: [control-plane] }
            """);
    var playbook = write("p.yml", "- hosts: all\n  steps:\n    - k3s-binary\n");
    assertThat(validate(inventory, playbook, "n2"))
        .hasSize(2)
        .anyMatch(it -> it.contains("there is no group or host 'n2' (did you mean 'n1'?)"))
        .anyMatch(it -> it.startsWith("p.yml:3:") && it.contains("'k3s-binary' needs"));
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
  void aFileThatIsNotThereIsComparedWithItsNeighbours() throws IOException {
    write("home.yml", GOOD + "playbook: sit.yml\n");
    write("site.yml", "- hosts: n1\n  steps: [swap-off]\n");
    assertThat(validate(directory.resolve("hoem.yml")))
        .singleElement()
        .asString()
        .contains("there is no such file. did you mean 'home.yml'?");
    assertThat(validate(directory.resolve("home.yml")))
        .singleElement()
        .asString()
        .contains("did you mean 'site.yml'?");
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

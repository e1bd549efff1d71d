package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.bind.Surroundings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionTest {
  @TempDir private Path directory;
  private String inventory = "";

  @BeforeEach
  void write() throws IOException {
    inventory = directory.resolve("i.yml").toString();
    Files.writeString(
        directory.resolve("i.yml"),
        """
        hosts:
          web1: { address: web1 }
          web2: { address: web2, roles: [storage] }
          db1: { address: db1 }
        groups: { wide: [web1, db1] }
        playbook: p.yml
        """);
    Files.writeString(
        directory.resolve("p.yml"), "- hosts: all\n  steps: [swap-off, hostname, hosts-file]\n");
  }

  private List<String> after(String line) {
    var words = new ArrayList<String>();
    for (var word : line.split(" ", -1)) {
      words.add(word.equals("i.yml") ? inventory : word);
    }
    return new Completion(new Surroundings(Map.of(), directory)).of(words);
  }

  @Test
  void everyCommandAndOptionIsKnown() {
    assertThat(after("")).containsAll(Verb.keys()).contains("lab", "demo", "test");
    assertThat(after("pl")).containsExactly("plan");
    assertThat(after("plan --det")).containsExactly("--detailed-exitcode");
    assertThat(after("gluster ")).containsExactly("check");
    assertThat(after("lab ")).containsExactly("down", "up");
    assertThat(after("completion ")).containsExactly("bash", "fish", "zsh");
    assertThat(after("explain kernel")).containsExactly("kernel-modules");
    assertThat(after("explain cluster.network.cn")).containsExactly("cluster.network.cni");
    assertThat(after("plan i.yml --output j")).containsExactly("json");
  }

  @Test
  void hostsGroupsAndStepsAreThoseOfTheInventoryOnTheLine() {
    assertThat(after("plan i.yml --limit w")).containsExactly("web1", "web2", "wide", "worker");
    assertThat(after("plan i.yml --limit = we")).containsExactly("web1", "web2");
    assertThat(after("plan i.yml --limit web1,d")).containsExactly("web1,db1");
    assertThat(after("plan i.yml --limit all,!d")).containsExactly("all,!db1");
    assertThat(after("apply i.yml --only ho")).containsExactly("hostname", "hosts-file");
    assertThat(after("gluster check i.yml --without ")).containsExactly("web2");
  }

  @Test
  void whereAFileIsExpectedNothingIsSaid() {
    assertThat(after("plan ")).isEmpty();
    assertThat(after("plan i.yml --playbook ")).isEmpty();
    assertThat(after("nonsense ")).isEmpty();
  }

  @Test
  void ofAnInventoryThatIsWrongThereAreStepsAndNoHosts() throws IOException {
    Files.writeString(Path.of(inventory), "hosts: [x");
    assertThat(after("plan i.yml --limit w")).isEmpty();
    assertThat(after("plan i.yml --only kernel")).containsExactly("kernel-modules");
  }

  @ParameterizedTest
  @CsvSource({
    "test --help,   tests/run unit",
    "help test,     tests/run unit",
    "demo --help,   three lab nodes",
    "lab --help,    provision lab up",
    "help lab,      provision lab up",
  })
  void whatTheLauncherDoesByItselfHasHelpToo(String line, String expected) throws Exception {
    var words = new ArrayList<>(List.of("sh", "../provision"));
    words.addAll(List.of(line.split(" ")));
    var process = new ProcessBuilder(words).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).contains(expected);
    assertThat(process.waitFor()).isZero();
  }
}

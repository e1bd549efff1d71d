package io.provision.load.playbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.bind.Binder;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.load.yaml.InputProblem;
import io.provision.load.yaml.Problems;
import io.provision.steps.Catalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlaybookLoaderTest {
  record Packages(List<String> names) {}

  record Swap() {}

  record WriteFile(String path, Optional<String> mode) {}

  private final Problems problems = new Problems();
  private final PlaybookLoader loader =
      new PlaybookLoader(
          Map.of("packages", Packages.class, "swap-off", Swap.class, "file", WriteFile.class),
          new Binder(new Surroundings(Map.of(), Path.of("/")), Path.of("/")));

  private List<PlayDocument> plays(String yaml) {
    return loader.load("play.yml", yaml.getBytes(StandardCharsets.UTF_8), problems);
  }

  private List<String> said() {
    return problems.errors().stream().map(InputProblem::toString).toList();
  }

  @Test
  void aPlayHasHostsAndStepsWithParameters() {
    var plays =
        plays(
            """
            - name: every node
              hosts: all
              steps:
                - swap-off
                - packages: [curl, git]
                - file: { path: /etc/x, mode: 0644 }
            - hosts: [worker, cp1]
              serial: "30%"
              steps: [swap-off]
            """);
    assertThat(said()).isEmpty();
    assertThat(plays).hasSize(2);
    assertThat(
            plays.getFirst().steps().stream()
                .map(step -> loader.bind(step, problems).orElseThrow())
                .toList())
        .isEqualTo(
            List.<Record>of(
                new Swap(),
                new Packages(List.of("curl", "git")),
                new WriteFile("/etc/x", Optional.of("0644"))));
    assertThat(plays.getFirst().steps().get(1).position()).hasToString("play.yml:5:7");
    assertThat(plays.get(1).serial().orElseThrow().of(10)).isEqualTo(3);
    assertThat(plays.get(1).name()).isEqualTo("worker");
    assertThat(plays.get(1).hosts())
        .extracting(PlayDocument.Selector::word)
        .containsExactly("worker", "cp1");
  }

  @Test
  void aPartStandsWhereItIsIncludedAndItsStepsAreAtHome() {
    var plays =
        plays(
            """
            - include: hosts
            - { name: mine, hosts: all, steps: [swap-off] }
            - include: storage
            """);
    assertThat(said()).isEmpty();
    assertThat(plays)
        .extracting(PlayDocument::name)
        .startsWith("every host", "mine", "storage")
        .endsWith("names that nobody needs any more");
    assertThat(plays.getFirst().steps().getFirst().position())
        .hasToString("playbooks/parts/hosts.yml:5:7");
  }

  @Test
  void whatCannotBeIncludedIsSaid() {
    plays(
        """
        - include: storag
        - include: ../mine.yml
        - { include: hosts, serial: 1 }
        - include: [hosts]
        - import_playbook: hosts
        """);
    assertThat(said())
        .satisfiesExactly(
            it -> assertThat(it).contains("play.yml:1:12", "did you mean 'storage'?"),
            it -> assertThat(it).contains("play.yml:2:12", "files of your own are not included"),
            it -> assertThat(it).contains("play.yml:3:3", "stands alone"),
            it -> assertThat(it).contains("play.yml:4:12", "a single value"),
            it -> assertThat(it).contains("play.yml:5:3", "did you mean 'include'?"),
            it -> assertThat(it).contains("play.yml:5:3", "'hosts' is missing"),
            it -> assertThat(it).contains("play.yml:5:3", "'steps' is missing"));
  }

  @Test
  void everyPartThereIsCanBeIncludedAndIncludesNone() throws IOException {
    try (var files = Files.list(Path.of("../playbooks/parts"))) {
      assertThat(files.map(it -> it.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              Parts.NAMES.stream().map(it -> it + ".yml").toList());
    }
    for (var name : Parts.NAMES) {
      var text = new String(Parts.read(name).orElseThrow(), StandardCharsets.UTF_8);
      assertThat(text).as(name).doesNotContain("include:");
      assertThat(plays("- include: " + name)).as(name).isNotEmpty();
    }
    assertThat(said()).isEmpty();
  }

  @Test
  void everythingThatIsWrongIsSaidWithItsLine() {
    plays(
            """
            - hosts: all
              tasks: []
              when: never
              steps:
                - file: { path: /x }
                  when: x
                - 7: 8
                - [a]
            - steps: packages
              serial: none
            - x
            """)
        .forEach(play -> play.steps().forEach(step -> loader.bind(step, problems)));
    assertThat(said())
        .containsExactly(
            "play.yml:2:3: unknown key 'tasks'. did you mean 'steps'?",
            "play.yml:3:3: unknown key 'when'. a play has name, hosts, serial and steps, or is 'include: PART'; no conditions or loops.",
            "play.yml:5:7: a step is one name with its parameters below it; here are file, when. there are no conditions or loops.",
            "play.yml:7:7: there is no step '7'. see: provision steps",
            "play.yml:8:7: a step is its name, or its name with parameters, not a list.",
            "play.yml:9:3: 'hosts' is missing: a group, a host, or a list of them.",
            "play.yml:9:10: steps is a list, not a single value.",
            "play.yml:10:11: 'none' is not a serial such as 1 or \"30%\".",
            "play.yml:11:3: a play is a mapping with name, hosts and steps, not a single value.");
  }

  @Test
  void stepsAndParametersAreSuggested() {
    plays("- hosts: all\n  steps:\n    - pakages: curl\n    - file: { pth: /x }\n    - file\n")
        .getFirst()
        .steps()
        .forEach(step -> loader.bind(step, problems));
    assertThat(said())
        .containsExactly(
            "play.yml:3:7: there is no step 'pakages'. did you mean 'packages'? see: provision steps",
            "play.yml:4:15: unknown key 'pth'. did you mean 'path'?",
            "play.yml:5:7: 'path' is missing.");
  }

  @Test
  void aPlayChoosesItsHostsInTheOrderOfTheInventory() {
    var yaml =
        "hosts:\n  a: { address: a }\n  b: { address: b }\n  c: { address: c }\ngroups: { last: [c] }\n";
    var inventory =
        new InventoryLoader(new Surroundings(Map.of(), Path.of("/")), Catalog.areas())
            .load(Path.of("/i.yml"), yaml.getBytes(StandardCharsets.UTF_8))
            .inventory();
    var plays = plays("- hosts: [last, a]\n  steps: []\n- hosts: [lats]\n  steps: []\n");
    assertThat(PlaybookLoader.hosts(plays.getFirst(), inventory, problems))
        .extracting("name.value")
        .isEqualTo(List.of("a", "c"));
    assertThat(PlaybookLoader.hosts(plays.get(1), inventory, problems)).isEmpty();
    assertThat(said())
        .containsExactly("play.yml:3:11: there is no group or host 'lats'. did you mean 'last'?");
  }
}

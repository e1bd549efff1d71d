package io.provision.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.console.Problem;
import io.provision.engine.event.TargetName;
import io.provision.load.bind.SourceFile;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.load.yaml.Problems;
import io.provision.model.Inventory;
import io.provision.steps.Catalog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LimitTest {
  private static final Inventory INVENTORY =
      inventory(
          """
          hosts:
            web1: { address: 192.0.2.1 }
            web2: { address: 192.0.2.2 }
            x1: { address: 192.0.2.3, roles: [storage] }
          groups: { front: [web1, web2], none: [] }
          """);

  private final List<Problem> problems = new ArrayList<>();

  private static Inventory inventory(String text) {
    var problems = new Problems();
    var source = SourceFile.of(Path.of("/home.yml"), text);
    var read =
        new InventoryLoader(new Surroundings(Map.of(), Path.of("/")), Catalog.areas())
            .read(source, problems);
    assertThat(problems.errors()).isEmpty();
    return read.inventory().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      value = {
        "web1                | web1",
        "web1,x1             | web1 x1",
        "front               | web1 web2",
        "all                 | web1 web2 x1",
        "storage             | x1",
        "web*                | web1 web2",
        "*[12]               | web1 web2 x1",
        "?1                  | x1",
        "!web1               | web2 x1",
        "!web*               | x1",
        "front,!web1         | web2",
        "!web1,front         | web2",
        "all,!front          | x1",
        "cluster             | (cluster)",
        "local               | (local)",
        "web1,cluster        | (cluster) web1",
        "all,cluster,local   | (cluster) (local) web1 web2 x1",
        "!web1,cluster       | (cluster) web2 x1",
        "cluster,local,!local| (cluster)",
        "none,x1             | x1",
      })
  void wordsMeanTargets(String words, String targets) {
    var limit = Limit.of(List.of(words.split(",")), INVENTORY, problems).orElseThrow();
    assertThat(problems).isEmpty();
    assertThat(limit.stream().map(TargetName::toString).sorted())
        .containsExactly(targets.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "web3        | no group or host 'web3' (did you mean 'web1'?)",
        "custer      | no group or host 'custer' (did you mean 'cluster'?)",
        "y*          | no group or host 'y*'",
        "!web9       | no group or host 'web9'",
        "[           | no group or host '['",
        "web1,!web1  | 'web1,!web1' leaves nothing",
        "none        | 'none' leaves nothing",
        "!all        | '!all' leaves nothing",
        "''          | no group or host ''",
      })
  void aLimitThatNamesOrLeavesNothingIsRefused(String words, String hint) {
    var _ = Limit.of(List.of(words.split(",")), INVENTORY, problems);
    assertThat(problems)
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.where()).isEqualTo("--limit");
          assertThat(problem.what()).contains(hint);
        });
  }

  @Test
  void withoutAWordThereIsNoLimit() {
    assertThat(Limit.of(List.of(), INVENTORY, problems)).isEmpty();
  }
}

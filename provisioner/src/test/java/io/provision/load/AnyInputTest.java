package io.provision.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.bind.Binder;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.ExampleInventoriesTest;
import io.provision.load.inventory.InventoryLoader;
import io.provision.load.playbook.PlaybookLoader;
import io.provision.load.yaml.InputRefused;
import io.provision.load.yaml.Problems;
import io.provision.steps.Catalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever stands in the file, the answer is an inventory or problems. */
class AnyInputTest {
  private static final Path FILE = Path.of("/nowhere/any.yml");

  /** Every place where an inventory takes a text, with a hole for it. */
  private static final String EVERYWHERE =
      """
      cluster:
        name: @
        distribution: @
        version: @
        endpoint: @
        swap: @
        network: { cni: @, node_cidr: @, pod_cidr: @, service_cidr: @ }
        load_balancer: { metallb: { addresses: [@] } }
        storage:
          gluster:
            volumes:
              - { name: @, kind: @, replica: @, brick: @, brick_device: @, mount: @, mount_on: [@],
                  storage_class: @, default_class: @, options: { ? @ : @ } }
        kubeconfig: { merge_into: @, context: @ }
        kubelet: { ? @ : [@, { ? @ : @ }] }
        ignore_preflight: [@]
        tls_sans: [@]
        registries: { ? @ : @, password: @ }
      ssh: { user: @, port: @, key: [@], passphrase: @, password: @, jump: @, host_keys: @,
             known_hosts: @, config: @, transport: @, become: { method: @, password: @ } }
      playbook: @
      artifacts: @
      mirror: @
      hosts:
        ? @
        : { address: @, roles: [@], node_address: @, labels: { ? @ : @ }, taints: [@],
            vars: { ? @ : @, x: @ } }
      groups: { ? @ : [@] }
      ? @
      : @
      """;

  private static final InventoryLoader LOADER =
      new InventoryLoader(new Surroundings(Map.of(), Path.of("/home/someone")), Catalog.areas());

  @Property(tries = 2000)
  void anyBytesAreAnInventoryOrProblems(@ForAll byte[] bytes) {
    assertAnswered(bytes);
  }

  @Property(tries = 3000)
  void anythingThatLooksLikeYamlIsAnInventoryOrProblems(@ForAll("yamlish") String text) {
    assertAnswered(text.getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 200)
  void anyTextInEveryPlaceIsDataOrAProblem(@ForAll("texts") String text) {
    assertAnswered(EVERYWHERE.replace("@", quoted(text)).getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 1000)
  void anyTextAsAPasswordIsKeptAsItIs(@ForAll("texts") String text) {
    var yaml = "ssh: { password: %s }\nhosts:\n  a: { address: a }\n".formatted(quoted(text));
    if (text.contains("${") || text.chars().anyMatch(c -> c == 0)) {
      return;
    }
    var host =
        LOADER.load(FILE, yaml.getBytes(StandardCharsets.UTF_8)).inventory().hosts().getFirst();
    assertThat(host.ssh().password().orElseThrow().reveal())
        .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 1000)
  void anyTextAsAVariableIsKeptOrRefused(@ForAll("texts") String text) {
    var yaml = "hosts:\n  a: { address: a, vars: { x: %s } }\n".formatted(quoted(text));
    if (text.contains("${")) {
      return;
    }
    try {
      var host =
          LOADER.load(FILE, yaml.getBytes(StandardCharsets.UTF_8)).inventory().hosts().getFirst();
      assertThat(host.vars().get("x")).isEqualTo(text);
    } catch (InputRefused e) {
      assertThat(e.problems()).singleElement().extracting(it -> it.at().line()).isEqualTo(2);
      assertThat(text).matches("(?s).*\\p{Cc}.*");
    }
  }

  @Property(tries = 1000)
  void anExampleWithAnyPieceReplacedIsAnInventoryOrProblems(
      @ForAll("examples") String example,
      @ForAll("yamlish") String piece,
      @ForAll @IntRange(min = 0, max = 4000) int at,
      @ForAll @IntRange(min = 0, max = 30) int length) {
    var start = Math.min(at, example.length());
    var end = Math.min(start + length, example.length());
    var text = example.substring(0, start) + piece + example.substring(end);
    assertAnswered(text.getBytes(StandardCharsets.UTF_8));
  }

  @Provide
  Arbitrary<String> examples() throws IOException {
    return Arbitraries.of(
        Files.readString(ExampleInventoriesTest.INVENTORIES.resolve("home.yml")),
        Files.readString(ExampleInventoriesTest.INVENTORIES.resolve("ha.yml")));
  }

  @Property(tries = 2000)
  void anythingThatLooksLikeAPlaybookIsPlaysOrProblems(@ForAll("yamlish") String text) {
    record Step(String a, List<String> b) {}
    var problems = new Problems();
    var loader =
        new PlaybookLoader(
            Map.of("a", Step.class),
            new Binder(new Surroundings(Map.of(), Path.of("/")), Path.of("/")));
    var yaml = "- hosts: all\n  steps:\n    - a:" + text;
    loader
        .load("p.yml", yaml.getBytes(StandardCharsets.UTF_8), problems)
        .forEach(play -> play.steps().forEach(step -> loader.bind(step, problems)));
    assertThat(problems.errors()).allSatisfy(it -> assertThat(it.at().line()).isPositive());
  }

  private static void assertAnswered(byte[] bytes) {
    try {
      assertThat(LOADER.load(FILE, bytes).inventory().hosts()).isNotEmpty();
    } catch (InputRefused e) {
      assertThat(e.problems()).isNotEmpty();
      assertThat(e.problems())
          .allSatisfy(problem -> {
            assertThat(problem.at().line()).isPositive();
            assertThat(problem.reason()).hasSizeLessThan(4000).doesNotContainPattern("\\p{Cc}");
          });
    }
  }

  /** YAML's own way to write any text in one line. */
  private static String quoted(String text) {
    var out = new StringBuilder("\"");
    text.codePoints()
        .forEach(point -> {
          if (point == '"' || point == '\\') {
            out.append('\\').appendCodePoint(point);
          } else if (Character.isISOControl(point) || point > 0x7e) {
            out.append("\\U%08x".formatted(point));
          } else {
            out.appendCodePoint(point);
          }
        });
    return out.append('"').toString();
  }

  @Provide
  Arbitrary<String> texts() {
    var known =
        Arbitraries.of(
            "$(touch /tmp/x)",
            "`id`",
            "'; rm -rf /",
            "-oProxyCommand=x",
            "no",
            "1.30",
            "~",
            "",
            "\n",
            "${env:X}",
            "${cmd:[sh]}",
            "${file:/etc/passwd}",
            "${cmd:[[]",
            "~root/x",
            "/",
            "a/b/../c");
    var any =
        Arbitraries.strings()
            .withCharRange('\u0000', '\ud7ff')
            .withCharRange('\ue000', '\ufffd')
            .ofMaxLength(40);
    return Arbitraries.oneOf(List.of(known, any, any.map(it -> it + "\ud83d\ude00")));
  }

  @Provide
  Arbitrary<String> yamlish() {
    var word =
        Arbitraries.of(
            "hosts",
            "cluster",
            "ssh",
            "address",
            "roles",
            ":",
            ": ",
            "- ",
            "\n",
            "\n  ",
            "\n    ",
            "{",
            "}",
            "[",
            "]",
            ", ",
            "&a ",
            "*a",
            "<<",
            "? ",
            "|",
            ">",
            "|-\n ",
            "'",
            "\"",
            "#",
            "---",
            "...",
            "%YAML 1.1",
            "!!str ",
            "!x ",
            "\t",
            "\r",
            "~",
            "null",
            "1",
            "\\",
            "@",
            "`",
            "a",
            "no",
            "\ufeff",
            "%");
    return Combinators.combine(word.list().ofMaxSize(30), Arbitraries.of("", "hosts:\n  a: "))
        .as((words, start) -> start + String.join("", words));
  }
}

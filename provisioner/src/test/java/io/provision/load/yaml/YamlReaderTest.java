package io.provision.load.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.provision.section.Node;
import io.provision.section.Node.Mapping;
import io.provision.section.Node.Scalar;
import io.provision.section.Node.Sequence;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class YamlReaderTest {
  private final Problems problems = new Problems();

  private Optional<Node> read(String text) {
    return YamlReader.read("a.yml", text.getBytes(StandardCharsets.UTF_8), problems);
  }

  private Mapping mapping(String text) {
    return (Mapping) read(text).orElseThrow();
  }

  @Test
  void keepsTheTextOfScalarsAndWhetherTheyWereQuoted() {
    var root = mapping("a: 1.30\nb: '1.30'\nc: 012\nd: 22:22\ne: no\nf: 1e3\n");
    assertThat(root.find("a")).get().isEqualTo(new Scalar("1.30", true, root.at("a")));
    assertThat(root.find("b")).get().isEqualTo(new Scalar("1.30", false, root.at("b")));
    assertThat(root.entries().values())
        .extracting(it -> ((Scalar) it.value()).text())
        .containsExactly("1.30", "1.30", "012", "22:22", "no", "1e3");
  }

  @Test
  void keepsLineAndColumn() {
    var root = mapping("a:\n  b: [x, y]\n");
    assertThat(root.at("a", "b")).hasToString("a.yml:2:6");
    var items =
        ((Sequence) ((Mapping) root.find("a").orElseThrow()).find("b").orElseThrow()).items();
    assertThat(items.get(1).position()).hasToString("a.yml:2:10");
  }

  @Test
  void aByteOrderMarkAndWindowsLineEndsChangeNothing() {
    var root = mapping("\ufeffa: 1\r\nb: 2\r\n");
    assertThat(root.at("b")).hasToString("a.yml:2:4");
    assertThat(root.entries().keySet()).containsExactly("a", "b");
    assertThat(problems.errors()).isEmpty();
  }

  @Test
  void anAliasStandsForItsAnchorAndAMergeForTheKeysThatAreNotThere() {
    var root = mapping("a: &a { x: 1, y: 2 }\nb: { <<: *a, y: 3 }\nc: *a\n");
    var merged = (Mapping) root.find("b").orElseThrow();
    assertThat(merged.find("x")).get().extracting(it -> ((Scalar) it).text()).isEqualTo("1");
    assertThat(merged.find("y")).get().extracting(it -> ((Scalar) it).text()).isEqualTo("3");
    assertThat(root.find("c")).isEqualTo(root.find("a"));
  }

  @Test
  void anEmptyValueIsWhereItsKeyIs() {
    var root = mapping("a:\n\n\nb: 1\n");
    assertThat(root.at("a").line()).isEqualTo(1);
  }

  @Test
  void aBombEndsAtTheLimitInLittleMemory() {
    var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for (var i = 1; i < 12; i++) {
      bomb.append("a%d: &a%d [*a%d,*a%d,*a%d,*a%d]\n".formatted(i, i, i - 1, i - 1, i - 1, i - 1));
    }
    var before = allocated();
    assertThat(read(bomb.toString())).isEmpty();
    assertThat(allocated() - before).isLessThan(64L << 20);
    assertThat(problems.errors().getFirst().reason()).contains("more than");
  }

  @Test
  void sixteenMebibytesOfListsEndAtTheLimit() {
    assertThat(read("- a\n".repeat(4_000_000))).isEmpty();
    assertThat(problems.errors().getFirst().reason()).contains("more than 500000 values");
  }

  @Test
  void nothingLargerThanSixteenMebibytesIsRead() {
    assertThat(read("a".repeat((16 << 20) + 1))).isEmpty();
    assertThat(problems.errors().getFirst().reason()).contains("16 MiB");
  }

  @Test
  void tenThousandHostsAreNoBomb() {
    var text = new StringBuilder("hosts:\n");
    for (var i = 0; i < 10_000; i++) {
      text.append(
          "  h%d: { address: 10.1.%d.%d, labels: { rack: r%d } }\n"
              .formatted(i, i / 250, i % 250, i % 40));
    }
    assertThat(mapping(text.toString()).find("hosts")).isPresent();
  }

  @Test
  void deepNestingOfEveryKindIsRefusedAndNotFollowed() {
    for (var text :
        new String[] {
          "[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000), "? ".repeat(100_000)
        }) {
      var found = new Problems();
      assertThatCode(() -> YamlReader.read("a.yml", text.getBytes(StandardCharsets.UTF_8), found))
          .doesNotThrowAnyException();
      assertThat(found.errors().getFirst().reason()).contains("nested more than 30 deep");
    }
  }

  @Test
  void bytesThatAreNotUtf8AreFound() {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes("a: 1\nb: ".getBytes(StandardCharsets.UTF_8));
    bytes.write(0xe9);
    assertThat(YamlReader.read("a.yml", bytes.toByteArray(), problems)).isEmpty();
    assertThat(problems.errors())
        .singleElement()
        .asString()
        .startsWith("a.yml:2:4: byte 0xe9 is not UTF-8");
  }

  @Test
  void theTreeDoesNotShowItsValues() {
    assertThat(mapping("password: hunter2\nlist: [hunter2]\n").toString())
        .doesNotContain("hunter2");
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean)
            java.lang.management.ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }
}

package io.provision.console.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table fits its screen, and says the same on every one. */
class TableTest {
  private static final Table DRIFT =
      new Table(
          List.of("host", "step", "differs"),
          List.of(
              List.of(
                  "cp1, cp2, cp3, w1, w2, w3, w4",
                  "kernel-modules",
                  "update /etc/modules-load.d/provision.conf, load br_netfilter, load overlay"),
              List.of(
                  "w9",
                  "sysctl",
                  "update /etc/sysctl.d/90-a-name-that-has-no-space-in-it-at-all.conf")));

  private static final Table COUNTS =
      new Table(
          List.of("", "ok", "changed", "skipped", "failed", "unreachable"),
          List.of(
              List.of("storage-node-1", "120", "3", "10", "0", "0"),
              List.of("storage-node-2", "119", "3", "10", "1", "0")));

  @ParameterizedTest
  @ValueSource(ints = {20, 40, 60, 80, 120})
  void noLineIsWiderThanTheScreenAndNoCellIsCut(int columns) {
    for (var table : List.of(DRIFT, COUNTS)) {
      var lines = table.lines(Ink.NONE, columns);
      assertThat(lines).allMatch(line -> line.length() <= columns);
      for (var row : table.rows()) {
        for (var cell : row) {
          for (var word : cell.split(" ")) {
            assertThat(squeezed(lines, table, columns)).contains(word);
          }
        }
      }
    }
  }

  /** All words of each column one behind another, as they stand below one another. */
  private static String squeezed(List<String> lines, Table table, int columns) {
    if (table.lines(Ink.NONE).equals(lines) || !lines.getFirst().startsWith(head(table))) {
      return String.join("", lines).replaceAll(" +", " ").replace(" ", "");
    }
    var text = new StringBuilder();
    var starts = table.header().stream().map(lines.getFirst()::indexOf).toList();
    for (var i = 0; i < starts.size(); i++) {
      var from = starts.get(i);
      var to = i + 1 < starts.size() ? starts.get(i + 1) : columns;
      for (var line : lines.subList(1, lines.size())) {
        text.append(
            line.substring(Math.min(from, line.length()), Math.min(to, line.length())).strip());
      }
    }
    return text.toString();
  }

  private static String head(Table table) {
    return table.header().getFirst() + "  ";
  }

  @Test
  void whereThereIsRoomItIsAsWideAsItIs() {
    assertThat(DRIFT.lines(Ink.NONE, 200)).isEqualTo(DRIFT.lines(Ink.NONE)).hasSize(3);
  }

  @Test
  void cellsGoOnBelowThemselves() {
    assertThat(
            new Table(
                    List.of("pod", "why"),
                    List.of(List.of("default/web", "its image is not there")))
                .lines(Ink.NONE, 26))
        .containsExactly(
            "pod          why", "default/web  its image is", "               not there");
  }

  @Test
  void whereNoCellHasRoomEachRowIsAParagraph() {
    assertThat(COUNTS.lines(Ink.NONE, 40).subList(0, 3))
        .containsExactly(
            "storage-node-1", "  120 ok, 3 changed, 10 skipped, 0", "    failed, 0 unreachable");
    assertThat(
            new Table(
                    List.of("host", "address", "roles", "groups"),
                    List.of(List.of("web1", "192.0.2.1", "", "rack")))
                .lines(Ink.NONE, 20))
        .containsExactly("web1", "  address: 192.0.2.1", "  groups: rack");
  }
}

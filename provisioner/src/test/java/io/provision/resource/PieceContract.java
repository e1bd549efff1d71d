package io.provision.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.step.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every piece that starts out in drift must do. */
abstract class PieceContract {
  static final String CANARY = "canary-4711";

  @TempDir Path directory;
  LocalHost host;

  @BeforeEach
  void boot() {
    host = new LocalHost(directory);
  }

  /** A piece that differs from what {@link #directory} holds, and whose secrets are the canary. */
  abstract Piece drifting() throws IOException;

  @Test
  void aLookChangesNothing() throws IOException {
    var piece = drifting();
    var before = tree();
    host.look(piece.probes());
    assertThat(tree()).isEqualTo(before);
  }

  @Test
  void aDriftNamesItsChangesAndItsRepairMendsItForGood() throws IOException {
    var piece = drifting();
    var check = piece.check(host.look(piece.probes()));
    assertThat(check).isInstanceOf(Check.Drift.class);
    var drift = (Check.Drift) check;
    assertThat(drift.changes()).allSatisfy(it -> assertThat(it.subject()).isNotBlank());

    host.repair(drift.repair());
    assertThat(piece.check(host.look(piece.probes()))).isInstanceOf(Check.InSync.class);

    var after = tree();
    assertThat(piece.check(host.look(piece.probes()))).isInstanceOf(Check.InSync.class);
    assertThat(tree()).isEqualTo(after);
  }

  @Test
  void noSecretStandsInAnythingThatIsShown() throws IOException {
    var piece = drifting();
    var drift = (Check.Drift) piece.check(host.look(piece.probes()));
    host.repair(drift.repair());
    assertThat(piece.toString() + drift + host.said()).doesNotContain(CANARY);
  }

  Check check(Piece piece) {
    return piece.check(host.look(piece.probes()));
  }

  /** All names with mode, time of change and content. */
  private TreeMap<String, String> tree() throws IOException {
    var tree = new TreeMap<String, String>();
    try (var files = Files.walk(directory)) {
      for (var file : files.toList()) {
        var state = Files.readAttributes(file, "unix:mode,ino,size,lastModifiedTime");
        tree.put(
            file.toString(),
            Files.isRegularFile(file) ? state + Files.readString(file) : state.toString());
      }
    }
    return tree;
  }
}

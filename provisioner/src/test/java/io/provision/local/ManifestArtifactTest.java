package io.provision.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskChange.PinArtifacts;
import io.provision.desk.DeskException;
import io.provision.desk.DeskQuestion;
import io.provision.model.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests: one file for all architectures, of publishers that have no list of sums. */
class ManifestArtifactTest {
  private static final ArtifactId ID =
      new ArtifactId("metallb", "v0.16.1", ArtifactId.ANY, "metallb-native.yaml");
  private static final ArtifactId OF_A_VERSION_NOBODY_KNOWS =
      new ArtifactId("metallb", "v0.99.0", ArtifactId.ANY, "metallb-native.yaml");
  private static final String TEXT = "kind: Namespace\n";

  @TempDir Path base;

  private LocalDesk desk(Optional<Path> directory) {
    var settings =
        new DeskSettings(directory, Optional.empty(), base.resolve("cache"), Map.of(), text -> {});
    return new LocalDesk(settings, _ -> {});
  }

  private LocalDesk desk() {
    return desk(Optional.of(base.resolve("dir")));
  }

  private Path lock() {
    return base.resolve("provision.lock");
  }

  private Optional<String> text(LocalDesk desk) throws DeskException {
    return desk.view().look(new DeskQuestion.Text(lock(), ID));
  }

  private Path put(Path below, String text) throws IOException {
    var path = below.resolve(ID.toString());
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  private void listed(String text) throws IOException {
    Files.writeString(
        base.resolve("dir").resolve(ID.toString()).resolveSibling("sha256sum.txt"),
        digest(text) + "  " + ID.file() + "\n");
  }

  private void pinned(String text) throws IOException {
    Files.writeString(lock(), digest(text) + "  " + ID + "\n");
  }

  private static Sha256 digest(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void itsTextIsKnownBeforeThePinWhereItLiesWithItsSum() throws Exception {
    put(base.resolve("dir"), TEXT);
    listed(TEXT);
    assertThat(text(desk())).hasValue(TEXT);
    assertThat(lock()).doesNotExist();
  }

  @Test
  void aTextThatIsNotAsListedOrAsPinnedIsNeverTold() throws Exception {
    put(base.resolve("dir"), TEXT);
    listed("another");
    assertThat(text(desk())).isEmpty();
    listed(TEXT);
    pinned("another");
    assertThat(text(desk())).isEmpty();
  }

  @Test
  void whatWasDownloadedBeforeIsToldOnlyAsItIsPinned() throws Exception {
    put(base.resolve("cache"), TEXT);
    var desk = desk(Optional.empty());
    assertThat(text(desk)).as("not pinned").isEmpty();
    pinned("another");
    assertThat(text(desk)).as("pinned to another").isEmpty();
    pinned(TEXT);
    assertThat(text(desk)).hasValue(TEXT);
  }

  @Test
  void aFileOfMegabytesIsNoManifest() throws Exception {
    put(base.resolve("cache"), "x".repeat((8 << 20) + 1));
    pinned(TEXT);
    assertThatThrownBy(() -> text(desk(Optional.empty()))).isInstanceOf(DeskException.class);
  }

  @Test
  void aPublisherWithoutAListIsHeldToTheDigestThatIsKnownHere() throws Exception {
    var asked = new DeskQuestion.Published(lock(), Set.of(ID, OF_A_VERSION_NOBODY_KNOWS));
    var listed = desk(Optional.empty()).view().look(asked);
    assertThat(listed.get(ID)).isInstanceOf(DeskQuestion.Listed.Sum.class);
    assertThat(listed.get(OF_A_VERSION_NOBODY_KNOWS))
        .isInstanceOfSatisfying(
            DeskQuestion.Listed.Unlisted.class,
            it ->
                assertThat(it.what() + it.remedy())
                    .contains(OF_A_VERSION_NOBODY_KNOWS.toString(), "metallb/v0.99.0/any"));
  }

  @Test
  void aVersionWhoseDigestNobodyKnowsIsRefusedWithTheWayOut() {
    var pin = new PinArtifacts(lock(), List.of(OF_A_VERSION_NOBODY_KNOWS));
    assertThatThrownBy(() ->
            desk(Optional.empty())
                .change(
                    pin,
                    _ -> {
                      throw new AssertionError();
                    }))
        .isInstanceOfSatisfying(
            DeskException.class,
            e -> {
              assertThat(e.what()).contains(OF_A_VERSION_NOBODY_KNOWS.toString(), "list of sums");
              assertThat(e.remedy()).contains("sha256sum.txt", "metallb/v0.99.0/any");
            });
    assertThat(lock()).doesNotExist();
  }
}

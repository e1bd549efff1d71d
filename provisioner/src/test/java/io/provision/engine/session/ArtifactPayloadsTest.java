package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.desk.Desk;
import io.provision.desk.DeskChange;
import io.provision.desk.DeskException;
import io.provision.model.Sha256;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.remote.Session;
import io.provision.remote.ShellFunction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program of 100 MB is read for its digest once, not once for each of a hundred hosts. */
final class ArtifactPayloadsTest {
  private static final ShellFunction TAKE = new ShellFunction("take", "cat");

  @TempDir Path directory;
  private final List<String> asked = new ArrayList<>();
  private final Handoffs handoffs = new Handoffs(new KeptSecrets(Map.of()), new Asked());

  @Test
  void anArtifactIsFoundOnceForAllHosts() throws Exception {
    Files.writeString(directory.resolve("k3s"), "program");
    Files.writeString(directory.resolve("images"), "archive");
    for (var host = 0; host < 3; host++) {
      var loaded = handoffs.load(List.of(takes("k3s", "program"), takes("images", "archive")));
      assertThat(loaded)
          .extracting(ArtifactPayloadsTest::text)
          .containsExactly("program", "archive");
    }
    assertThat(asked).containsExactly("k3s", "images");
  }

  @Test
  void oneThatCouldNotBeFoundIsLookedForByTheNextHost() throws Exception {
    assertThatThrownBy(() -> handoffs.load(List.of(takes("k3s", "program"))))
        .isInstanceOf(DeskException.class)
        .hasMessage("k3s is nowhere");
    Files.writeString(directory.resolve("k3s"), "program");
    assertThat(handoffs.load(List.of(takes("k3s", "program"))))
        .extracting(ArtifactPayloadsTest::text)
        .containsExactly("program");
    assertThat(asked).containsExactly("k3s", "k3s");
  }

  @Test
  void twoOfOneNameWithDigestsOfTheirOwnAreTwo() throws Exception {
    Files.writeString(directory.resolve("k3s"), "program");
    handoffs.load(List.of(takes("k3s", "program"), takes("k3s", "another")));
    assertThat(asked).containsExactly("k3s", "k3s");
  }

  private static Script takes(String id, String content) {
    return Script.of(TAKE)
        .with(new Payload.Artifact(id, Sha256.of(content.getBytes(StandardCharsets.UTF_8))));
  }

  private static String text(Session.Loaded loaded) {
    try (var in = loaded.streams().getFirst().source().open()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Asked implements Desk {
    @Override
    public View view() {
      throw new IllegalStateException("nothing is looked at");
    }

    @Override
    public void change(DeskChange change, Desk.Handoffs given) {
      throw new IllegalStateException("nothing is changed: " + change);
    }

    @Override
    public Path artifact(Payload.Artifact artifact) throws DeskException {
      asked.add(artifact.id());
      var file = directory.resolve(artifact.id());
      if (!Files.exists(file)) {
        throw new DeskException(artifact.id() + " is nowhere", "bring it", null);
      }
      return file;
    }
  }
}

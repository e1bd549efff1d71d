package io.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.provision.model.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts as they once were, under {@code src/test/resources/recorded}. */
public final class Recorded {
  private static final Path TEXTS = Path.of("src/test/resources/recorded");
  private static final Path NOW = Path.of("target/recorded");

  private Recorded() {}

  /**
   * A file that reaches a host is byte for byte what it was: another one restarts what reads it, on
   * every host there is. Where that is wanted, record the new one.
   */
  public static void assertSame(String name, Content content) throws IOException {
    var text = ((Content.Plain) content).text();
    var file = TEXTS.resolve(name);
    if (!Files.exists(file)) {
      Files.createDirectories(NOW);
      fail(file + " is not recorded; now it is " + Files.writeString(NOW.resolve(name), text));
    }
    assertThat(text).as(name).isEqualTo(Files.readString(file));
  }
}

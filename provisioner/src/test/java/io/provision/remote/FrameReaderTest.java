package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class FrameReaderTest {
  @Test
  void aFrameKnowsBetweenWhichTimesItsCallRan() throws Exception {
    var sent = Instant.now().minusSeconds(7);
    var printed = "@@m start\n@@m begin\nx\n\n@@m end 0\n@@m done\n";
    var in = new ByteArrayInputStream(printed.getBytes(StandardCharsets.UTF_8));
    var reader = new FrameReader(in, "m", _ -> {}, sent);

    assertThat(reader.readTo("done")).isPresent();

    assertThat(reader.frames())
        .singleElement()
        .satisfies(frame -> {
          assertThat(frame.output()).isEqualTo("x\n");
          assertThat(frame.window().sent()).isEqualTo(sent);
          assertThat(frame.window().arrived()).isBetween(sent.plusSeconds(7), Instant.now());
        });
  }
}

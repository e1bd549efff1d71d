package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is told of payloads on their way. */
final class SendingTest {
  private final List<String> told = new ArrayList<>();

  @Test
  void eachMebibyteIsToldOnceAndTheLastIsNot() throws IOException {
    var sending = sending(5 << 20, 4 << 20);
    assertThat(sending.size()).isEqualTo(9L << 20);
    sending.to(telling(sending));
    assertThat(sending.news()).isEmpty();
    assertThat(told)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 8).mapToObj("%d of 9 MiB sent"::formatted).toList());
  }

  @Test
  void whatIsThroughAtOnceIsNotWorthAWord() throws IOException {
    var sending = sending((2 << 20) - 1);
    sending.to(telling(sending));
    assertThat(told).isEmpty();
  }

  private static Sending sending(int... sizes) {
    return new Sending(
        IntStream.of(sizes)
            .mapToObj(
                size -> new PayloadStream(size, () -> new ByteArrayInputStream(new byte[size])))
            .toList());
  }

  private OutputStream telling(Sending sending) {
    return new OutputStream() {
      @Override
      public void write(int one) {
        sending.news().ifPresent(told::add);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        sending.news().ifPresent(told::add);
      }
    };
  }
}

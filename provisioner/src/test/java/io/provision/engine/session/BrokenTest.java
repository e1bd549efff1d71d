package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Failure;
import io.provision.remote.Answer;
import io.provision.remote.Frame;
import io.provision.remote.Ran;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a script says in its own words when it goes no further. */
class BrokenTest {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private static Failure failure(String stderr, Optional<Ran> ran) {
    return Broken.of(LIMIT, new Frame(1, "doing it\n"), new Answer(List.of(), stderr, ran, false));
  }

  @Test
  void itsLastLineIsTheReasonAndItsHintTheRemedy() {
    var failure = failure("more\nhint: free the port\nport 6443 is in use\n", Optional.empty());
    assertThat(failure.what()).isEqualTo("port 6443 is in use");
    assertThat(failure.remedy()).startsWith("free the port; ");
    assertThat(failure.lines()).containsExactly("doing it", "more", "port 6443 is in use");
  }

  @Test
  void withoutAHintThereIsARemedyAllTheSame() {
    var failure = failure("port 6443 is in use\n", Optional.empty());
    assertThat(failure.what()).isEqualTo("port 6443 is in use");
    assertThat(failure.remedy()).isNotBlank().doesNotContain("hint");
  }

  /** A program may print such a line, and nobody made it of what we know. */
  @Test
  void aHintOfACommandThatFailedIsOnlyItsOutput() {
    var failure = failure("hint: use git\n", Optional.of(new Ran("git pull", Optional.of(128))));
    assertThat(failure.command()).isEqualTo("git pull");
    assertThat(failure.remedy()).doesNotContain("use git");
    assertThat(failure.lines()).contains("hint: use git");
  }
}

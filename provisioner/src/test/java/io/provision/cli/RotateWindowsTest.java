package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.model.rotation.Rotation;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code rotate} makes of windows, on a Friday at noon (UTC). */
final class RotateWindowsTest {
  @TempDir Path directory;
  private final FakeProgram program = new FakeProgram();

  @BeforeEach
  void reboots() {
    program.stepName = "node-reboot";
  }

  private int typed;

  private Session type(String windows, String... options) {
    var file = "x".repeat(++typed) + ".yml";
    var _ =
        FakeProgram.write(
            directory.resolve(file),
            """
            cluster:
              name: home
              distribution: k3s
              version: v1.36.4+k3s1
              %s
            hosts:
              w1: { address: 192.0.2.1, roles: [control-plane] }
              w2: { address: 192.0.2.2, roles: [worker] }
            """
                .formatted(windows));
    var line = new java.util.ArrayList<>(java.util.List.of("rotate", file));
    line.addAll(java.util.List.of(options));
    return Session.type(program, directory, line.toArray(String[]::new));
  }

  private static String shut() {
    return "rotation: { windows: ['Sat 02:00-05:00 Asia/Seoul'] }";
  }

  @Test
  void outsideOfAWindowItSaysWhenTheNextOneOpensAndHowToGoAnyway() {
    program.outcome = new Outcome.Skipped("no window is open");
    var typed = type(shut());
    assertThat(typed.exit()).isEqualTo(7);
    assertThat(typed.out() + typed.err())
        .contains("not rebooted, although they want it: w1")
        .contains("no window is open before Sat 2026-01-03 02:00 Asia/Seoul")
        .contains("--now");
    assertThat(program.requests)
        .as("what is out of use is given back all the same")
        .singleElement()
        .satisfies(it -> assertThat(Rotation.of(it.inventory()).windows()).isPresent());
  }

  @Test
  void whereNothingWantsARebootNothingIsRefused() {
    var typed = type(shut());
    assertThat(typed.exit()).isZero();
    assertThat(typed.out() + typed.err()).contains("until then no node is rebooted");
  }

  @Test
  void whatFailedIsNoQuestionOfTheTime() {
    program.outcome = new Outcome.Failed(new Failure("broken", "look"));
    assertThat(type(shut()).exit()).isEqualTo(1);
  }

  @Test
  void whereItIsAnothersTurnAnotherRunHoldsIt() {
    program.outcome = new Outcome.Failed(Failure.held("w1 waits for its turn", "wait"));
    assertThat(type("").exit()).isEqualTo(6);
    program.outcome = new Outcome.Failed(Failure.unsafe("not healed", "wait"));
    assertThat(type("").exit()).isEqualTo(7);
  }

  @Test
  void nowGoesAnyway() {
    program.outcome = new Outcome.Skipped("for another reason");
    var typed = type(shut(), "--now");
    assertThat(typed.exit()).isZero();
    assertThat(typed.out() + typed.err()).doesNotContain("window");
    assertThat(program.requests)
        .singleElement()
        .satisfies(it -> assertThat(Rotation.of(it.inventory()).windows()).isEmpty());
  }

  @Test
  void aWindowThatHasClosedMeanwhileIsSaid() {
    program.outcome = new Outcome.Skipped("no window is open");
    var typed = type("rotation: { windows: ['Fri 11:00-13:00 UTC'] }");
    assertThat(typed.exit()).isEqualTo(7);
    assertThat(typed.err()).contains("closed when it was their turn");
    assertThat(typed.out() + typed.err()).doesNotContain("until then no node");
  }

  @Test
  void aDryRunShowsTheCalendarAndAPlanOfAllThatWantIt() {
    var typed =
        type(
            "rotation: { windows: ['Sat 02:00-05:00 Asia/Seoul', 'last Fri of the month 22:00-04:00 Europe/Berlin'] }",
            "--dry-run");
    assertThat(typed.exit()).isZero();
    assertThat(typed.out())
        .containsSubsequence(
            "Sat 2026-01-03 02:00 Asia/Seoul",
            "Sat 2026-01-10 02:00 Asia/Seoul",
            "Sat 2026-01-17 02:00 Asia/Seoul")
        .contains("Sat 2026-01-03 05:00 Asia/Seoul", "no window is open before")
        .doesNotContain("2026-01-24");
    assertThat(program.requests)
        .singleElement()
        .satisfies(it -> assertThat(Rotation.of(it.inventory()).windows()).isEmpty());
  }

  @Test
  void withoutWindowsADryRunShowsNone() {
    assertThat(type("", "--dry-run").out()).doesNotContain("window");
  }

  @Test
  void aDryRunSaysThatOneIsOpen() {
    var typed =
        type(
            "rotation: { windows: ['Fri 22:00-04:00 Asia/Tokyo', daily 11:00-13:00 UTC] }",
            "--dry-run");
    assertThat(typed.out())
        .containsSubsequence(
            "Fri 2026-01-02 11:00 UTC", "open", "Fri 2026-01-02 22:00 Asia/Tokyo", "closed")
        .doesNotContain("no window is open");
  }

  @Test
  void anAgeIsThatOfTheCommandElseOfTheInventory() {
    var declared = "rotation: { older_than: 30d, windows: ['Fri 11:00-13:00 UTC'] }";
    var _ = type(declared);
    var _ = type(declared, "--older-than", "12h", "--now");
    var _ = type("", "--older-than", "2w", "--dry-run");
    assertThat(program.requests)
        .extracting(it -> Rotation.of(it.inventory()).olderThan().orElseThrow().toHours())
        .containsExactly(720L, 12L, 336L);
    assertThat(Rotation.of(program.requests.getFirst().inventory()).windows()).isPresent();
  }

  @Test
  void anAgeThatIsNoneIsRefused() {
    for (var age : java.util.List.of("59m", "30", "-1d", "tomorrow", "", "1.5d", "30d 2h")) {
      var typed = type("", "--older-than", age);
      assertThat(typed.exit()).as(age).isEqualTo(2);
      assertThat(typed.out() + typed.err()).as(age).contains("--older-than");
    }
    var typed = type("rotation: { older_than: 59m }");
    assertThat(typed.exit()).isEqualTo(2);
    assertThat(typed.out() + typed.err()).contains("less than an hour");
    assertThat(type("rotation: {}").out() + type("rotation: {}").err()).contains("nothing in it");
    assertThat(program.requests).isEmpty();
  }

  @Test
  void withoutWindowsItIsAsItWas() {
    program.outcome = new Outcome.Skipped("for another reason");
    var typed = type("");
    assertThat(typed.exit()).isZero();
    assertThat(typed.out() + typed.err()).doesNotContain("window");
  }
}

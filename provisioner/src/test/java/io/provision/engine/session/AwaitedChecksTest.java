package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.desk.Outside;
import io.provision.engine.event.Failure;
import io.provision.kube.PassedTime;
import io.provision.model.rotation.OwnCheck;
import io.provision.step.Repair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Checks of a user's that pass at once, later, or never. */
final class AwaitedChecksTest {
  private static final Outside.Occasion OCCASION =
      new Outside.Occasion(Path.of("/inv"), Map.of("PROVISION_HOST", "w1"));

  private final Map<String, Deque<String>> answers = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final List<Duration> most = new ArrayList<>();
  private Duration takes = Duration.ZERO;
  private final List<String> told = new ArrayList<>();
  private final PassedTime time = new PassedTime();
  private final Interrupt interrupt = new Interrupt();

  /** Says one after the other of each, and its last word for ever; nothing where it passes. */
  private final class Scripted implements Outside {
    @Override
    public Optional<String> missing(OwnCheck check, Occasion occasion) throws InterruptedException {
      assertThat(occasion).isEqualTo(OCCASION);
      asked.add(check.name());
      most.add(check.within());
      if (takes.isPositive()) {
        time.pause(takes);
      }
      var left = answers.get(check.name());
      var word = left.size() > 1 ? left.removeFirst() : left.getFirst();
      return Optional.of(word).filter(it -> !it.isEmpty());
    }

    @Override
    public Ended run(List<String> command, Duration within, Occasion occasion) {
      throw new IllegalStateException("checks are asked");
    }

    @Override
    public Optional<String> unstartable(String program, Path directory) {
      throw new IllegalStateException("checks are asked");
    }
  }

  private void says(String name, String... words) {
    answers.put(name, new ArrayDeque<>(List.of(words)));
  }

  private Optional<Failure> within(Duration deadline, String... names) throws Exception {
    var checks =
        List.of(names).stream()
            .map(it ->
                new OwnCheck(it, new OwnCheck.Program(List.of("./x")), Duration.ofSeconds(10)))
            .toList();
    return new AwaitedChecks(new Scripted(), interrupt, time, told::add)
        .within(new Repair.AwaitChecks(checks, OCCASION, deadline, "see why"));
  }

  @Test
  void whatPassesIsAskedOnceAndThatItIsWaitedForIsSaid() throws Exception {
    says("shop", "");
    says("backup", "");
    assertThat(within(Duration.ofMinutes(30), "shop", "backup")).isEmpty();
    assertThat(asked).containsExactly("shop", "backup");
    assertThat(time.pauses()).isEmpty();
    assertThat(told)
        .singleElement()
        .asString()
        .matches(
            "waiting for its checks to pass: 'shop', 'backup' \\(since [0-9:]+, 1800 s at most\\)");
  }

  @Test
  void whatIsMissingIsToldWhenItChangesAndAllAreAskedAnew() throws Exception {
    says("shop", "", "", "", "status 503", "");
    says("backup", "still at it", "still at it", "nearly", "");
    assertThat(within(Duration.ofMinutes(30), "shop", "backup")).isEmpty();
    assertThat(asked).hasSize(10);
    assertThat(told.stream().skip(1).map(it -> it.replaceFirst(".*at most\\): ", "")))
        .containsExactly(
            "the check 'backup' does not pass: still at it",
            "the check 'backup' does not pass: nearly",
            "the check 'shop' does not pass: status 503");
  }

  @Test
  void whatNeverPassesIsAFailedSafetyCheckByItsName() throws Exception {
    says("shop", "");
    says("backup", "still at it");
    var failure = within(Duration.ofMinutes(30), "shop", "backup").orElseThrow();
    assertThat(failure.kind()).isEqualTo(Failure.Kind.UNSAFE);
    assertThat(failure.what())
        .isEqualTo("the check 'backup' does not pass: still at it, after 1800 s");
    assertThat(failure.remedy()).isEqualTo("see why");
    assertThat(time.nanos()).isEqualTo(Duration.ofMinutes(30).toNanos());
  }

  /** What is asked right before a reboot would make old what was asked before it. */
  @Test
  void noneIsAskedForLongerThanIsLeft() throws Exception {
    says("shop", "no");
    says("backup", "no");
    says("third", "no");
    takes = Duration.ofSeconds(9);
    assertThat(within(Duration.ofSeconds(15), "shop", "backup", "third")).isPresent();
    assertThat(asked).containsExactly("shop", "backup", "third");
    assertThat(most)
        .containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(6), Duration.ofSeconds(1));
  }

  @Test
  void anEndThatIsAskedForEndsTheWait() {
    says("shop", "no");
    interrupt.request();
    assertThatThrownBy(() -> within(Duration.ofMinutes(30), "shop"))
        .isInstanceOf(InterruptedException.class);
    assertThat(asked).isEmpty();
  }
}

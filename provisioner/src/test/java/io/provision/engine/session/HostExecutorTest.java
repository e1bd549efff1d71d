package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.engine.event.Failure;
import io.provision.kube.ClusterException;
import io.provision.model.HostName;
import io.provision.model.rotation.Fact;
import io.provision.model.window.Days;
import io.provision.model.window.Length;
import io.provision.model.window.Window;
import io.provision.model.window.Windows;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.resource.FileTransfer;
import io.provision.step.ClusterAccess;
import io.provision.step.Repair;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What comes before anything is done on the host itself. */
class HostExecutorTest {
  private static final Window SATURDAYS =
      new Window(
          "Sat 02:00-05:00 Asia/Seoul",
          new Days.OfWeek(Set.of(DayOfWeek.SATURDAY)),
          List.of(LocalTime.of(2, 0)),
          new Length.Until(LocalTime.of(5, 0)),
          ZoneId.of("Asia/Seoul"));

  private final List<Fact> learnt = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final Interrupt interrupt = new Interrupt();
  private Instant now = Instant.parse("2026-12-04T17:30:00Z"); // 02:30 in Seoul

  private static final ClusterAccess ACCESS =
      new ClusterAccess(
          List.of("https://cp1:6443"),
          new Handoff.Kept(new HostName("cp1"), Call.of(FileTransfer.READ, "/k")),
          Optional.empty());

  @SuppressWarnings("NullAway") // nothing is done there
  private HostExecutor executor() {
    return new HostExecutor(
        null,
        null,
        _ -> {
          throw new ClusterException("the claim was to be given up", "look", null);
        },
        null,
        null,
        interrupt,
        "us",
        learnt::add,
        () -> now);
  }

  @Test
  void whereTheWindowHasClosedWhatIsGuardedIsGivenBackAndTheNextOneIsNamed() throws Exception {
    var window = new Repair.InWindow(new Windows(List.of(SATURDAYS)));
    var guarded =
        new Repair.Guarded(
            List.of(window, new Repair.Tell(new Fact.OutOfUse())),
            List.of(new Repair.Tell(new Fact.InUse())));
    var done = executor().repair(guarded, List.of(), said::add);
    assertThat(done).isInstanceOf(TargetExecutor.Result.Seen.class);
    assertThat(learnt).containsExactly(new Fact.OutOfUse());
    learnt.clear();
    now = Instant.parse("2026-12-04T20:00:00Z");
    assertThat(executor().repair(guarded, List.of(), said::add))
        .isInstanceOfSatisfying(
            TargetExecutor.Result.Broke.class,
            it -> {
              assertThat(it.failure().kind()).isEqualTo(Failure.Kind.UNSAFE);
              assertThat(it.failure().what())
                  .isEqualTo(
                      "the window has closed meanwhile: no window is open before Sat 2026-12-12"
                          + " 02:00 Asia/Seoul");
              assertThat(it.failure().remedy()).contains("given back", "next window");
            });
    assertThat(learnt).containsExactly(new Fact.InUse());
  }

  @Test
  void whereAnEndWasAskedForNoPowerIsCutAndTheNodeIsGivenUp() {
    Repair.PowerOutage outage =
        (_, _, _) -> {
          throw new IllegalStateException("it was cut");
        };
    var cut =
        new Repair.PowerCut(
            outage,
            Optional.of(ACCESS),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            List.of(new Repair.OnApi(ACCESS, List.of())));
    interrupt.request();

    assertThat(
            catchThrowableOfType(
                InterruptedException.class, () -> executor().repair(cut, List.of(), said::add)))
        .isNotNull();

    assertThat(said).containsExactly("note: the claim was to be given up");
  }
}

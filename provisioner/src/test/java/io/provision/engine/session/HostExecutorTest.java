package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.kube.ClusterException;
import io.provision.model.HostName;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.resource.FileTransfer;
import io.provision.step.ClusterAccess;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What comes before anything is done on the host itself. */
class HostExecutorTest {
  private final List<String> said = new ArrayList<>();
  private final Interrupt interrupt = new Interrupt();

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
        _ -> {});
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
            ACCESS,
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

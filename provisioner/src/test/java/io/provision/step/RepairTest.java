package io.provision.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Repairs that become one, and what must be looked at again after one. */
class RepairTest {
  private static final ShellFunction IDLE = new ShellFunction("idle", "true");
  private static final Repair HOST = new Repair.OnHost(Script.of(IDLE));
  private static final Repair BRINGING = new Repair.OnHost(List.of(Script.of(IDLE)), true);
  private static final Repair REBOOT = new Repair.Reboot(Duration.ofMinutes(1));
  private static final Repair CLUSTER = new Repair.OnCluster(List.of());
  private static final Repair DESK = new Repair.OnDesk(List.of());
  private static final Repair API =
      new Repair.OnApi(
          new ClusterAccess(
              List.of(),
              new Handoff.Kept(new io.provision.model.HostName("cp"), Call.of(IDLE)),
              Optional.empty()),
          List.of());

  @Test
  void allIsAskedAgainAfterWhatCanBringFilesWhereverThatIsInIt() {
    assertThat(List.of(BRINGING, REBOOT, new Repair.InOrder(HOST, BRINGING)))
        .allMatch(Repair::canBringFiles);
    assertThat(List.of(HOST, CLUSTER, DESK, API, new Repair.InOrder(HOST, API)))
        .noneMatch(Repair::canBringFiles);
  }

  @Test
  void whatIsDoneOnAHostBecomesOneListInItsOrder() {
    assertThat(Repair.together(List.of(API, HOST, REBOOT)))
        .isEqualTo(new Repair.InOrder(API, HOST, REBOOT));
    assertThat(Repair.together(List.of(new Repair.InOrder(API, HOST), REBOOT)).leaves())
        .containsExactly(API, HOST, REBOOT);
    assertThat(HOST.leaves()).containsExactly(HOST);
  }

  @Test
  void whereOneOfTwoBringsFilesBothDo() {
    assertThat(Repair.together(List.of(BRINGING, HOST)).canBringFiles()).isTrue();
    assertThat(Repair.together(List.of(HOST, BRINGING)).canBringFiles()).isTrue();
    assertThat(Repair.together(List.of(HOST, HOST)).canBringFiles()).isFalse();
  }

  @Test
  void repairsOfTwoTargetsAreNeverOne() {
    for (var host : List.of(HOST, API, REBOOT, new Repair.InOrder(HOST))) {
      for (var other : List.of(CLUSTER, DESK)) {
        assertThatThrownBy(() -> Repair.together(List.of(host, other)))
            .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Repair.together(List.of(other, host)))
            .isInstanceOf(IllegalStateException.class);
      }
    }
    assertThatThrownBy(() -> Repair.together(List.of(CLUSTER, DESK)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void nothingIsNoRepair() {
    assertThatThrownBy(() -> Repair.together(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Repair.InOrder(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

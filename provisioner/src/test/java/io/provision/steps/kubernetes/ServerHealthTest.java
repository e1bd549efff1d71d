package io.provision.steps.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Version;
import io.provision.remote.Call;
import io.provision.remote.ShellFunction;
import io.provision.step.Check;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerHealthTest {
  private static final NodeState HEALTHY = Cases.state(true, true);

  /** Set up as a server by us; {@code holds} whether its datastore is there. */
  private static NodeState setUp(boolean holds) {
    return new NodeState("amd64", Optional.of(Version.parse("v1.36.4+k3s1")), holds, false, true);
  }

  @Test
  void noServerIsStoppedWhileAnotherOneIsNotHealthyWhateverItLacks() {
    var one = Cases.server(1);
    var two = Cases.server(2);
    var target = Cases.on(one, Cases.inventory(one, two));
    for (var deaf : java.util.List.of(setUp(true), setUp(false))) {
      var known = new Cases.Settled().has(one, Nodes.STATE, HEALTHY).has(two, Nodes.STATE, deaf);
      assertThat(ServerHealth.unhealthy(target, known)).as(deaf.toString()).containsExactly("cp2");
      assertThat(ServerHealth.unhealthy(target, known.has(two, Nodes.SERVER_UP, true)))
          .as("mended in this run")
          .isEmpty();
    }
    var unseen = new Cases.Settled().has(one, Nodes.STATE, HEALTHY).never(two, Nodes.STATE);
    assertThat(ServerHealth.unhealthy(target, unseen)).containsExactly("cp2");
    var failed =
        new Cases.Settled()
            .has(one, Nodes.STATE, HEALTHY)
            .has(two, Nodes.STATE, HEALTHY)
            .never(two, Nodes.SERVER_UP);
    assertThat(ServerHealth.unhealthy(target, failed)).as("in this run").containsExactly("cp2");
  }

  @Test
  void aServerThatIsOnlyToJoinStopsNobody() {
    var one = Cases.server(1);
    var two = Cases.server(2);
    var known =
        new Cases.Settled()
            .has(one, Nodes.STATE, HEALTHY)
            .has(two, Nodes.STATE, Cases.state(false, false));
    assertThat(ServerHealth.unhealthy(Cases.on(one, Cases.inventory(one, two)), known)).isEmpty();
  }

  private static final Call CALL = Call.of(new ShellFunction("until", ":"));

  private static final Check.NotYet WAITING =
      new Check.NotYet("it to be ready", Duration.ofMinutes(5), CALL, CALL);

  @Test
  void aServerIsNotWaitedForLongWhileAMajorityCannotBeReached() {
    var known =
        new Cases.Settled()
            .has(Cases.server(3), Nodes.STATE, HEALTHY)
            .never(Cases.server(1), Nodes.STATE);
    assertThat(ServerHealth.waiting(WAITING, known))
        .isEqualTo(
            new Check.NotYet(
                "it to be ready without cp1 (not reached; etcd needs a majority of its members)",
                Duration.ofMinutes(1),
                CALL,
                CALL));
  }

  /** A start can take minutes on a small machine, and the others are enough. */
  @Test
  void aServerHasItsTimeWhileAMajorityCanBeReached() {
    var two =
        new Cases.Settled()
            .has(Cases.server(2), Nodes.STATE, HEALTHY)
            .has(Cases.server(3), Nodes.STATE, HEALTHY)
            .never(Cases.server(1), Nodes.STATE);
    assertThat(ServerHealth.waiting(WAITING, two)).isEqualTo(WAITING);
    var alone = new Cases.Settled().has(Cases.server(1), Nodes.STATE, HEALTHY);
    assertThat(ServerHealth.waiting(WAITING, alone)).isEqualTo(WAITING);
    var first = new Cases.Settled().has(Cases.server(1), Nodes.STATE, Cases.state(false, false));
    assertThat(ServerHealth.waiting(WAITING, first)).as("it begins").isEqualTo(WAITING);
  }
}

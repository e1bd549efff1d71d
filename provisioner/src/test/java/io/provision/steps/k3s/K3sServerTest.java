package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Version;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class K3sServerTest {
  private static final NodeState HEALTHY = Cases.state(true, true, Cases.DIGEST);

  /** Set up as a server by us; {@code holds} whether its datastore is there. */
  private static NodeState setUp(boolean holds) {
    return new NodeState(
        "amd64",
        Optional.of(Version.parse("v1.36.4+k3s1")),
        holds,
        false,
        Optional.of(Cases.DIGEST),
        Optional.of(Cases.DIGEST));
  }

  @Test
  void noServerIsStoppedWhileAnotherOneIsNotHealthyWhateverItLacks() {
    var one = Cases.server(1);
    var two = Cases.server(2);
    var target = Cases.on(one, Cases.inventory(one, two));
    for (var deaf : java.util.List.of(setUp(true), setUp(false))) {
      var known = new Cases.Settled().has(one, K3s.STATE, HEALTHY).has(two, K3s.STATE, deaf);
      assertThat(K3sServer.unhealthyServers(target, known))
          .as(deaf.toString())
          .containsExactly("cp2");
      assertThat(K3sServer.unhealthyServers(target, known.has(two, K3s.SERVER_UP, true)))
          .as("mended in this run")
          .isEmpty();
    }
    var unseen = new Cases.Settled().has(one, K3s.STATE, HEALTHY).never(two, K3s.STATE);
    assertThat(K3sServer.unhealthyServers(target, unseen)).containsExactly("cp2");
  }

  @Test
  void aServerThatIsOnlyToJoinStopsNobody() {
    var one = Cases.server(1);
    var two = Cases.server(2);
    var known =
        new Cases.Settled()
            .has(one, K3s.STATE, HEALTHY)
            .has(two, K3s.STATE, Cases.state(false, false));
    assertThat(K3sServer.unhealthyServers(Cases.on(one, Cases.inventory(one, two)), known))
        .isEmpty();
  }
}

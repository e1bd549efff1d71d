package io.provision.steps.gluster.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.steps.gluster.answers.Pool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Pool and processes: what is awaited, what is done, and what a person must decide. */
final class GlusterPoolTest {
  private static final HostName N1 = new HostName("n1");
  private static final HostName N2 = new HostName("n2");
  private static final HostName N3 = new HostName("n3");

  @Test
  void theFirstHostProbesAndTheOthersWait() {
    var view = view(Map.of(N1, pool(1), N2, pool(2), N3, pool(3)));
    assertThat(((Check.Drift) GlusterPool.check(N1, pool(1), view)).changes())
        .extracting(Change::subject)
        .containsExactly("gluster peer n2", "gluster peer n3");
    assertThat(GlusterPool.check(N2, pool(2), view)).isInstanceOf(Check.NotYet.class);
  }

  @Test
  void probesGoOutFromInsideThePool() {
    var view = view(Map.of(N1, pool(1), N2, pool(2, peer(3, 3)), N3, pool(3, peer(2, 3))));
    assertThat(GlusterPool.check(N1, pool(1), view)).isInstanceOf(Check.NotYet.class);
    assertThat(((Check.Drift) GlusterPool.check(N2, pool(2, peer(3, 3)), view)).changes())
        .extracting(Change::subject)
        .containsExactly("gluster peer n1");
  }

  @Test
  void aPoolIsWholeWhereEverybodySeesEverybodyAsAFullMember() {
    var whole = pool(1, peer(2, 3), peer(3, 3));
    var view = view(Map.of(N1, whole, N2, pool(2, peer(1, 3), peer(3, 3)), N3, pool(3)));
    assertThat(GlusterPool.check(N1, whole, view)).isInstanceOf(Check.InSync.class);
    var half = pool(1, peer(2, 3), peer(3, 4));
    assertThat(GlusterPool.check(N1, half, view))
        .isInstanceOfSatisfying(
            Check.NotYet.class, it -> assertThat(it.awaited()).isEqualTo("gluster peers n3"));
  }

  @Test
  void aHostOfAnotherPoolIsRefused() {
    var view =
        view(Map.of(N1, pool(1, peer(2, 3)), N2, pool(2, peer(1, 3)), N3, pool(3, peer(9, 3))));
    assertThat(((Check.Refused) GlusterPool.check(N3, pool(3, peer(9, 3)), view)).what())
        .contains("in another pool than n1");
  }

  private static PoolView view(Map<HostName, Pool> pools) {
    var nodes = new LinkedHashMap<HostName, GlusterNode>();
    for (var name : List.of(N1, N2, N3)) {
      Optional.ofNullable(pools.get(name))
          .ifPresent(pool ->
              nodes.put(name, new GlusterNode("u" + name.value().substring(1), pool, List.of())));
    }
    return new PoolView(nodes);
  }

  private static Pool pool(int self, Pool.Peer... others) {
    var peers =
        new ArrayList<>(
            List.of(new Pool.Peer("u" + self, List.of("localhost"), true, Optional.empty(), "")));
    peers.addAll(List.of(others));
    return new Pool(peers);
  }

  private static Pool.Peer peer(int number, int state) {
    return new Pool.Peer(
        "u" + number, List.of("n" + number), true, Optional.of(state), "state " + state);
  }
}

package io.provision.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.ObjectStates;
import io.provision.model.Inventory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a status asks of the cluster reaches the screen, also that nothing was heard. */
final class ClusterLookTest {
  private record Heard(ObjectStates nodes, ObjectStates pods) {}

  private static final ClusterQuestion.States NODES = states("Node");
  private static final ClusterQuestion.States PODS = states("Pod");
  private static final Output<Heard> HEARD = new Output<>("heard", Heard.class);
  private static final ClusterLook<Heard> LOOK =
      new ClusterLook<>(
          HEARD, List.of(NODES, PODS), seen -> new Heard(seen.of(NODES), seen.of(PODS)));
  private static final Target.OnCluster TARGET =
      new Target.OnCluster(
          new Inventory(
              Optional.empty(),
              List.of(),
              Map.of(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Path.of("/inv/home.yml")));

  private static ClusterQuestion.States states(String kind) {
    return new ClusterQuestion.States("v1", kind, 10, Duration.ofSeconds(1));
  }

  @Test
  void allThatItAsksForAndHeardOrDidNotHearIsWhatItProvides() {
    var nodes = new ObjectStates.Seen(List.of(), true);
    var pods = new ObjectStates.Unheard("no route to host");
    assertThat(LOOK.probes(TARGET).cluster()).containsExactlyInAnyOrder(NODES, PODS);
    assertThat(LOOK.provides(TARGET)).containsExactly(HEARD);
    var seen = new Observations.Builder().put(NODES, nodes).put(PODS, pods).build();
    assertThat(LOOK.check(TARGET, seen, Known.NOTHING))
        .isEqualTo(new Check.InSync(Observed.of(HEARD, new Heard(nodes, pods))));
  }

  @Test
  void itChangesNothing() {
    assertThat(LOOK.mayDo()).isEmpty();
    assertThat(LOOK.mayRemove()).isEmpty();
  }
}

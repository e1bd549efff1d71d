package io.provision.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What stands on a Node while its power is cut by us, and what of it goes with its release. */
final class PowerCutNoteTest {
  private static final ObjectRef W1 = ObjectRef.of("v1", "Node", "w1");

  private final FakeNodes nodes = new FakeNodes().node("w1");

  private void run(ClusterAction action) throws ClusterException, InterruptedException {
    new ClusterActions(nodes, new PassedTime(), _ -> {}).run(action);
  }

  private String node() {
    return nodes.node(W1).toString();
  }

  @Test
  void theNoteStandsBesideTheClaimAndGoesWithIt() throws Exception {
    run(new ClusterAction.Claim("w1", "rotation"));
    run(new ClusterAction.NotePowerCut("w1"));
    assertThat(node()).contains("provision.io/power-cut=drill", "provision.io/cordoned=rotation");
    run(new ClusterAction.Release("w1", "rotation"));
    assertThat(node())
        .doesNotContain("provision.io/power-cut", "provision.io/cordoned", "unschedulable");
  }

  /** The node of a drill that was killed, drained by the next run. */
  @Test
  void whoeverClaimsItAnewHasNoNoteOfBefore() throws Exception {
    run(new ClusterAction.NotePowerCut("w1"));
    run(new ClusterAction.Drain("w1", "rotation", Duration.ofMinutes(1)));
    assertThat(node())
        .contains("provision.io/cordoned=rotation")
        .doesNotContain("provision.io/power-cut");
  }

  /** Somebody has cordoned it after its return: the note goes, and the cordon stays. */
  @Test
  void ofOneThatIsInUseAgainTheNoteGoesAndACordonOfOthersStays() throws Exception {
    run(new ClusterAction.Claim("w1", "rotation"));
    run(new ClusterAction.NotePowerCut("w1"));
    run(new ClusterAction.Uncordon("w1", "rotation"));
    nodes.cordon("w1", true);
    run(new ClusterAction.Release("w1", "rotation"));
    assertThat(node())
        .contains("unschedulable=true")
        .doesNotContain("provision.io/power-cut", "provision.io/cordoned");
  }
}

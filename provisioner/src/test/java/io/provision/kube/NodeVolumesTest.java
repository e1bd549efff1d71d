package io.provision.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Volumes that are attached to a node which is to go; the time limit only ends a hanging test. */
@Timeout(60)
class NodeVolumesTest {
  private static final Duration LONG = Duration.ofMinutes(7);

  private final FakeNodes nodes = new FakeNodes().node("w1").node("w2");
  private final List<String> told = new ArrayList<>();
  private final PassedTime time = new PassedTime();
  private final ClusterActions actions = new ClusterActions(nodes, time, told::add);

  private void await(Duration timeout) throws Exception {
    actions.run(new ClusterAction.AwaitDetached("w1", timeout));
  }

  @Test
  void whereNothingIsAttachedItCostsOneRequest() throws Exception {
    nodes.attached("pv-9", "w2", 100).pod("agent", "w1", FakeNodes.owner("DaemonSet"), 1);
    await(LONG);
    assertThat(nodes.requests()).containsExactly("attachments of all");
    assertThat(told).isEmpty();
    assertThat(time.pauses()).isEmpty();
  }

  @Test
  void whatIsAttachedIsWaitedForAndSaidOnce() throws Exception {
    nodes.attached("pv-1", "w1", 3);
    await(LONG);
    assertThat(told)
        .containsExactly(
            "waiting for volumes to be detached from w1 (420 s at most): pv-1 (csi.example.com)");
    assertThat(time.pauses()).hasSize(3).allMatch(Duration.ofSeconds(3)::equals);
  }

  @Test
  void whatStaysIsNamedWithWhatToLookAt() {
    for (var i = 1; i <= 6; i++) {
      nodes.attached("pv-" + i, "w1", 100);
    }
    assertThatThrownBy(() -> await(Duration.ZERO))
        .isInstanceOfSatisfying(
            ClusterException.class,
            e -> {
              assertThat(e.what())
                  .startsWith("volumes are still attached to w1 after 0 s: pv-1 (csi.example.com)")
                  .endsWith("pv-5 (csi.example.com) and 1 more");
              assertThat(e.remedy()).contains("kubectl get volumeattachments");
            });
  }

  /** They would keep the node for ever. */
  @Test
  void volumesOfPodsThatStayAreNotWaitedForAndTold() throws Exception {
    nodes
        .pod("agent", "w1", FakeNodes.owner("DaemonSet"), 1)
        .uses("agent", "files", "pv-1")
        .pod("cache", "w1", FakeNodes.owner("DaemonSet"), 1)
        .ephemeral("cache", "pv-2")
        .attached("pv-1", "w1", 100)
        .attached("pv-2", "w1", 100)
        .attached("pv-3", "w1", 2);
    await(LONG);
    assertThat(told)
        .containsExactly(
            "waiting for volumes to be detached from w1 (420 s at most): pv-3 (csi.example.com)",
            "note: pods that no drain ends use volumes on w1, which are detached when it is gone:"
                + " pv-1 (csi.example.com), pv-2 (csi.example.com)");
  }

  /** The kubelet has not unmounted its volumes yet. */
  @Test
  void volumesOfPodsThatGoAreWaitedFor() throws Exception {
    nodes.pod("web", "w1", FakeNodes.owner("StatefulSet"), 100).uses("web", "files", "pv-1");
    nodes.evict(new ObjectRef("v1", "Pod", java.util.Optional.of("shop"), "web"));
    nodes.attached("pv-1", "w1", 2);
    await(LONG);
    assertThat(time.pauses()).hasSize(2);
  }

  @Test
  void anApiThatIsSilentIsWaitedForToo() throws Exception {
    nodes.silent("attachments", 2);
    await(LONG);
    assertThat(told).singleElement().asString().endsWith("the API does not answer");
    nodes.silent("attachments", 100);
    assertThatThrownBy(() -> await(Duration.ZERO)).hasMessageContaining("does not answer");
  }

  @Test
  void ofADeadNodeTheyAreToldAndThatTheyGoLate() throws Exception {
    nodes.attached("pv-1", "w1", 100).attached("pv-2", "w2", 100);
    actions.run(new ClusterAction.TellAttached("w1"));
    assertThat(told)
        .singleElement()
        .asString()
        .startsWith("note: volumes are still attached to w1")
        .contains("six minutes", "pv-1 (csi.example.com)")
        .doesNotContain("pv-2");
    assertThat(nodes.requests()).containsExactly("attachments of all");
    told.clear();
    actions.run(new ClusterAction.TellAttached("w3"));
    assertThat(told).isEmpty();
    nodes.silent("attachments", 1);
    actions.run(new ClusterAction.TellAttached("w1"));
    assertThat(told).singleElement().asString().startsWith("note: nobody could say");
  }
}

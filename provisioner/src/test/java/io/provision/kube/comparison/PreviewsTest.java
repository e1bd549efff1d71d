package io.provision.kube.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterException;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.DeclaredObject;
import io.provision.kube.FakeApi;
import io.provision.kube.FakeCluster;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.kube.Preview;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the API says an apply would do, of an object that others change meanwhile. */
class PreviewsTest {
  private static final ObjectRef REF = ObjectRef.of("v1", "Namespace", "a");
  private static final Manifest MANIFEST =
      Manifest.of(
          Map.of(
              "apiVersion",
              "v1",
              "kind",
              "Namespace",
              "metadata",
              Map.of("name", "a"),
              "spec",
              Map.of("roleRef", Map.of("ours", "1"))));
  private static final ClusterQuestion.Declared QUESTION = new ClusterQuestion.Declared(MANIFEST);

  private final FakeCluster cluster = new FakeCluster();
  private final FakeApi api = new FakeApi(cluster);

  /** As a controller does that has only just come up: between the look and its preview. */
  private ClusterApi.View changedOnce(int times) {
    var view = api.view();
    return new ClusterApi.View() {
      private int left = times;

      @Override
      public Map<ClusterQuestion<?>, Object> look(Collection<ClusterQuestion<?>> questions)
          throws ClusterException, InterruptedException {
        return view.look(questions);
      }

      @Override
      public Map<Manifest, Preview> preview(Collection<Manifest> manifests)
          throws ClusterException, InterruptedException {
        if (left-- > 0) {
          cluster.update(REF, "controller", "v" + left, "f:authority");
        }
        return view.preview(manifests);
      }
    };
  }

  private Comparison compared(ClusterApi.View view) throws Exception {
    cluster.apply(MANIFEST, Manifest.MANAGER, false);
    var seen = Previews.added(view, view.look(List.of(QUESTION)));
    var object = (DeclaredObject) seen.get(QUESTION);
    assertThat(object.preview()).as("it was asked for").isInstanceOf(Preview.Would.class);
    return Comparison.of(MANIFEST, object.live().orElseThrow(), object.preview());
  }

  @Test
  void whatSomebodyChangedBetweenALookAndItsPreviewIsNoDifferenceOfOurs() throws Exception {
    assertThat(compared(changedOnce(1)).isInSync()).isTrue();
    assertThat(compared(changedOnce(2)).isInSync()).isTrue();
  }

  @Test
  void anObjectThatNeverRestsEndsTheAsking() throws Exception {
    assertThat(compared(changedOnce(100)).isInSync()).isFalse();
    assertThat(api.previewed()).hasSize(3);
  }

  @Test
  void whatRestsIsAskedOnce() throws Exception {
    assertThat(compared(changedOnce(0)).isInSync()).isTrue();
    assertThat(api.previewed()).hasSize(1);
    assertThat(api.looks()).isEqualTo(1);
  }

  /** A difference that is ours: the object is as it was, so that there is nothing to ask again. */
  @Test
  void whatDiffersAndRestsIsPreviewedOnce() throws Exception {
    cluster.apply(MANIFEST, Manifest.MANAGER, false);
    cluster.update(REF, "kubectl-edit", Map.of("ours", "2"), "f:spec", "f:roleRef");
    var view = api.view();
    var seen = Previews.added(view, view.look(List.of(QUESTION)));
    var object = (DeclaredObject) seen.get(QUESTION);
    assertThat(Comparison.of(MANIFEST, object.live().orElseThrow(), object.preview()).isInSync())
        .isFalse();
    assertThat(api.previewed()).hasSize(1);
    assertThat(api.looks()).isEqualTo(2);
  }
}

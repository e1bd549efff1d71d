package io.provision.kube.comparison;

import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterException;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.DeclaredObject;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.Preview;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Second thoughts on a look: where an object may differ, the API says what an apply would do. */
public final class Previews {
  private Previews() {}

  /** An object that somebody changes in every look is never seen at rest. */
  private static final int MOST_ROUNDS = 3;

  /**
   * The answers of a look, with previews where they are needed; nothing is sent where none is. What
   * somebody changed between the look and its preview would pass for a difference of ours: where
   * they differ the object is looked at again, and where it has moved, previewed again.
   *
   * @param answers as {@link ClusterApi.View#look} gave them
   */
  public static Map<ClusterQuestion<?>, Object> added(
      ClusterApi.View view, Map<ClusterQuestion<?>, Object> answers)
      throws ClusterException, InterruptedException {
    var all = new LinkedHashMap<>(answers);
    var doubtful = doubtful(answers);
    for (var round = 1; !doubtful.isEmpty(); round++) {
      var differing = new LinkedHashMap<ClusterQuestion<?>, LiveObject>();
      var previews = view.preview(List.copyOf(doubtful.keySet()));
      for (var each : previews.entrySet()) {
        var question = doubtful.get(each.getKey());
        if (question != null && all.get(question) instanceof DeclaredObject(var live, _)) {
          all.put(question, new DeclaredObject(live, each.getValue()));
          live.filter(it -> differs(it, each.getValue()))
              .ifPresent(it -> differing.put(question, it));
        }
      }
      doubtful =
          differing.isEmpty() || round == MOST_ROUNDS
              ? Map.of()
              : doubtful(moved(view, all, differing));
    }
    return all;
  }

  private static boolean differs(LiveObject live, Preview preview) {
    return preview instanceof Preview.Would(var after) && !after.content().equals(live.content());
  }

  /** Those of these that are not as they were a moment ago, as they are now. */
  private static Map<ClusterQuestion<?>, Object> moved(
      ClusterApi.View view,
      Map<ClusterQuestion<?>, Object> all,
      Map<ClusterQuestion<?>, LiveObject> before)
      throws ClusterException, InterruptedException {
    var moved = new LinkedHashMap<ClusterQuestion<?>, Object>();
    view.look(List.copyOf(before.keySet()))
        .forEach((question, answer) -> {
          var was = before.get(question);
          if (was != null
              && answer instanceof DeclaredObject(var now, _)
              && now.filter(it -> it.content().equals(was.content())).isEmpty()) {
            all.put(question, answer);
            moved.put(question, answer);
          }
        });
    return moved;
  }

  private static Map<Manifest, ClusterQuestion<?>> doubtful(
      Map<ClusterQuestion<?>, Object> answers) {
    var doubtful = new LinkedHashMap<Manifest, ClusterQuestion<?>>();
    answers.forEach((question, answer) -> {
      if (question instanceof ClusterQuestion.Declared(var manifest)
          && answer instanceof DeclaredObject(var live, _)
          && live.isPresent()
          && Comparison.mayDiffer(manifest, live.get())) {
        doubtful.put(manifest, question);
      }
    });
    return doubtful;
  }
}

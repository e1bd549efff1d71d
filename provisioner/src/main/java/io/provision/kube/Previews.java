package io.provision.kube;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Second thoughts on a look: where an object may differ, the API says what an apply would do. */
public final class Previews {
  private Previews() {}

  /**
   * The answers of a look, with previews where they are needed; nothing is sent where none is.
   *
   * @param answers as {@link ClusterApi.View#look} gave them
   */
  public static Map<ClusterQuestion<?>, Object> added(
      ClusterApi.View view, Map<ClusterQuestion<?>, Object> answers)
      throws ClusterException, InterruptedException {
    var doubtful = new LinkedHashMap<Manifest, ClusterQuestion<?>>();
    answers.forEach((question, answer) -> {
      if (question instanceof ClusterQuestion.Declared(var manifest)
          && answer instanceof DeclaredObject(var live, _)
          && live.isPresent()
          && Comparison.mayDiffer(manifest, live.get())) {
        doubtful.put(manifest, question);
      }
    });
    if (doubtful.isEmpty()) {
      return answers;
    }
    var all = new LinkedHashMap<>(answers);
    view.preview(List.copyOf(doubtful.keySet()))
        .forEach((manifest, preview) -> {
          var question = doubtful.get(manifest);
          if (question != null && answers.get(question) instanceof DeclaredObject(var live, _)) {
            all.put(question, new DeclaredObject(live, preview));
          }
        });
    return all;
  }
}

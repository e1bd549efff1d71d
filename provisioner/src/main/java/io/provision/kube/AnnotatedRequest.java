package io.provision.kube;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Carries a {@link ClusterAction.Request} out. One that was made by a killed run is gone on with.
 */
record AnnotatedRequest(ClusterApi.Work work, Time time, ClusterAction.Request request) {
  void run(Consumer<String> progress) throws ClusterException, InterruptedException {
    var annotations = annotations();
    if (annotations.isEmpty() || annotations.get().containsKey(request.tells())) {
      return;
    }
    if (!annotations.get().containsKey(request.asks())) {
      work.merge(
          request.ref(), Map.of("metadata", Map.of("annotations", Map.of(request.asks(), "true"))));
    }
    progress.accept("waiting for " + request.what());
    await();
  }

  private void await() throws ClusterException, InterruptedException {
    var patience = time.patience(request.timeout());
    while (true) {
      var why = "nobody says that it is done";
      var refused = false;
      try {
        var now = annotations();
        if (now.isEmpty() || now.get().containsKey(request.tells())) {
          return;
        }
        refused = !now.get().containsKey(request.asks());
      } catch (ClusterException e) {
        why = e.what(); // it may be the API itself that comes back
      }
      if (refused) {
        throw new ClusterException(request.what() + " was refused", request.remedy(), null);
      }
      if (patience.isOver()) {
        throw new ClusterException(
            "timed out after %d s waiting for %s (%s)"
                .formatted(request.timeout().toSeconds(), request.what(), why),
            request.remedy(),
            null);
      }
      time.pause(Time.BETWEEN_LOOKS);
    }
  }

  /** Empty where there is no such object. */
  private Optional<Map<String, Object>> annotations() throws ClusterException {
    return work.read(request.ref())
        .map(raw -> RawObject.map(RawObject.map(raw.get("metadata")).get("annotations")));
  }
}

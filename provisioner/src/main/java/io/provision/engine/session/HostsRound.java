package io.provision.engine.session;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.remote.RemoteException;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What several hosts answered, asked all at once.
 *
 * @param never why the others did not
 */
record HostsRound(Map<HostName, Observations> seen, Map<HostName, String> never) {

  static HostsRound of(HostAsking asking, Map<Host, Probes> asked) throws InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        var answers = new LinkedHashMap<HostName, Future<Observations>>();
        asked.forEach((host, probes) ->
            answers.put(host.name(), threads.submit(() -> asking.ask(host, probes))));
        return gathered(answers);
      } catch (InterruptedException e) {
        threads.shutdownNow();
        throw e;
      }
    }
  }

  private static HostsRound gathered(Map<HostName, Future<Observations>> answers)
      throws InterruptedException {
    var seen = new LinkedHashMap<HostName, Observations>();
    var never = new LinkedHashMap<HostName, String>();
    for (var answer : answers.entrySet()) {
      try {
        seen.put(answer.getKey(), answer.getValue().get());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RemoteException gone)) {
          throw new IllegalStateException("asking " + answer.getKey(), e.getCause());
        }
        never.put(answer.getKey(), gone.what());
      }
    }
    return new HostsRound(seen, never);
  }
}

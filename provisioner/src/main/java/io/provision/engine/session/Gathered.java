package io.provision.engine.session;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.remote.RemoteException;
import java.util.Collection;
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
record Gathered<A>(Map<HostName, A> answers, Map<HostName, String> never) {

  /** What asks one of them. */
  @FunctionalInterface
  interface Asking<A> {
    A ask(Host host) throws RemoteException, InterruptedException;
  }

  /** Asks all, each on a thread of its own. */
  static <A> Gathered<A> of(Collection<Host> hosts, Asking<A> asking) throws InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        var answers = new LinkedHashMap<HostName, Future<A>>();
        hosts.forEach(host -> answers.put(host.name(), threads.submit(() -> asking.ask(host))));
        return gathered(answers);
      } catch (InterruptedException e) {
        threads.shutdownNow();
        throw e;
      }
    }
  }

  private static <A> Gathered<A> gathered(Map<HostName, Future<A>> asked)
      throws InterruptedException {
    var answers = new LinkedHashMap<HostName, A>();
    var never = new LinkedHashMap<HostName, String>();
    for (var each : asked.entrySet()) {
      try {
        answers.put(each.getKey(), each.getValue().get());
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case RemoteException gone -> never.put(each.getKey(), gone.what());
          case InterruptedException ended -> throw ended;
          case null, default -> throw new IllegalStateException("asking " + each.getKey(), e);
        }
      }
    }
    return new Gathered<>(answers, never);
  }
}

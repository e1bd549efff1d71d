package io.provision.engine.session;

import io.provision.engine.event.Failure;
import io.provision.model.Host;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Has other hosts keep something in mind, all at once; who cannot is named. It is not left half
 * done where an end is asked for, since each is waited for as long as for any login aside.
 *
 * @param owner of this run's locks
 */
public record ToldHosts(Telling telling, String owner, Consumer<String> progress) {
  private static final String NOTE = "note: ";
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** What tells a host something, whoever works on it. */
  @FunctionalInterface
  public interface Telling {
    /** Why it could not. */
    Optional<Failure> tell(Host host, Script script) throws RemoteException, InterruptedException;
  }

  void tell(Repair.OnOthers told) throws InterruptedException {
    if (told.others().isEmpty()) {
      return;
    }
    progress.accept(
        "telling " + told.others().stream().map(Host::toString).collect(Collectors.joining(", ")));
    var arguments =
        Stream.concat(Stream.of(owner), told.arguments().stream()).toArray(String[]::new);
    var script = Script.of(told.function(), arguments).within(LIMIT);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        var answers = new LinkedHashMap<Host, Future<Optional<String>>>();
        told.others().forEach(host -> answers.put(host, threads.submit(asked(host, script))));
        untold(answers).forEach(line -> progress.accept(NOTE + line));
      } catch (InterruptedException e) {
        threads.shutdownNow();
        throw e;
      }
    }
  }

  private Callable<Optional<String>> asked(Host host, Script script) {
    return () -> {
      try {
        return telling.tell(host, script).map(Failure::what);
      } catch (RemoteException e) {
        return Optional.of(e.what());
      }
    };
  }

  private static List<String> untold(Map<Host, Future<Optional<String>>> answers)
      throws InterruptedException {
    var lines = new ArrayList<String>();
    for (var answer : answers.entrySet()) {
      try {
        answer
            .getValue()
            .get()
            .ifPresent(why -> lines.add("%s was not told (%s)".formatted(answer.getKey(), why)));
      } catch (ExecutionException e) {
        throw new IllegalStateException("telling " + answer.getKey(), e.getCause());
      }
    }
    return lines;
  }
}

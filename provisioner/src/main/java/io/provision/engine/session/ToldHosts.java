package io.provision.engine.session;

import io.provision.engine.event.Failure;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.Optional;
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
    var asked =
        Gathered.of(
            told.others(), host -> telling.tell(host, script).map(Failure::what).orElse(""));
    asked.answers().forEach(this::untold);
    asked.never().forEach(this::untold);
  }

  private void untold(HostName host, String why) {
    if (!why.isEmpty()) {
      progress.accept(NOTE + "%s was not told (%s)".formatted(host, why));
    }
  }
}

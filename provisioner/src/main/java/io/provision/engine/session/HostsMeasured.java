package io.provision.engine.session;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.remote.Call;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.remote.Transport;
import io.provision.step.doctor.Measured;
import io.provision.step.doctor.Measurement;
import io.provision.step.doctor.Measuring;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/** Hosts that are measured, each logged in to once and locked by nobody. */
public final class HostsMeasured implements Measuring {
  private final Transport transport;
  private final Map<HostName, Host> hosts;
  private final Semaphore forks;
  private final Interrupt interrupt;
  private final Map<HostName, HostSession> sessions = new ConcurrentHashMap<>();

  /**
   * @param transport is closed with this
   * @param forks how many are measured at once
   */
  public HostsMeasured(
      Transport transport, Collection<Host> hosts, int forks, Interrupt interrupt) {
    this.transport = transport;
    this.hosts = hosts.stream().collect(Collectors.toUnmodifiableMap(Host::name, host -> host));
    this.forks = new Semaphore(forks);
    this.interrupt = interrupt;
  }

  @Override
  public <A> Measured<A> take(Measurement<A> measurement) throws InterruptedException {
    var asked =
        Gathered.of(
            among(measurement), host -> measured(host, measurement, Optional.of(interrupt)));
    return new Measured<>(asked.answers(), asked.never());
  }

  @Override
  public <A> Measured<A> put(Measurement<A> measurement) throws InterruptedException {
    var reached = Gathered.of(among(measurement), host -> session(host, measurement.limit()));
    var there = among(measurement).stream().filter(host -> sessions.containsKey(host.name()));
    var asked = Gathered.of(there.toList(), host -> measured(host, measurement, Optional.empty()));
    var never = new HashMap<>(reached.never());
    never.putAll(asked.never());
    return new Measured<>(asked.answers(), never);
  }

  /** Who was not reached before has nothing that could be taken away. */
  @Override
  public void takeAway(Measurement<?> removal) throws InterruptedException {
    var reached = among(removal).stream().filter(host -> sessions.containsKey(host.name()));
    var _ = Gathered.of(reached.toList(), host -> measured(host, removal, Optional.empty()));
  }

  private List<Host> among(Measurement<?> measurement) {
    return measurement.arguments().keySet().stream()
        .sorted()
        .map(name -> Optional.ofNullable(hosts.get(name)))
        .flatMap(Optional::stream)
        .toList();
  }

  private <A> A measured(Host host, Measurement<A> measurement, Optional<Interrupt> ending)
      throws RemoteException, InterruptedException {
    var arguments = measurement.arguments().getOrDefault(host.name(), List.of());
    var script =
        new Script(new Call(measurement.function(), arguments), List.of(), measurement.limit());
    return measurement.reader().apply(session(host, measurement.limit()).measure(script, ending));
  }

  /** No other thread asks for this host meanwhile. */
  private HostSession session(Host host, Duration limit)
      throws RemoteException, InterruptedException {
    var open = sessions.get(host.name());
    if (open != null) {
      return open;
    }
    var patience = new Patience(Optional.of(limit));
    var made =
        interrupt.idle(
            () -> {}, () -> HostSession.connect(transport, host, forks, patience, limit, _ -> {}));
    sessions.put(host.name(), made);
    return made;
  }

  @Override
  public void close() {
    sessions.values().forEach(HostSession::close);
    transport.close();
  }
}

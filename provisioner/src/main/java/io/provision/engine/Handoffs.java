package io.provision.engine;

import io.provision.desk.Desk;
import io.provision.desk.DeskException;
import io.provision.model.HostName;
import io.provision.model.Secret;
import io.provision.model.SecretUnavailable;
import io.provision.remote.Payload;
import io.provision.remote.PayloadStream;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.remote.Session;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Finds the bytes of payloads; what one host hands over to another is read once a run. */
final class Handoffs implements Desk.Handoffs {
  /** One reader at a time, and what it read. */
  private static final class Slot {
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Secret> secret = Optional.empty();
  }

  private final Map<HostName, Machine> machines;
  private final Desk desk;
  private final Map<Payload.Handoff, Slot> slots = new ConcurrentHashMap<>();

  Handoffs(Map<HostName, Machine> machines, Desk desk) {
    this.machines = machines;
    this.desk = desk;
  }

  @Override
  public Secret read(Payload.Handoff handoff) throws DeskException {
    var slot = slots.computeIfAbsent(handoff, _ -> new Slot());
    slot.lock.lock();
    try {
      if (slot.secret.isEmpty()) {
        slot.secret = Optional.of(fetch(handoff));
      }
      return slot.secret.get();
    } finally {
      slot.lock.unlock();
    }
  }

  private Secret fetch(Payload.Handoff handoff) throws DeskException {
    var machine = machines.get(handoff.from());
    var what =
        "%s of %s could not be read".formatted(handoff.call().function().name(), handoff.from());
    if (machine == null) {
      throw new DeskException(what, "make %s reachable".formatted(handoff.from()), null);
    }
    try {
      var frame = machine.look(List.of(handoff.call())).getFirst();
      if (!frame.ok()) {
        throw new DeskException(
            "%s (exit %d)".formatted(what, frame.status()),
            "look at %s: what it hands over is not there".formatted(handoff.from()),
            null);
      }
      return Secret.of(frame.output());
    } catch (RemoteException e) {
      throw new DeskException("%s: %s".formatted(what, e.what()), e.remedy(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeskException(what, "run again", e);
    }
  }

  /** A port of this machine that leads to one of that host's own; empty where it has none. */
  Optional<Integer> tunnel(HostName host, int port) {
    var machine = machines.get(host);
    try {
      return machine == null
          ? Optional.empty()
          : Optional.of(machine.shell().connection().forward("127.0.0.1", port));
    } catch (RemoteException _) {
      return Optional.empty();
    }
  }

  /** Scripts with the bytes of their payloads; nobody may be kept waiting meanwhile. */
  List<Session.Loaded> load(List<Script> scripts) throws DeskException {
    var loaded = new ArrayList<Session.Loaded>();
    for (var script : scripts) {
      var streams = new ArrayList<PayloadStream>();
      for (var payload : script.payloads()) {
        streams.add(load(payload));
      }
      loaded.add(new Session.Loaded(script, streams));
    }
    return loaded;
  }

  private PayloadStream load(Payload payload) throws DeskException {
    try {
      return switch (payload) {
        case Payload.Bytes(var content) -> bytes(content.bytes());
        case Payload.LocalFile(var file, var size) ->
            new PayloadStream(size, () -> Files.newInputStream(file));
        case Payload.Handoff handoff -> bytes(read(handoff).reveal());
        case Payload.Artifact artifact -> {
          var file = desk.artifact(artifact);
          try {
            yield new PayloadStream(Files.size(file), () -> Files.newInputStream(file));
          } catch (IOException e) {
            throw new DeskException(
                "%s cannot be read (%s)".formatted(file, e.getMessage()), "make it readable", e);
          }
        }
      };
    } catch (SecretUnavailable e) {
      throw new DeskException(e.reason(), e.remedy(), e);
    }
  }

  private static PayloadStream bytes(byte[] bytes) {
    return new PayloadStream(bytes.length, () -> new ByteArrayInputStream(bytes));
  }
}

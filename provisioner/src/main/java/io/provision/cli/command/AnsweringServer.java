package io.provision.cli.command;

import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.model.Host;
import io.provision.remote.RemoteException;
import io.provision.remote.Shell;
import io.provision.remote.Transport;
import io.provision.step.datastore.Datastore;
import io.provision.step.datastore.SnapshotSource;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * The first of the servers whose etcd answers, and that has all that a snapshot is useless without.
 */
final class AnsweringServer {
  private static final Duration LOOK = Duration.ofSeconds(45);

  private final Transport transport;
  private final Datastore datastore;
  private final Consumer<String> result;

  /**
   * @param result told why one is passed over, a sentence each
   */
  AnsweringServer(Transport transport, Datastore datastore, Consumer<String> result) {
    this.transport = transport;
    this.datastore = datastore;
    this.result = result;
  }

  /** What it is wanted for. */
  interface Use {
    ExitCode on(Host server, Shell shell) throws RemoteException, InterruptedException, Refused;
  }

  /** Asks the servers in their order. */
  ExitCode of(List<Host> servers, Use use) throws Refused {
    var answered = false;
    try {
      for (var server : servers) {
        try (var shell = Shell.on(server, transport.connect(server))) {
          var source = source(server, shell);
          answered = true;
          if (isOfUse(server, source)) {
            return use.on(server, shell);
          }
        } catch (RemoteException e) {
          result.accept("%s: %s. %s".formatted(server, e.what(), e.remedy()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(List.of(), ExitCode.INTERRUPTED);
    }
    return answered ? ExitCode.FAILED : ExitCode.UNREACHABLE;
  }

  private SnapshotSource source(Host server, Shell shell)
      throws RemoteException, InterruptedException {
    return SnapshotSource.read(shell.look(List.of(datastore.look(server.name())), LOOK).getFirst());
  }

  private boolean isOfUse(Host server, SnapshotSource source) throws Refused {
    if (source.kind() == SnapshotSource.Kind.SQLITE) {
      throw new Refused(
          server.toString(),
          "its datastore is SQLite, of which etcd makes no snapshot. stop k3s there, and copy"
              + " /var/lib/rancher/k3s/server with all that is in it");
    }
    if (source.kind() == SnapshotSource.Kind.NONE) {
      result.accept(server + ": it has no etcd");
      return false;
    }
    if (!source.missing().isEmpty()) {
      result.accept(
          "%s: a snapshot of it would be useless: %s is missing there"
              .formatted(server, String.join(", ", source.missing())));
      return false;
    }
    if (!source.answers()) {
      result.accept(server + ": its etcd does not answer");
      return false;
    }
    return true;
  }
}

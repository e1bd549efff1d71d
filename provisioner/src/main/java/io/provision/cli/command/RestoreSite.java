package io.provision.cli.command;

import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.desk.HeldSnapshot;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.remote.Payload;
import io.provision.remote.RemoteException;
import io.provision.remote.Shell;
import io.provision.remote.Transport;
import io.provision.step.datastore.Datastore;
import io.provision.step.datastore.Restoration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** What a restore does on control planes besides its runs: each under the lock of the host. */
final class RestoreSite {
  private static final Duration LOOK = Duration.ofSeconds(60);

  private final Transport transport;
  private final Datastore datastore;
  private final Function<Host, List<String>> remains;
  private final LockedScripts scripts;
  private final Consumer<String> remarks;

  /**
   * @param remains what a node would leave on a host, as paths
   * @param owner who we are, for those who find a host locked
   * @param remarks told what is being done
   */
  RestoreSite(
      Transport transport,
      Datastore datastore,
      Function<Host, List<String>> remains,
      String owner,
      Consumer<String> remarks) {
    this.transport = transport;
    this.datastore = datastore;
    this.remains = remains;
    this.scripts =
        new LockedScripts(
            transport,
            owner,
            "the restore",
            "The restore did not come to its end: the same command goes on",
            remarks);
    this.remarks = remarks;
  }

  /** What each of them has, in their order; refused where one of them does not say. */
  Map<Host, Restoration.Place> look(List<Host> servers) throws Refused, InterruptedException {
    var places = new LinkedHashMap<Host, Restoration.Place>();
    var problems = new ArrayList<Problem>();
    for (var server : servers) {
      remarks.accept(server + ": looking whether it lives");
      try (var shell = Shell.on(server, transport.connect(server))) {
        var look = datastore.restoration().look(remains.apply(server));
        places.put(server, Restoration.Place.read(shell.look(List.of(look), LOOK).getFirst()));
      } catch (RemoteException e) {
        problems.add(
            Problem.error(
                server.toString(),
                "%s: it could still run the cluster as it was. %s; or, where it is lost, take it out of the inventory"
                    .formatted(e.what(), e.remedy())));
      }
    }
    if (!problems.isEmpty()) {
      throw new Refused(problems, ExitCode.UNREACHABLE);
    }
    return places;
  }

  /** No cluster begins there but from this one. */
  void begin(Host first, HeldSnapshot held) throws Refused, InterruptedException {
    var name = String.valueOf(held.archive().getFileName());
    scripts.run(first, List.of(LockedScripts.loaded(datastore.restoration().begin(name))));
  }

  /** What the archive holds is in its place there. */
  void bring(Host first, HeldSnapshot held) throws Refused, InterruptedException {
    var payload = new Payload.LocalFile(held.archive(), held.size());
    var brings =
        datastore.restoration().bring(payload, held.sha256().hex(), held.snapshot(), held.paths());
    scripts.run(first, brings.stream().map(it -> LockedScripts.loaded(it, held)).toList());
  }

  /** There is a datastore, made of the snapshot. */
  void datastore(Host first, List<HostName> others) throws Refused, InterruptedException {
    scripts.run(
        first,
        List.of(LockedScripts.loaded(datastore.restoration().datastore(first.name(), others))));
  }
}

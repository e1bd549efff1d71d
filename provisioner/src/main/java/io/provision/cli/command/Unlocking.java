package io.provision.cli.command;

import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.console.Operator;
import io.provision.model.Host;
import io.provision.remote.Lease;
import io.provision.remote.RemoteException;
import io.provision.remote.Shell;
import io.provision.remote.Transport;
import java.util.ArrayList;
import java.util.List;

/** Ends locks whose owner is gone for good, after asking for each. */
final class Unlocking {
  private final Transport transport;
  private final Operator operator;
  private final boolean yes;

  Unlocking(Transport transport, Operator operator, boolean yes) {
    this.transport = transport;
    this.operator = operator;
    this.yes = yes;
  }

  List<String> all(List<Host> hosts) throws Refused {
    var said = new ArrayList<String>();
    for (var host : hosts) {
      try (var shell = Shell.on(host, transport.connect(host))) {
        said.add("%s: %s".formatted(host.name(), one(host, shell)));
      } catch (RemoteException e) {
        said.add("%s: %s. %s".formatted(host.name(), e.what(), e.remedy()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Refused(List.of(), ExitCode.INTERRUPTED);
      }
    }
    return said;
  }

  private String one(Host host, Shell shell) throws RemoteException, InterruptedException {
    var holder = Lease.holder(shell);
    if (holder.isEmpty()) {
      return "not locked";
    }
    var owner = holder.get().owner();
    var question = "End this lock? What its run is doing on %s is ended.".formatted(host.name());
    if (!yes
        && !operator.agrees(
            List.of("%s is locked by %s".formatted(host.name(), owner)), question)) {
      return "left locked by " + owner;
    }
    return Lease.end(shell) ? "unlocked; it was locked by " + owner : "still locked by " + owner;
  }
}

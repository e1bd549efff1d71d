package io.provision.engine.session;

import io.provision.kube.Time;
import io.provision.remote.Answer;
import io.provision.remote.Frame;
import io.provision.remote.LockOwner;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.step.Observations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The real {@link Rebooting} of a host that a test pretends. */
public final class PretendReboot {
  private PretendReboot() {}

  /** What it is done to. */
  public interface Machine {
    String boot() throws RemoteException;

    /** Why the first script that failed has. */
    Optional<String> run(List<Script> scripts) throws RemoteException;

    /** Who holds its lock, where that is not us. */
    Optional<String> comeBack() throws RemoteException;
  }

  /** Why it was not rebooted, or is not back, and whether it is there. */
  public record Not(String why, boolean isUp) {}

  public static Optional<Not> within(Duration patience, Machine machine, String owner, Time time)
      throws RemoteException, InterruptedException {
    var bridge =
        new Rebooting.Machine() {
          @Override
          public String boot() throws RemoteException {
            return machine.boot();
          }

          @Override
          public HostSession.Exchange run(List<Script> scripts) throws RemoteException {
            var failure = machine.run(scripts);
            if (failure.isEmpty()) {
              return new HostSession.Exchange.Done(new Observations.Builder().build());
            }
            var frame = new Frame(1, failure.get());
            return new HostSession.Exchange.RepairFailed(
                scripts.size() - 1,
                frame,
                new Answer(List.of(frame), "", Optional.empty(), false),
                Duration.ofMinutes(1));
          }

          @Override
          public Optional<LockOwner> comeBack() throws RemoteException {
            return machine.comeBack().map(LockOwner::new);
          }
        };
    return new Rebooting(bridge, owner, time, _ -> {})
        .within(patience)
        .map(not -> new Not(not.why().what(), not.isUp()));
  }
}

package io.provision.remote;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The lock of a host, seen from outside the session that holds it. */
public final class Lease {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /**
   * The processes that hold it: the session, and a repair that it started. Told by proc(5)'s
   * fdinfo, since /proc/locks hides, in a container, what was locked by a process that has ended
   * since, and flock(1) has.
   */
  static final ShellFunction HOLDERS =
      new ShellFunction(
          "lock_holders",
          """
          for fd in /proc/[0-9]*/fd/9; do
          [ "$(readlink "$fd")" = /run/provision/lock ] || continue
          holder=${fd#/proc/}; holder=${holder%%/*}
          grep -q FLOCK "/proc/$holder/fdinfo/9" && echo "$holder"
          done
          return 0\
          """);

  private static final ShellFunction HOLDER =
      new ShellFunction(
          "lock_holder",
          """
          if [ -n "$(lock_holders)" ]; then
            tail -n +2 /run/provision/owner
            return
          fi
          claim_holds && tail -n +2 /var/lib/provision/claim\
          """,
          List.of(HOLDERS, Claim.HOLDS));

  /** Ends the session and whatever it still runs. */
  static final ShellFunction END =
      new ShellFunction(
          "end_lock",
          """
          for pid in $(lock_holders); do kill "$pid"; done
          rm -f /var/lib/provision/claim
          sleep 1\
          """,
          List.of(HOLDERS));

  private Lease() {}

  /** Who holds the lock now; empty where nobody does. */
  public static Optional<LockOwner> holder(Shell shell)
      throws RemoteException, InterruptedException {
    var frame = shell.look(List.of(Call.of(HOLDER)), LIMIT).getFirst();
    return frame.ok() ? Optional.of(new LockOwner(frame.output().strip())) : Optional.empty();
  }

  /**
   * Ends the processes that hold the lock. Only to be called when the operator has said so.
   *
   * @return whether nobody holds it any more
   */
  public static boolean end(Shell shell) throws RemoteException, InterruptedException {
    try (var session = shell.session()) {
      var end = new Session.Loaded(Script.of(END), List.of());
      session.run(new Session.Request(List.of(end), Optional.empty(), List.of(), LIMIT), _ -> {});
    }
    return holder(shell).isEmpty();
  }
}

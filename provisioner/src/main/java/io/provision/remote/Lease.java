package io.provision.remote;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The lock of a host, seen from outside the session that holds it. */
public final class Lease {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** The kernel's list of locks names files by device and inode (proc_locks(5)). */
  private static final ShellFunction HOLDER =
      new ShellFunction(
          "lock_holder",
          """
          inode=$(stat -c %i /run/provision/lock) || return 1
          grep -q "FLOCK.*:$inode 0 EOF" /proc/locks || return 1
          tail -n +2 /run/provision/owner\
          """);

  /** Ends the session and whatever it still runs: all that have the lock open, but ourselves. */
  static final ShellFunction END =
      new ShellFunction(
          "end_lock",
          """
          read -r self rest </proc/self/stat
          ours=" $self "; pid=$$
          while [ "$pid" -gt 1 ]; do
          ours="$ours$pid "
          while read -r key value; do [ "$key" = PPid: ] && parent=$value; done </proc/$pid/status
          pid=$parent
          done
          for fd in /proc/[0-9]*/fd/9; do
          [ "$(readlink "$fd")" = /run/provision/lock ] || continue
          pid=${fd#/proc/}; pid=${pid%%/*}
          case $ours in *" $pid "*) ;; *) kill "$pid";; esac
          done
          sleep 1\
          """);

  private Lease() {}

  /** Who holds the lock now; empty where nobody does. */
  public static Optional<LockHolder> holder(Shell shell)
      throws RemoteException, InterruptedException {
    var frame = shell.look(List.of(Call.of(HOLDER)), LIMIT).getFirst();
    return frame.ok() ? Optional.of(new LockHolder(frame.output().strip())) : Optional.empty();
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

package io.provision.engine.session;

import io.provision.desk.DeskException;
import io.provision.engine.event.Failure;
import io.provision.kube.Time;
import io.provision.remote.Claim;
import io.provision.remote.Frame;
import io.provision.remote.LockOwner;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.remote.Session;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Probes;
import io.provision.step.Question;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reboots a host and comes back to it.
 *
 * @param owner of its lock, and of the claim meanwhile
 */
record Rebooting(Machine machine, String owner, Time time, Consumer<String> progress) {

  /** The host, by its session under its lock. */
  interface Machine {
    String boot() throws RemoteException, InterruptedException;

    HostSession.Exchange run(List<Script> scripts) throws RemoteException, InterruptedException;

    /** Logs in anew and takes the lock; who holds it, where that is not us. */
    Optional<LockOwner> comeBack() throws RemoteException, InterruptedException;
  }

  /**
   * Why it was not rebooted, or is not back.
   *
   * @param isUp whether it is there, and goes on as it is
   * @param isEnd whether an end was asked for before anything was done to it
   */
  record Not(Failure why, boolean isUp, boolean isEnd) {
    Not(Failure why, boolean isUp) {
      this(why, isUp, false);
    }
  }

  /** What happens to the host between two boots. */
  interface Outage {
    /** Whether it happened: not where an end was asked for before. */
    boolean happen() throws DeskException, InterruptedException;
  }

  /**
   * What it is said to have come to.
   *
   * @param told completes "it ..."
   * @param down until it has ended
   * @param same why the same boot may still run after that
   */
  private record Story(String told, Duration down, String same) {}

  private static final Story REBOOTED =
      new Story(
          "was told to reboot",
          Duration.ofMinutes(3),
          "see what holds it up ('systemctl list-jobs', 'systemd-inhibit --list'); its reboot may"
              + " still come. then run the same command again");

  /** Who has no power has ended. */
  private static final Story CUT =
      new Story(
          "was without power",
          Duration.ZERO,
          "its 'power' in the inventory is that of another machine: set that right before anything"
              + " else");

  static Rebooting of(HostSession session, String owner, Time time, Consumer<String> progress) {
    var machine =
        new Machine() {
          @Override
          public String boot() throws RemoteException, InterruptedException {
            return session.lookLocked(List.of(Probes.of(WHICH))).of(WHICH);
          }

          @Override
          public HostSession.Exchange run(List<Script> scripts)
              throws RemoteException, InterruptedException {
            var loaded =
                scripts.stream().map(script -> new Session.Loaded(script, List.of())).toList();
            return session.exchange(loaded, Optional.empty(), List.of(), progress);
          }

          @Override
          public Optional<LockOwner> comeBack() throws RemoteException, InterruptedException {
            return session.comeBack(owner);
          }
        };
    return new Rebooting(machine, owner, time, progress);
  }

  private static final Duration BETWEEN_LOGINS = Duration.ofSeconds(2);

  /**
   * {@code reboot_host}: a moment later, so that this answer still arrives; by systemd, which the
   * end of this session does not end, and without the lock's descriptor.
   */
  static final ShellFunction REBOOT =
      new ShellFunction(
          "reboot_host",
          """
          systemd-run --quiet --collect --on-active=2 systemctl reboot 9>&- && return 0
          echo "the reboot could not be ordered from systemd" >&2
          return 1\
          """);

  /** Of a boot: the kernel's id of it, and when its first process began (proc(5), field 22). */
  static final ShellFunction BOOT =
      new ShellFunction(
          "look_boot",
          """
          head -c 100 /proc/sys/kernel/random/boot_id
          sed 's/^.*) //' /proc/1/stat | cut -d ' ' -f 20\
          """);

  private static final Question<String> WHICH = Question.of(Kind.single(BOOT, Rebooting::boot));

  private static String boot(Frame frame) {
    return frame.output().strip();
  }

  /** Why it is not back, or was not rebooted; empty where it was. */
  Optional<Not> within(Duration patience) throws RemoteException, InterruptedException {
    progress.accept("rebooting");
    var before = machine.boot();
    if (!isWhole(before)) {
      return stays(
          new Failure(
              "it would not be told whether it rebooted (/proc says '%s')".formatted(before),
              "look at /proc/1/stat and /proc/sys/kernel/random/boot_id on it"));
    }
    var order = List.of(Claim.of(owner, patience.plus(REBOOTED.down())), Script.of(REBOOT));
    return switch (machine.run(order)) {
      case HostSession.Exchange.Done _ -> back(before, patience, REBOOTED);
      case HostSession.Exchange.RepairFailed(_, var frame, var answer, var limit) -> {
        var _ = machine.run(Claim.ended()); // or it would be kept from everybody, and stay as it is
        yield stays(Broken.of(limit, frame, answer));
      }
      case HostSession.Exchange.WaitFailed _ ->
          throw new IllegalStateException("nothing was to be waited for");
    };
  }

  /**
   * Why it is not back after it was without power, or was not; empty where it was.
   *
   * @param longest how long that takes at most
   */
  Optional<Not> through(Outage outage, Duration longest, Duration patience)
      throws RemoteException, InterruptedException {
    var before = machine.boot();
    if (!isWhole(before)) {
      return stays(
          new Failure(
              "it would not be told whether it booted again (/proc says '%s')".formatted(before),
              "look at /proc/1/stat and /proc/sys/kernel/random/boot_id on it"));
    }
    var claimed = machine.run(List.of(Claim.of(owner, longest.plus(patience))));
    if (claimed instanceof HostSession.Exchange.RepairFailed(_, var frame, var answer, var limit)) {
      return stays(Broken.of(limit, frame, answer));
    }
    try {
      if (!outage.happen()) {
        var none =
            new Failure("an end was asked for: nothing was cut", "run the same command again");
        return Optional.of(new Not(none, isStillThere(), true));
      }
    } catch (DeskException e) {
      return Optional.of(new Not(new Failure(e.what(), e.remedy()), isStillThere()));
    }
    return back(before, patience, CUT);
  }

  /** Then it is kept from nobody any more. */
  private boolean isStillThere() throws InterruptedException {
    try {
      return machine.run(Claim.ended()) instanceof HostSession.Exchange.Done;
    } catch (RemoteException _) {
      return false;
    }
  }

  private static boolean isWhole(String boot) {
    return boot.lines().count() == 2;
  }

  private static Optional<Not> stays(Failure why) {
    return Optional.of(new Not(why, true));
  }

  private Optional<Not> back(String before, Duration patience, Story story)
      throws RemoteException, InterruptedException {
    progress.accept("waiting for it to come back (%d s at most)".formatted(patience.toSeconds()));
    var waited = time.patience(patience);
    var last = "it was not reached";
    var isUp = false;
    while (!waited.isOver()) {
      time.pause(BETWEEN_LOGINS);
      try {
        var holder = machine.comeBack();
        if (holder.isPresent()) {
          return Optional.of(
              new Not(
                  new Failure(
                      "it is back, but locked by " + holder.get().owner(),
                      "wait for that run, then run the same command again"),
                  false));
        }
        var now = machine.boot();
        var rebooted = isWhole(now) && !now.equals(before);
        var late =
            waited.passed().compareTo(story.down()) > 0
                && (story.down().isPositive() || now.equals(before));
        if (rebooted || late) {
          var _ = machine.run(Claim.ended());
        }
        if (rebooted) {
          return Optional.empty();
        }
        last = "it has not gone down";
        isUp = true;
        if (late) {
          return stays(
              new Failure(
                  "it %s and has not gone down within %d s: the same boot still runs"
                      .formatted(story.told(), waited.passed().toSeconds()),
                  story.same()));
        }
      } catch (RemoteException.HostKeyChanged e) {
        throw e;
      } catch (RemoteException e) {
        last = e.what();
        isUp = false;
      }
    }
    return Optional.of(
        new Not(
            new Failure(
                "it %s and did not come back within %d s (%s)"
                    .formatted(story.told(), waited.passed().toSeconds(), last),
                "look at its console; then run the same command again"),
            isUp));
  }
}

package io.provision.engine.session;

import io.provision.engine.event.Failure;
import io.provision.kube.Pause;
import io.provision.remote.Claim;
import io.provision.remote.Frame;
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
record Rebooting(HostSession machine, String owner, Pause pause, Consumer<String> progress) {
  /** Until a host that was told to reboot has ended. */
  private static final Duration DOWN = Duration.ofMinutes(3);

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
  Optional<Failure> within(Duration patience) throws RemoteException, InterruptedException {
    progress.accept("rebooting");
    var before = machine.lookLocked(List.of(Probes.of(WHICH))).of(WHICH);
    if (!isWhole(before)) {
      return Optional.of(
          new Failure(
              "it would not be told whether it rebooted (/proc says '%s')".formatted(before),
              "look at /proc/1/stat and /proc/sys/kernel/random/boot_id on it"));
    }
    var order = List.of(Claim.of(owner, patience.plus(DOWN)), Script.of(REBOOT));
    return switch (exchange(order)) {
      case HostSession.Exchange.Done _ -> back(before, patience);
      case HostSession.Exchange.RepairFailed(var script, var frame, var answer) -> {
        var _ = exchange(Claim.ended()); // or it would be kept from everybody, and stay as it is
        yield Optional.of(Broken.of(script, frame, answer));
      }
      case HostSession.Exchange.WaitFailed _ ->
          throw new IllegalStateException("nothing was to be waited for");
    };
  }

  private static boolean isWhole(String boot) {
    return boot.lines().count() == 2;
  }

  private Optional<Failure> back(String before, Duration patience)
      throws RemoteException, InterruptedException {
    progress.accept("waiting for it to come back (%d s at most)".formatted(patience.toSeconds()));
    var begin = System.nanoTime();
    var last = "it was not reached";
    while (System.nanoTime() - begin < patience.toNanos()) {
      pause.during(BETWEEN_LOGINS);
      try {
        var holder = machine.comeBack(owner);
        if (holder.isPresent()) {
          return Optional.of(
              new Failure(
                  "it is back, but locked by " + holder.get().owner(),
                  "wait for that run, then run the same command again"));
        }
        var now = machine.lookLocked(List.of(Probes.of(WHICH))).of(WHICH);
        var rebooted = isWhole(now) && !now.equals(before);
        if (rebooted || System.nanoTime() - begin > DOWN.toNanos()) {
          var _ = exchange(Claim.ended());
        }
        if (rebooted) {
          return Optional.empty();
        }
        last = "it has not gone down";
        if (System.nanoTime() - begin > DOWN.toNanos()) {
          break;
        }
      } catch (RemoteException.HostKeyChanged e) {
        throw e;
      } catch (RemoteException e) {
        last = e.what();
      }
    }
    return Optional.of(
        new Failure(
            "it was told to reboot and did not come back within %d s (%s)"
                .formatted((System.nanoTime() - begin) / 1_000_000_000, last),
            "look at its console; then run the same command again"));
  }

  private HostSession.Exchange exchange(List<Script> scripts)
      throws RemoteException, InterruptedException {
    var loaded = scripts.stream().map(script -> new Session.Loaded(script, List.of())).toList();
    return machine.exchange(loaded, Optional.empty(), List.of(), progress);
  }
}

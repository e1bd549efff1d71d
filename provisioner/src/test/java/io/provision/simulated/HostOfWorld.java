package io.provision.simulated;

import io.provision.engine.session.PretendReboot;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.simulated.Happening.What;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One host as one controller reaches it: what scripts of these names come to there. */
final class HostOfWorld implements PretendReboot.Machine {
  private static final Duration TAKES = Duration.ofSeconds(1);
  private static final Duration LOGIN = Duration.ofSeconds(2);
  private static final Duration BRICKS = Duration.ofSeconds(5);
  private static final Duration API = Duration.ofSeconds(20);

  private static final RemoteException UNREACHABLE =
      new RemoteException.Unreachable("connection refused", "look at it", null);

  private final Controller by;
  private final World world;
  private final Machine it;

  HostOfWorld(Controller by, Machine it) {
    this.by = by;
    this.world = by.world;
    this.it = it;
  }

  private void reach(String what, Duration takes) throws RemoteException {
    by.point(what + " on " + it.name, takes);
    if (!it.up) {
      throw UNREACHABLE;
    }
  }

  @Override
  public String boot() throws RemoteException {
    reach("look at the boot", TAKES);
    return "boot\n" + it.boots;
  }

  /**
   * In one exec, which goes on whatever becomes of the controller.
   *
   * @return why the first that failed has
   */
  @Override
  public Optional<String> run(List<Script> scripts) throws RemoteException {
    reach(
        "run "
            + String.join(
                ", ", scripts.stream().map(each -> each.call().function().name()).toList()),
        TAKES);
    for (var script : scripts) {
      var failure = run(script.call().function().name(), script.call().arguments());
      if (failure.isPresent()) {
        return failure;
      }
    }
    return Optional.empty();
  }

  private Optional<String> run(String function, List<String> arguments) {
    switch (function) {
      case "mark_out_of_use" -> {
        if (!it.marked) {
          it.marked = true;
          world.happens(by.name, What.MARKED, it.name, "");
        }
      }
      case "mark_in_use" -> {
        if (it.marked) {
          it.marked = false;
          world.happens(by.name, What.UNMARKED, it.name, "");
        }
      }
      case "pause_mounts" -> it.mounted = false;
      case "resume_mounts" -> it.mounted = true;
      case "pause_bricks" -> {
        world.brickEnds(by.name, it);
        world.pass(BRICKS);
      }
      case "resume_bricks" -> world.brickBegins(by.name, it);
      case "pause_api_server" -> {
        world.kubeletEnds(by.name, it);
        it.apiPaused = true;
        world.happens(by.name, What.API_ENDED, it.name, "");
        world.pass(API);
      }
      case "resume_api_server" -> world.kubeletBegins(by.name, it);
      case "claim_host" -> {
        it.claimedFor = arguments.get(1);
        it.claimedUntil = world.now() + Long.parseLong(arguments.get(2)) * 1000;
      }
      case "end_claim" -> it.claimedFor = "";
      case "reboot_host" -> world.rebootOrdered(by.name, it);
      case "await_own_api" -> {
        return awaited(300, List.of(it));
      }
      case "await_other_apis" -> {
        var urls = arguments.subList(2, arguments.size());
        var asked =
            world.machines().stream()
                .filter(each -> urls.contains("https://10.0.0.%d:6443".formatted(each.number)))
                .toList();
        if (asked.size() != urls.size()) {
          throw new IllegalStateException(urls.toString());
        }
        var failure = awaited(60, asked);
        if (failure.isEmpty()) {
          world.happens(by.name, What.PASSED, it.name, "servers");
        }
        return failure;
      }
      default -> throw new IllegalStateException(function);
    }
    return Optional.empty();
  }

  /** On the host: how long it takes there is no time in which the controller does anything. */
  private Optional<String> awaited(int seconds, List<Machine> servers) {
    for (var left = seconds; left > 0; left--) {
      if (servers.stream().allMatch(each -> world.answers(each.name))) {
        return Optional.empty();
      }
      by.pause(Duration.ofSeconds(1));
    }
    return Optional.of("an API server was not ready in time");
  }

  /** Of others, without their locks. */
  void told(String function, List<String> arguments) throws RemoteException {
    reach(function, TAKES);
    var away = arguments.get(1).substring(arguments.get(1).lastIndexOf('/') + 1);
    switch (function) {
      case "note_away" ->
          it.away.put(away, "%d rebooted %s".formatted(world.now() / 1000, arguments.get(0)));
      case "end_away" -> it.away.remove(away);
      default -> throw new IllegalStateException(function);
    }
  }

  @Override
  public Optional<String> comeBack() throws RemoteException {
    reach("log in", LOGIN);
    return lock();
  }

  /** Who holds it, where that is somebody else. */
  Optional<String> lock() {
    if (!it.locked.isEmpty() && !it.locked.equals(by.name)) {
      return Optional.of(it.locked);
    }
    if (!it.claimedFor.isEmpty()
        && it.claimedUntil > world.now()
        && !it.claimedFor.equals(by.owner)) {
      return Optional.of(it.claimedFor);
    }
    it.locked = by.name;
    return Optional.empty();
  }

  void unlock() {
    if (it.locked.equals(by.name)) {
      it.locked = "";
    }
  }
}

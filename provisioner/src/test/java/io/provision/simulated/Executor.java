package io.provision.simulated;

import io.provision.engine.session.PretendReboot;
import io.provision.kube.ClusterAction;
import io.provision.kube.ClusterActions;
import io.provision.kube.ClusterException;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.simulated.Happening.What;
import io.provision.step.Observations;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Carries a repair out on one host, as {@code engine.session.HostExecutor} does it. */
final class Executor {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(3);

  /** Three looks at a pool take so long. */
  private static final Duration ASKED = Duration.ofSeconds(4);

  static final String SPARES = "without which no other node goes";

  /** The same answers to the same gate are the same verdict. */
  private static final Map<List<Object>, List<String>> VERDICTS = new ConcurrentHashMap<>();

  private final Site site;
  private final Controller by;
  private final World world;
  private final Mutant mutant;
  private final Answers answers;
  private final Host host;
  private final String name;

  Executor(Site site, Controller by, Mutant mutant, Host host) {
    this.site = site;
    this.by = by;
    this.world = by.world;
    this.mutant = mutant;
    this.answers = new Answers(world);
    this.host = host;
    this.name = host.name().value();
  }

  private HostOfWorld on(Host other) {
    return new HostOfWorld(by, world.of(other.name().value()));
  }

  /** Why it failed; what one exec carries goes over in one. */
  Optional<String> repaired(Repair repair) throws InterruptedException {
    try {
      return run(mutant.changed(repair.leaves()));
    } catch (RemoteException e) {
      return Optional.of(e.what());
    } catch (ClusterException e) {
      return Optional.of(e.what());
    }
  }

  private Optional<String> run(List<Repair> leaves)
      throws RemoteException, ClusterException, InterruptedException {
    var scripts = new ArrayList<Script>();
    for (var leaf : leaves) {
      if (leaf instanceof Repair.OnHost(var more, _)) {
        scripts.addAll(more);
        continue;
      }
      var failure = exec(scripts);
      scripts.clear();
      failure = failure.isPresent() ? failure : apart(leaf);
      if (failure.isPresent()) {
        return failure;
      }
    }
    return exec(scripts);
  }

  private Optional<String> exec(List<Script> scripts) throws RemoteException {
    return scripts.isEmpty() ? Optional.empty() : on(host).run(scripts);
  }

  private Optional<String> apart(Repair leaf)
      throws RemoteException, ClusterException, InterruptedException {
    return switch (leaf) {
      case Repair.OnApi(_, var actions) -> {
        for (var action : actions) {
          act(action);
        }
        yield Optional.empty();
      }
      case Repair.Reboot(var patience, var otherwise) -> {
        var not = PretendReboot.within(patience, on(host), by.owner, by);
        if (not.filter(PretendReboot.Not::isUp).isPresent()) {
          instead(otherwise);
        }
        yield not.map(PretendReboot.Not::why);
      }
      case Repair.AwaitHosts gate -> {
        var missing = awaited(gate);
        if (missing.isPresent()) {
          instead(gate.otherwise());
        }
        yield missing;
      }
      case Repair.OnOthers(var others, var function, var arguments) -> {
        for (var other : others) {
          tell(other, function.name(), arguments);
        }
        yield Optional.empty();
      }
      case Repair.Guarded(var parts, var otherwise) -> {
        var failure =
            run(mutant.changed(parts.stream().flatMap(it -> it.leaves().stream()).toList()));
        if (failure.isPresent()) {
          instead(otherwise);
        }
        yield failure;
      }
      case Repair.InWindow(var windows) ->
          windows.isOpen(world.instant())
              ? Optional.empty()
              : Optional.of("the window has closed meanwhile");
      case Repair.Tell _ -> Optional.empty();
      default -> throw new IllegalStateException(leaf.toString());
    };
  }

  private void tell(Host other, String function, List<String> arguments) {
    var all = new ArrayList<>(List.of(by.owner));
    all.addAll(arguments);
    try {
      on(other).told(function, all);
    } catch (RemoteException _) {
      // it is named, and nothing depends on it
    }
  }

  /** Whatever comes of it, that it did not come is what failed. */
  private void instead(List<Repair> otherwise) throws InterruptedException {
    try {
      var _ = run(mutant.changed(otherwise.stream().flatMap(it -> it.leaves().stream()).toList()));
    } catch (RemoteException | ClusterException _) {
      // it is noted
    }
  }

  private void act(ClusterAction action) throws ClusterException, InterruptedException {
    new ClusterActions(mutant.changed(new ApiOfWorld(by)), by, _ -> {}).run(action);
    if (action instanceof ClusterAction.Await await && await.what().endsWith(SPARES)) {
      world.happens(by.name, What.PASSED, name, "ready " + await.ref().name());
    } else if (action instanceof ClusterAction.RefuseClaimed(var other)) {
      world.happens(by.name, What.PASSED, name, "in use " + other);
    } else if (action instanceof ClusterAction.AwaitPresent present) {
      for (var other : present.company().beside()) {
        world.happens(by.name, What.PASSED, name, "beside " + other);
      }
    }
  }

  private Optional<String> awaited(Repair.AwaitHosts gate) {
    var patience = by.patience(gate.deadline());
    while (true) {
      by.point(gate.what(), ASKED);
      var missing =
          VERDICTS.computeIfAbsent(
              List.of(site, name, gate.what(), world.state()), _ -> missing(gate));
      if (missing.isEmpty()) {
        var kind = gate.what().startsWith("GlusterFS") ? "storage" : "hosts";
        world.happens(by.name, What.PASSED, name, kind);
        return Optional.empty();
      }
      if (patience.isOver()) {
        return Optional.of(
            "timed out waiting for %s (%s)".formatted(gate.what(), String.join("; ", missing)));
      }
      by.pause(BETWEEN_LOOKS);
    }
  }

  private List<String> missing(Repair.AwaitHosts gate) {
    var answered = new HashMap<HostName, Observations>();
    var never = new HashMap<HostName, String>();
    gate.asked()
        .forEach((other, probes) -> {
          if (world.of(other.name().value()).up) {
            answered.put(other.name(), answers.of(other, probes, false));
          } else {
            never.put(other.name(), "connection refused");
          }
        });
    return gate.condition().missing(answered, never);
  }
}

package io.provision.steps.k3s;

import io.provision.model.Host;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.Files;
import io.provision.resource.Piece;
import io.provision.resource.unit.UnitState;
import io.provision.resource.unit.Units;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.steps.kubernetes.Nodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Nothing of the other role runs on a host that was an agent and is a server now, or the other way
 * round: both units would want the kubelet's port, now and after every boot. Pods go on meanwhile.
 * The unit's file is the record, and goes last: with it go what only a server may have, its token
 * and the administrator's kubeconfig.
 */
record OtherRole(Host host) implements Piece {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** {@code retire_node_unit UNIT PATH...}: PATHs are files, the unit's the last. */
  static final ShellFunction RETIRE =
      new ShellFunction(
          "retire_node_unit",
          """
          unit=$1
          shift
          try systemctl stop -- "$unit" || return
          [ ! -e "/etc/systemd/system/$unit" ] || try systemctl disable --quiet -- "$unit" || return
          for path do
            try rm -f -- "$path" || return
          done
          try systemctl daemon-reload || return
          systemctl reset-failed -- "$unit" 2>/dev/null
          return 0\
          """);

  private String unit() {
    return Nodes.isServer(host) ? "k3s-agent.service" : "k3s.service";
  }

  private String file() {
    return "/etc/systemd/system/" + unit();
  }

  /** The unit's last. */
  private List<String> files() {
    return Nodes.isServer(host)
        ? List.of(file())
        : List.of(K3s.SERVER_TOKEN, K3sDistribution.KUBECTL.kubeconfig(), file());
  }

  @Override
  public Probes probes() {
    var probes = Probes.of(Units.of(unit()));
    for (var path : files()) {
      probes = probes.and(Probes.of(Files.at(path)));
    }
    return probes;
  }

  @Override
  public Check check(Observations seen) {
    var unit = seen.of(Units.of(unit()));
    if (!seen.of(Files.at(file())).exists() && !isThere(unit)) {
      return new Check.InSync();
    }
    var changes = new ArrayList<Change>();
    if (unit.isRunning() || unit.isStarting()) {
      changes.add(
          Change.of(
              Change.Action.STOP,
              "unit " + unit(),
              unit.active(),
              Nodes.isServer(host) ? "a server now" : "an agent now"));
    }
    for (var path : files()) {
      if (seen.of(Files.at(path)).exists()) {
        changes.add(Change.of(Change.Action.REMOVE, path));
      }
    }
    if (changes.isEmpty()) {
      changes.add(Change.of(Change.Action.DISABLE, "unit " + unit()));
    }
    var words = new ArrayList<>(List.of(unit()));
    words.addAll(files());
    return new Check.Drift(
        changes, new Repair.OnHost(Script.of(RETIRE, words.toArray(String[]::new)).within(LIMIT)));
  }

  /** Of one whose file lies elsewhere. */
  private static boolean isThere(UnitState unit) {
    return unit.isRunning() || unit.isStarting() || unit.boot().startsWith("enabled");
  }
}

package io.provision.steps.k3s;

import io.provision.remote.Call;
import io.provision.remote.Script;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.NodeUnit;
import io.provision.steps.kubernetes.NodeUpkeep;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.ServerCredentials;
import io.provision.steps.kubernetes.upgrade.UpgradeTurn;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A node that runs an older k3s gets the wanted one, behind a snapshot of etcd: drained, switched,
 * Ready with the new version, taken back into use. Servers one at a time, then agents, two at a
 * time; one that fails stops those behind it.
 */
public record K3sUpgrade() implements Step<Target.OnHost> {
  private static final K3sDistribution K3S = new K3sDistribution();
  private static final String CLAIM = "upgrade";

  /** Of a plan, in which it is not known yet by which API: it would leave all as it is. */
  private static final Repair NOTHING = new Repair.OnHost(List.of(), true);

  @Override
  public Probes probes(Target.OnHost target) {
    var all = Probes.of(K3sLooks.BASICS, Files.at(K3s.BINARY), Files.at(K3s.CORDONED));
    return Nodes.isServer(target.host())
        ? all.and(Probes.of(K3sLooks.IS_READY, CredentialsLook.CREDENTIALS))
        : all;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var needs = new LinkedHashSet<>(UpgradeTurn.needs(target));
    needs.add(Need.local(K3s.DIGESTS));
    return needs;
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(UpgradeTurn.CURRENT);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(
        Change.Action.DRAIN,
        Change.Action.INSTALL,
        Change.Action.UPGRADE,
        Change.Action.RESTART,
        Change.Action.START);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var basics = seen.of(K3sLooks.BASICS);
    var wanted = Nodes.version(target);
    var cordoned = seen.of(Files.at(K3s.CORDONED)).exists();
    var isCurrent = basics.version().isEmpty() || basics.version().get().equals(wanted);
    if (isCurrent && !cordoned) {
      return new Check.InSync(Observed.of(UpgradeTurn.CURRENT, true));
    }
    var turn = new UpgradeTurn(target, known);
    var notNow = turn.refusal();
    if (notNow.isPresent()) {
      return notNow.get();
    }
    if (waitsForItsApi(turn, seen)) {
      return K3sService.of(target, Optional.empty())
          .waiting("its API server to be ready", Call.of(K3sFailure.UNTIL_READY));
    }
    var name = target.host().name();
    var upkeep =
        turn.access(K3S, credentials(target, seen))
            .map(access -> new NodeUpkeep(name, access, K3s.CORDONED, CLAIM));
    if (isCurrent) {
      var inUse = Change.of(Change.Action.START, "node " + name, "cordoned by us", "in use");
      return new Check.Drift(List.of(inUse), upkeep.map(it -> it.ended(wanted)).orElse(NOTHING));
    }
    var refusal = K3sBinary.refusal(basics, known);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    return new Check.Drift(
        changes(turn, seen), upkeep.map(it -> repair(turn, seen, it)).orElse(NOTHING));
  }

  /** A server is drained by its own API; where it is the only node, it is not drained. */
  private static boolean waitsForItsApi(UpgradeTurn turn, Observations seen) {
    return Nodes.isServer(turn.target().host()) && turn.drains() && !seen.of(K3sLooks.IS_READY);
  }

  private static Optional<ServerCredentials> credentials(Target.OnHost target, Observations seen) {
    return Nodes.isServer(target.host()) ? seen.of(CredentialsLook.CREDENTIALS) : Optional.empty();
  }

  private static List<Change> changes(UpgradeTurn turn, Observations seen) {
    var target = turn.target();
    var basics = seen.of(K3sLooks.BASICS);
    var changes = new ArrayList<Change>();
    if (turn.drains()) {
      var node = "node " + target.host().name() + turn.behind();
      changes.add(Change.of(Change.Action.DRAIN, node));
    }
    var file = seen.of(Files.at(K3s.BINARY));
    var digest = K3sBinary.digest(basics, turn.known());
    if (!K3sBinary.isInPlace(file, digest)) {
      changes.add(K3sBinary.install(target, file, digest));
    }
    changes.add(K3sBinary.upgrade(target, basics.version().orElseThrow()));
    changes.add(Change.of(Change.Action.RESTART, "unit " + K3s.unit(target.host())));
    return changes;
  }

  /** A snapshot of etcd, out of use, switched, up again by what its unit says, in use. */
  private static Repair repair(UpgradeTurn turn, Observations seen, NodeUpkeep upkeep) {
    var target = turn.target();
    var basics = seen.of(K3sLooks.BASICS);
    var digest = K3sBinary.digest(basics, turn.known());
    var unit = K3s.unit(target.host());
    var wanted = Nodes.version(target);
    var scripts = new ArrayList<Script>();
    if (!K3sBinary.isInPlace(seen.of(Files.at(K3s.BINARY)), digest)) {
      scripts.add(K3sBinary.push(target, basics.arch(), digest));
    }
    scripts.add(Script.of(NodeUnit.START, unit));
    scripts.add(Script.of(K3sScripts.RECORD_VERSION, wanted.toString()));
    scripts.add(K3sScripts.awaited(target.host()));
    var parts = new ArrayList<Repair>();
    if (turn.isFirstServer() && seen.of(K3sLooks.IS_READY)) {
      var name = "before-upgrade-to-" + wanted;
      parts.add(new Repair.OnHost(K3S.exit().snapshot(target.host().name(), name)));
    }
    if (turn.drains()) {
      parts.add(upkeep.begun(turn.company()));
    }
    parts.add(new Repair.OnHost(scripts, true));
    parts.add(turn.drains() ? upkeep.ended(wanted) : upkeep.awaited(wanted));
    return new Repair.InOrder(parts);
  }
}

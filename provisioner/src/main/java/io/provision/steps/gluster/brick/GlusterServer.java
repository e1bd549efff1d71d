package io.provision.steps.gluster.brick;

import io.provision.remote.Call;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.render.Template;
import io.provision.resource.ManagedFile;
import io.provision.resource.Piece;
import io.provision.resource.Pieces;
import io.provision.resource.packages.Packages;
import io.provision.resource.unit.ServiceManagers;
import io.provision.resource.unit.UnitScripts;
import io.provision.resource.unit.Units;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.pool.DeclaredStorage;
import io.provision.steps.gluster.pool.GlusterLook;
import io.provision.steps.gluster.pool.GlusterScripts;
import io.provision.steps.gluster.pool.ServerIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code gluster-server}: the daemon is installed, enabled and running, and has a UUID. One that
 * runs is never restarted: on Debian its bricks would go with it.
 */
public record GlusterServer() implements Step<Target.OnHost> {
  public static final String UNIT = "glusterd.service";
  private static final Packages PACKAGES = Packages.of("glusterfs-server", "glusterfs-client");
  private static final Template DROP_IN = Template.of("gluster/glusterd.conf.ftl");
  public static final String DROP_IN_PATH =
      "/etc/systemd/system/glusterd.service.d/50-provision.conf";

  private record Model() {}

  private static final ShellFunction BRING =
      new ShellFunction(
          "bring_glusterd",
          """
          bring_unit glusterd.service start enable || {
            tail -n 5 /var/log/glusterfs/glusterd.log >&2
            return 1
          }
          say "waiting for glusterd to answer"
          tries=30
          while ! gluster_do system:: uuid get 2>/run/provision/glusterd.said; do
            tries=$((tries - 1))
            [ "$tries" -gt 0 ] || {
              cat /run/provision/glusterd.said >&2
              return 1
            }
            sleep 1
          done\
          """,
          List.of(GlusterScripts.DO, UnitScripts.BRING));

  /** The daemon itself: enabled and running; {@link #BRING} has systemd read its files. */
  private record Daemon() implements Piece {
    @Override
    public Probes probes() {
      return Probes.of(Units.of(UNIT), GlusterLook.UUID);
    }

    @Override
    public Check check(Observations seen) {
      var unit = seen.of(Units.of(UNIT));
      var changes = new ArrayList<Change>();
      if (!unit.boot().equals("enabled")) {
        changes.add(Change.of(Change.Action.ENABLE, "unit " + UNIT));
      }
      if (!unit.isRunning()) {
        var from = unit.active().isEmpty() ? "not there" : unit.active();
        changes.add(Change.of(Change.Action.START, "unit " + UNIT, from, "running"));
      }
      if (seen.of(GlusterLook.UUID).isEmpty()) {
        changes.add(Change.of(Change.Action.CREATE, "gluster UUID"));
      }
      return changes.isEmpty()
          ? new Check.InSync()
          : new Check.Drift(changes, new Repair.OnHost(bring()));
    }
  }

  /** Starts the daemon and waits until it answers. */
  public static Script bring() {
    return Script.of(BRING).within(Duration.ofMinutes(6));
  }

  private static Pieces pieces() {
    var dropIn = ManagedFile.of(DROP_IN_PATH, DROP_IN.render(new Model()));
    return Pieces.all(ServiceManagers.SYSTEMD, PACKAGES, dropIn, new Daemon());
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return DeclaredStorage.concerns(target)
        ? pieces()
            .probes()
            .and(Probes.of(GlusterLook.PEERS, GlusterLook.INFO))
            .and(RootBricks.probes(target))
        : Probes.NONE;
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!DeclaredStorage.concerns(target)) {
      return DeclaredStorage.NO_VOLUMES;
    }
    var refusal = RootBricks.refusal(target, seen);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    var check = Checks.repairedBy(pieces().check(seen), GlusterServer::bringingLast);
    return takenOver(check, seen);
  }

  /** One that runs is known already, so that a plan can say the rest. */
  static Check takenOver(Check check, Observations seen) {
    return check instanceof Check.Drift drift && goesOn(drift, seen)
        ? Checks.meanwhile(check, () -> Checks.together(observed(seen), setUpByOthers(drift, seen)))
        : Checks.then(check, () -> observed(seen));
  }

  /** Whether the daemon runs, and nothing that is to be done touches it. */
  private static boolean goesOn(Check.Drift drift, Observations seen) {
    return seen.of(Units.of(UNIT)).isRunning()
        && drift.changes().stream()
            .allMatch(change ->
                change.subject().equals(DROP_IN_PATH) || change.action() == Change.Action.ENABLE);
  }

  /** Volumes where our file was never written. */
  private static Check setUpByOthers(Check.Drift drift, Observations seen) {
    var isNew = drift.changes().stream().anyMatch(it -> it.action() == Change.Action.CREATE);
    if (!isNew
        || !(seen.of(GlusterLook.INFO) instanceof Reading.Of<List<VolumeInfo>>(var volumes))
        || volumes.isEmpty()) {
      return new Check.InSync();
    }
    return new Check.InSync(
        Observed.noting(
            "glusterd was set up by somebody else and is taken over as it runs, with %s: neither it nor a brick is restarted"
                .formatted(
                    volumes.stream()
                        .map(it -> "volume %s (%d bricks)".formatted(it.name(), it.bricks().size()))
                        .collect(Collectors.joining(", ")))));
  }

  /** It also has systemd read the file. */
  private static Repair bringingLast(Repair repair) {
    if (!(repair instanceof Repair.OnHost(var scripts, var brings))) {
      throw new IllegalStateException("a piece of a host is repaired on that host: " + repair);
    }
    var all = new ArrayList<>(scripts);
    all.remove(bring());
    all.add(bring());
    return new Repair.OnHost(all, brings);
  }

  private static Check observed(Observations seen) {
    if (!(seen.of(GlusterLook.PEERS) instanceof Reading.Of<Pool>(var pool))
        || !(seen.of(GlusterLook.INFO) instanceof Reading.Of<List<VolumeInfo>>(var volumes))) {
      return new Check.NotYet(
          "glusterd to answer",
          Duration.ofMinutes(2),
          Call.of(GlusterScripts.IDENTITY),
          Call.of(GlusterScripts.SHOW_POOL));
    }
    var settled = !pool.isAlone() || !volumes.isEmpty();
    return new Check.InSync(
        Observed.of(ServerIdentity.OUTPUT, new ServerIdentity(seen.of(GlusterLook.UUID), settled)));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return DeclaredStorage.concerns(target) ? Set.of(ServerIdentity.OUTPUT) : Set.of();
  }
}

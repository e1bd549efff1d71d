package io.provision.steps.k3s;

import io.provision.model.Content;
import io.provision.model.Host;
import io.provision.model.Sha256;
import io.provision.remote.Call;
import io.provision.remote.Script;
import io.provision.render.Template;
import io.provision.resource.ManagedFile;
import io.provision.resource.Piece;
import io.provision.resource.unit.Takeover;
import io.provision.resource.unit.Unit;
import io.provision.resource.unit.Units;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.kubernetes.NodeUnit;
import io.provision.steps.kubernetes.Nodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The unit of k3s on one host, in a file of our own. It is started without waiting, and then waited
 * for with a deadline and the reason at hand.
 *
 * @param settings further files that it reads when it starts
 * @param binary the digest that is pinned; empty while it is not known, which asks the same
 */
record K3sService(Host host, List<String> settings, Optional<Sha256> binary) implements Piece {

  static final Duration START = Duration.ofMinutes(5);
  private static final Template FILE = Template.of("k3s/k3s.service.ftl");

  /** What the template sees: the kind of service, the line of the record, and what is started. */
  private record Model(String type, String record, String binary, String command) {}

  /** The unit on this host, with the files that its inventory has it read. */
  static K3sService of(Target.OnHost target, Optional<Sha256> binary) {
    return new K3sService(target.host(), ProgramSettings.of(target).paths(), binary);
  }

  /** What k3s reads when it starts. */
  private List<String> files() {
    var files = new ArrayList<>(List.of(path(), K3s.BINARY, K3s.CONFIG, K3s.REGISTRIES));
    if (Nodes.isServer(host)) {
      files.add(K3s.SERVER_TOKEN);
    }
    files.add(K3s.AGENT_TOKEN);
    files.addAll(settings);
    return List.copyOf(files);
  }

  private String path() {
    return "/etc/systemd/system/" + K3s.unit(host);
  }

  ManagedFile file() {
    return ManagedFile.of(path(), content());
  }

  /** As the installer of k3s writes it (github.com/k3s-io/k3s, install.sh), and the record. */
  private Content content() {
    var server = Nodes.isServer(host);
    return FILE.render(
        new Model(
            server ? "notify" : "exec",
            Units.recordLine(files()),
            K3s.BINARY,
            server ? "server" : "agent"));
  }

  private Unit unit() {
    var unit = Unit.running(K3s.unit(host)).reading(file());
    return binary
        .map(digest -> unit.reading(K3s.BINARY, digest))
        .orElse(unit)
        .readingAsFound(files());
  }

  @Override
  public Probes probes() {
    return file().probes().and(unit().probes());
  }

  @Override
  public Check check(Observations seen) {
    return Checks.together(file().check(seen), started(unit().check(seen)));
  }

  @Override
  public Optional<Change> whenChanged(String subject) {
    return unit().whenChanged(subject);
  }

  /**
   * A k3s of somebody else gets our unit. Where nothing differs it goes on: that it was started
   * with these files is written down before the unit's own file is, so that a run that is killed in
   * between begins again.
   *
   * @param reasons why it has to be started again
   */
  Check takenOver(Observations seen, List<String> reasons) {
    var file = file().check(seen);
    if (!(file instanceof Check.Drift drift)) {
      return file; // something else lies in its place
    }
    var all = new ArrayList<>(drift.changes());
    var subject = "unit " + K3s.unit(host);
    if (reasons.isEmpty()) {
      all.add(
          Change.of(
              Change.Action.UPDATE, subject, "of somebody else", "taken over, without a restart"));
      var scripts = new ArrayList<>(Takeover.scripts(unit(), List.of(file())));
      scripts.add(Takeover.kept(unit()));
      return new Check.Drift(all, new Repair.OnHost(scripts, false));
    }
    all.add(
        Change.of(Change.Action.RESTART, subject, String.join(", ", reasons), "as the files say"));
    return new Check.Drift(
        all,
        new Repair.OnHost(
            List.of(file().write(), Script.of(NodeUnit.START, K3s.unit(host))), true));
  }

  /** As k3s is started, and waited for. */
  private Check started(Check unit) {
    var start = new Repair.OnHost(List.of(Script.of(NodeUnit.START, K3s.unit(host))), true);
    return unit instanceof Check.NotYet ? starting() : Checks.repairedBy(unit, _ -> start);
  }

  private Check starting() {
    return waiting(
        "%s to be up".formatted(K3s.unit(host)), Call.of(K3sFailure.UNIT_UP, K3s.unit(host)));
  }

  /** Waits for something of this unit, with its last lines as evidence. */
  Check.NotYet waiting(String awaited, Call until) {
    return new Check.NotYet(awaited, START, until, Call.of(K3sFailure.EXPLAIN, K3s.unit(host)));
  }

  /** Whether a check would stop what runs now. */
  static boolean restarts(Check check) {
    return check instanceof Check.Drift drift
        && drift.changes().stream().anyMatch(change -> change.action() == Change.Action.RESTART);
  }
}

package io.provision.steps.kubeadm;

import io.provision.remote.Script;
import io.provision.render.Template;
import io.provision.resource.ManagedFile;
import io.provision.resource.unit.Takeover;
import io.provision.resource.unit.Unit;
import io.provision.resource.unit.UnitScripts;
import io.provision.resource.unit.Units;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubeadm.adoption.ForeignNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code kubelet}: its unit is there and starts at boot, and it runs with the files that are there
 * as soon as kubeadm has given it some. Pods go on while it restarts.
 */
public record Kubelet() implements Step<Target.OnHost> {
  private static final String PATH = "/etc/systemd/system/" + Kubeadm.SERVICE;
  private static final Template FILE = Template.of("kubeadm/kubelet.service.ftl");
  private static final Template DROP_IN = Template.of("kubeadm/10-kubeadm.conf.ftl");

  /** What it reads when it starts. */
  private static final List<String> READS =
      List.of(
          PATH,
          Kubeadm.KUBELET,
          "/var/lib/kubelet/config.yaml",
          "/var/lib/kubelet/kubeadm-flags.env");

  /** What the template sees: the line of the record, and what is started. */
  private record Model(String record, String binary) {}

  /** Which unit says it instead. */
  private record InItsPlace(String unit) {}

  /**
   * As its publisher's package has it (github.com/kubernetes/release, kubepkg's kubelet and
   * 10-kubeadm.conf), and the record.
   */
  private static final ManagedFile UNIT_FILE =
      ManagedFile.of(PATH, FILE.render(new Model(Units.recordLine(READS), Kubeadm.KUBELET)));

  /**
   * In the place of the one in /usr/lib that kubeadm's package has of this name (systemd.unit(5)):
   * what the unit runs is said once.
   */
  private static final ManagedFile NO_DROP_IN =
      ManagedFile.of(
          "/etc/systemd/system/%s.d/10-kubeadm.conf".formatted(Kubeadm.SERVICE),
          DROP_IN.render(new InItsPlace(PATH)));

  private static final Unit RUNNING =
      Unit.running(Kubeadm.SERVICE).reading(UNIT_FILE).readingAsFound(READS);

  /**
   * One that has no configuration yet would only fail; so may one that a killed run was giving
   * another, and that is gone on with after this.
   */
  private static final Unit AT_BOOT =
      new Unit(Kubeadm.SERVICE, Unit.Run.ANY, Unit.Boot.ENABLED, Map.of());

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(KubeadmLooks.BASICS, ForeignNode.QUESTION)
        .and(UNIT_FILE.probes())
        .and(NO_DROP_IN.probes())
        .and(RUNNING.probes());
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return Set.of(Need.local(Kubeadm.PINNED));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(
        Change.Action.CREATE,
        Change.Action.UPDATE,
        Change.Action.ENABLE,
        Change.Action.START,
        Change.Action.RESTART);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var basics = seen.of(KubeadmLooks.BASICS);
    var foreign = seen.of(ForeignNode.QUESTION);
    if (foreign.runsByAnotherUnit()) {
      return takenOver(seen, reasons(target, seen, known));
    }
    var unit = basics.configured() && !basics.changing() ? RUNNING : AT_BOOT;
    var dropIn =
        foreign.isThere() || KubeadmPrograms.packages(target).isPresent()
            ? NO_DROP_IN.check(seen)
            : new Check.InSync();
    return Checks.together(UNIT_FILE.check(seen), dropIn, unit.check(seen));
  }

  /** Why a kubelet of somebody else has to be started again; none where it may go on. */
  static List<String> reasons(Target.OnHost target, Observations seen, Known known) {
    var foreign = seen.of(ForeignNode.QUESTION);
    var reasons = new ArrayList<String>();
    foreign.newer().forEach(path -> reasons.add("started before %s was written".formatted(path)));
    var arch = seen.of(KubeadmLooks.BASICS).arch();
    var pinned = KubeadmPrograms.digest(target, arch, "kubelet", known);
    if (pinned.isPresent() && !pinned.equals(foreign.program())) {
      reasons.add("what runs is not the %s of the inventory".formatted(Kubeadm.KUBELET));
    }
    return List.copyOf(reasons);
  }

  /**
   * The drop-in comes last: by the unit without it the kubelet starts as it did, and by the drop-in
   * without the unit it would not. Both may be there already, where a run was killed before systemd
   * read them.
   */
  private static Check takenOver(Observations seen, List<String> reasons) {
    var file = UNIT_FILE.check(seen);
    var dropIn = NO_DROP_IN.check(seen);
    if (file instanceof Check.Refused || dropIn instanceof Check.Refused) {
      return Checks.together(file, dropIn); // something else lies in its place
    }
    var changes = new ArrayList<Change>();
    for (var each : List.of(file, dropIn)) {
      if (each instanceof Check.Drift drift) {
        changes.addAll(drift.changes());
      }
    }
    var subject = "unit " + Kubeadm.SERVICE;
    changes.add(
        reasons.isEmpty()
            ? Change.of(
                Change.Action.UPDATE, subject, "of somebody else", "taken over, without a restart")
            : Change.of(
                Change.Action.RESTART, subject, String.join(", ", reasons), "as the files say"));
    var scripts = new ArrayList<Script>();
    if (reasons.isEmpty()) {
      scripts.addAll(Takeover.scripts(RUNNING, List.of(UNIT_FILE)));
      scripts.add(NO_DROP_IN.write());
      scripts.add(Takeover.kept(RUNNING));
    } else {
      scripts.add(UNIT_FILE.write());
      scripts.add(NO_DROP_IN.write());
      scripts.add(Script.of(UnitScripts.BRING, Kubeadm.SERVICE, "restart", "enable"));
    }
    return new Check.Drift(changes, new Repair.OnHost(scripts, true));
  }
}

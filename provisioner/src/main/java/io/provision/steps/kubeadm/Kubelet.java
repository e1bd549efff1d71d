package io.provision.steps.kubeadm;

import io.provision.render.Template;
import io.provision.resource.ManagedFile;
import io.provision.resource.unit.Unit;
import io.provision.resource.unit.Units;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
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
    return Probes.of(KubeadmLooks.BASICS)
        .and(UNIT_FILE.probes())
        .and(NO_DROP_IN.probes())
        .and(RUNNING.probes());
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
    var unit = basics.configured() && !basics.changing() ? RUNNING : AT_BOOT;
    var dropIn =
        KubeadmPrograms.packages(target).isPresent() ? NO_DROP_IN.check(seen) : new Check.InSync();
    return Checks.together(UNIT_FILE.check(seen), dropIn, unit.check(seen));
  }
}

package io.provision.steps.kubeadm.runtime;

import io.provision.remote.Script;
import io.provision.render.Template;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.resource.unit.Takeover;
import io.provision.resource.unit.Unit;
import io.provision.resource.unit.UnitScripts;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code container-runtime}: containerd runs, configured for the kubelet of this version; so is
 * crictl. Its packages are installed before. A restart of containerd leaves pods running; but one
 * that does not start with its new configuration would end the use of its node. So that of a node
 * that lives is left to {@code kubeadm-settings}, which changes one after another.
 */
public record ContainerRuntime() implements Step<Target.OnHost> {
  /** Where it is asked. */
  public static final String SOCKET = "unix:///run/containerd/containerd.sock";

  public static final String SERVICE = "containerd.service";

  /** Of programs that are not of the host's system. */
  static final String UNIT_PATH = "/etc/systemd/system/" + SERVICE;

  private static final Template UNIT = Template.of("kubeadm/containerd.service.ftl");
  private static final Template CRICTL = Template.of("kubeadm/crictl.yaml.ftl");
  private static final CniPlugins PLUGINS = new CniPlugins();

  /** What the template of the unit sees. */
  private record Started(String binary) {}

  /** As its publisher has it (github.com/containerd/containerd, containerd.service). */
  private static final ManagedFile UNIT_FILE =
      ManagedFile.of(UNIT_PATH, UNIT.render(new Started("/usr/local/bin/containerd")));

  /** What the template of crictl's file sees. */
  private record Socket(String socket) {}

  private static final ManagedFile CRICTL_FILE =
      ManagedFile.of("/etc/crictl.yaml", CRICTL.render(new Socket(SOCKET)));

  /** A node of a cluster has it, and from when on it is one that was begun or joined. */
  private static final String JOINED = "/etc/kubernetes/kubelet.conf";

  private static final List<String> COMING =
      List.of("/etc/kubernetes/provision/begun", "/etc/kubernetes/provision/joining");

  /** What a plan cannot know before kubeadm is there. */
  public static final String UNKNOWN =
      "the image of pods' sandboxes, which kubeadm names once it is installed";

  /** There while settings of a node that lives are changed. */
  public static final String CHANGING = "/etc/kubernetes/provision/changing";

  /** That of the host's system reads its configuration. */
  private static final Unit OF_SYSTEM =
      Unit.running(SERVICE).readingAsFound(List.of(ContainerdConfig.PATH));

  /** One that we brought is another one with another record as well. */
  private static final Unit OURS =
      OF_SYSTEM.readingAsFound(
          List.of(
              UNIT_PATH, "%s/%s".formatted(RuntimePrograms.RECORDS, RuntimeRelease.CONTAINERD)));

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(
            RuntimeLooks.CONTAINERD,
            ImageNames.of(target),
            Files.publicText(ContainerdConfig.PATH),
            ForeignRuntime.QUESTION)
        .and(PLUGINS.probes())
        .and(CRICTL_FILE.probes())
        .and(UNIT_FILE.probes())
        .and(OF_SYSTEM.dropIn().probes())
        .and(OURS.dropIn().probes())
        .and(OURS.probes())
        .and(RuntimePrograms.of(target).probes())
        .and(Probes.of(Files.at(JOINED), Files.at(CHANGING)))
        .and(Probes.of(Files.at(COMING.getFirst()), Files.at(COMING.getLast())));
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
    var version = ContainerdConfig.version(target, seen);
    if (version.isEmpty()) {
      return new Check.Unknown("the version of containerd, which is not installed yet", mayDo());
    }
    var skipped = ContainerdConfig.skipped(target, version.get());
    if (skipped.isPresent()) {
      return new Check.Refused(
          "its containerd is %s: %s".formatted(version.get(), skipped.get()),
          "write under 'containerd' of this host what its own version has, or give it another containerd");
    }
    var config = config(target, seen);
    if (config.isEmpty()) {
      return new Check.Unknown(UNKNOWN, mayDo());
    }
    var checks = new ArrayList<Check>(List.of(CRICTL_FILE.check(seen)));
    var isOurs = RuntimePrograms.brought(seen);
    if (isOurs) {
      checks.add(UNIT_FILE.check(seen));
    } else if (RuntimeRelease.of(target).isEmpty()) {
      checks.add(PLUGINS.check(seen));
    }
    var unit = unit(seen);
    if (!lives(seen)) {
      checks.addFirst(config.get().check(seen.of(Files.publicText(ContainerdConfig.PATH))));
      checks.add(unit.dropIn().check(seen));
      checks.add(unit.reading(config.get()).check(seen));
    } else if (isForeign(unit, seen)) {
      checks.add(takenOver(unit, seen));
    } else if (!seen.of(Files.at(CHANGING)).exists()) {
      checks.add(unit.dropIn().check(seen));
      checks.add(unit.check(seen));
    }
    return Checks.together(checks);
  }

  private static Unit unit(Observations seen) {
    return RuntimePrograms.brought(seen) ? OURS : OF_SYSTEM;
  }

  /**
   * One that runs on a node that is being taken over, and is not recorded as it was started: with
   * what its file says, which is older than its start. A record that says another thing is of a run
   * that was killed before it wrote the file.
   */
  private static boolean isForeign(Unit unit, Observations seen) {
    var said = seen.of(ForeignRuntime.QUESTION);
    if (!said.isTold() || said.isNewer()) {
      return false;
    }
    var does =
        unit.check(seen) instanceof Check.Drift drift
            ? drift.changes().stream().map(Change::action).toList()
            : List.<Change.Action>of();
    return !does.contains(Change.Action.START)
        && (does.contains(Change.Action.RESTART)
            || unit.dropIn().check(seen) instanceof Check.Drift);
  }

  /** It goes on with its own file, and is given ours in its turn. */
  private static Check takenOver(Unit unit, Observations seen) {
    var changes = new ArrayList<Change>();
    if (unit.dropIn().check(seen) instanceof Check.Drift record) {
      changes.addAll(record.changes());
    }
    changes.add(
        Change.of(
            Change.Action.UPDATE,
            "unit " + SERVICE,
            "of somebody else",
            "taken over, without a restart"));
    var scripts = new ArrayList<>(Takeover.scripts(unit, List.of(unit.dropIn())));
    scripts.add(Takeover.kept(unit));
    return new Check.Drift(changes, new Repair.OnHost(scripts, true));
  }

  /**
   * What makes a node that lives run what was installed: its unit, its configuration, and a
   * restart, which leaves pods running. While a plan cannot know the configuration, it stays, and
   * {@code kubeadm-settings} has it.
   */
  public static List<Script> switched(Target.OnHost target, Observations seen) {
    var scripts = new ArrayList<>(List.of(UNIT_FILE.write(), OURS.dropIn().write()));
    config(target, seen).map(ManagedFile::write).ifPresent(scripts::add);
    scripts.add(Script.of(UnitScripts.BRING, SERVICE, "restart", "enable"));
    return List.copyOf(scripts);
  }

  private static boolean lives(Observations seen) {
    return seen.of(Files.at(JOINED)).exists()
        && COMING.stream().noneMatch(path -> seen.of(Files.at(path)).exists());
  }

  /** Whether a plan cannot know yet what its configuration should be. */
  public static boolean isUnknown(Target.OnHost target, Observations seen) {
    return config(target, seen).isEmpty();
  }

  private static Optional<ManagedFile> config(Target.OnHost target, Observations seen) {
    return ContainerdConfig.of(target, seen).map(ContainerdConfig::file);
  }

  /**
   * What is left to do.
   *
   * @param changes as a plan shows them
   * @param restarts whether it is started again
   */
  public record Left(List<Change> changes, List<Script> scripts, boolean restarts) {
    public Left {
      changes = List.copyOf(changes);
      scripts = List.copyOf(scripts);
    }
  }

  /**
   * What of its configuration is another on a node that lives, and how it becomes what is wanted;
   * empty where nothing is, and where another containerd comes with it.
   *
   * @param behind whom it waits for, for people
   */
  public static Optional<Left> left(Target.OnHost target, Observations seen, String behind) {
    return config(target, seen)
        .filter(_ -> RuntimePrograms.of(target).hasCome(seen))
        .flatMap(file -> {
          var check = file.check(seen.of(Files.publicText(ContainerdConfig.PATH)));
          var scripts = new ArrayList<Script>();
          var changes = new ArrayList<Change>();
          if (check instanceof Check.Drift different && ForeignRuntime.goesOn(target, seen)) {
            return Optional.of(
                new Left(
                    different.changes(),
                    Takeover.scripts(unit(seen), List.of(file, unit(seen).dropIn())),
                    false));
          }
          if (check instanceof Check.Drift different) {
            changes.addAll(different.changes());
            scripts.add(file.write());
          }
          // a run may have been killed between the file and the restart
          if (changes.isEmpty() && !seen.of(Files.at(CHANGING)).exists()) {
            return Optional.empty();
          }
          changes.add(Change.of(Change.Action.RESTART, "unit " + SERVICE + behind));
          scripts.add(Script.of(UnitScripts.BRING, SERVICE, "restart", "-"));
          return Optional.of(new Left(changes, scripts, true));
        });
  }
}

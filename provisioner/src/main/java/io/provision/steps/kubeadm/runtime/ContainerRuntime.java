package io.provision.steps.kubeadm.runtime;

import io.provision.remote.Script;
import io.provision.render.Template;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.resource.unit.Unit;
import io.provision.resource.unit.UnitScripts;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
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

  private static final String SERVICE = "containerd.service";
  private static final Template CRICTL = Template.of("kubeadm/crictl.yaml.ftl");
  private static final CniPlugins PLUGINS = new CniPlugins();

  /** What the template of crictl's file sees. */
  private record Socket(String socket) {}

  private static final ManagedFile CRICTL_FILE =
      ManagedFile.of("/etc/crictl.yaml", CRICTL.render(new Socket(SOCKET)));

  /** It says what containerd was started with. */
  private static final ManagedFile DROP_IN =
      Unit.running(SERVICE).readingAsFound(List.of(ContainerdConfig.PATH)).dropIn();

  /** A node of a cluster has it, and from when on it is one that was begun or joined. */
  private static final String JOINED = "/etc/kubernetes/kubelet.conf";

  private static final List<String> COMING =
      List.of("/etc/kubernetes/provision/begun", "/etc/kubernetes/provision/joining");

  /** What a plan cannot know before kubeadm is there. */
  public static final String UNKNOWN =
      "the image of pods' sandboxes, which kubeadm names once it is installed";

  /** There while settings of a node that lives are changed. */
  public static final String CHANGING = "/etc/kubernetes/provision/changing";

  private static final Unit AS_FOUND =
      Unit.running(SERVICE).readingAsFound(List.of(ContainerdConfig.PATH));

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(
            RuntimeLooks.CONTAINERD, ImageNames.of(target), Files.publicText(ContainerdConfig.PATH))
        .and(PLUGINS.probes())
        .and(CRICTL_FILE.probes())
        .and(DROP_IN.probes())
        .and(AS_FOUND.probes())
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
    var version = seen.of(RuntimeLooks.CONTAINERD);
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
    var checks = new ArrayList<>(List.of(CRICTL_FILE.check(seen), PLUGINS.check(seen)));
    if (!lives(seen)) {
      checks.addFirst(config.get().check(seen.of(Files.publicText(ContainerdConfig.PATH))));
      checks.add(DROP_IN.check(seen));
      checks.add(Unit.running(SERVICE).reading(config.get()).check(seen));
    } else if (!seen.of(Files.at(CHANGING)).exists()) {
      checks.add(DROP_IN.check(seen));
      checks.add(AS_FOUND.check(seen));
    }
    return Checks.together(checks);
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
    var version = seen.of(RuntimeLooks.CONTAINERD);
    var sandbox =
        seen.of(ImageNames.of(target)).stream()
            .filter(image -> image.contains("/pause:"))
            .findFirst();
    return version.isEmpty() || ContainerdConfig.skipped(target, version.get()).isPresent()
        ? Optional.empty()
        : sandbox.map(image -> new ContainerdConfig(target, version.get(), image).file());
  }

  /**
   * What is left to do.
   *
   * @param changes as a plan shows them
   */
  public record Left(List<Change> changes, List<Script> scripts) {
    public Left {
      changes = List.copyOf(changes);
      scripts = List.copyOf(scripts);
    }
  }

  /**
   * What of its configuration is another on a node that lives, and how it becomes what is wanted;
   * empty where nothing is.
   *
   * @param behind whom it waits for, for people
   */
  public static Optional<Left> left(Target.OnHost target, Observations seen, String behind) {
    return config(target, seen)
        .flatMap(file -> {
          var check = file.check(seen.of(Files.publicText(ContainerdConfig.PATH)));
          var scripts = new ArrayList<Script>();
          var changes = new ArrayList<Change>();
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
          return Optional.of(new Left(changes, scripts));
        });
  }
}

package io.provision.steps.kubeadm.runtime;

import io.provision.render.Template;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.resource.unit.Unit;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.List;
import java.util.Set;

/**
 * {@code container-runtime}: containerd runs, configured for the kubelet of this version; so is
 * crictl. Its packages are installed before. A restart of containerd leaves pods running.
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

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(
            RuntimeLooks.CONTAINERD, ImageNames.of(target), Files.publicText(ContainerdConfig.PATH))
        .and(PLUGINS.probes())
        .and(CRICTL_FILE.probes())
        .and(DROP_IN.probes())
        .and(Unit.running(SERVICE).probes());
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
    var sandbox =
        seen.of(ImageNames.of(target)).stream()
            .filter(image -> image.contains("/pause:"))
            .findFirst();
    if (sandbox.isEmpty()) {
      return new Check.Unknown(
          "the image of pods' sandboxes, which kubeadm names once it is installed", mayDo());
    }
    var config = new ContainerdConfig(target, version.get(), sandbox.get()).file();
    return Checks.together(
        config.check(seen.of(Files.publicText(ContainerdConfig.PATH))),
        CRICTL_FILE.check(seen),
        PLUGINS.check(seen),
        DROP_IN.check(seen),
        Unit.running(SERVICE).reading(config).check(seen));
  }
}

package io.provision.steps.kubeadm.runtime;

import io.provision.model.Content;
import io.provision.model.Secret;
import io.provision.model.Version;
import io.provision.render.Template;
import io.provision.render.TomlContent;
import io.provision.render.YamlContent;
import io.provision.resource.ManagedFile;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Target;
import io.provision.steps.kubernetes.images.RegistriesSection;
import io.provision.steps.kubernetes.settings.ContainerdSection;
import io.provision.steps.kubernetes.settings.HostContainerd;
import io.provision.steps.kubernetes.settings.Overrides;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code config.toml} of containerd: version 2 of its format for 1.6 and 1.7, version 3 for 2.x
 * (github.com/containerd/containerd, docs/cri/config.md). What the inventory sets of containerd is
 * merged over it, by the names that this version has.
 *
 * @param version of containerd
 * @param sandbox the image of pods' sandboxes, as this Kubernetes names it
 */
record ContainerdConfig(Target.OnHost target, Version version, String sandbox) {
  static final String PATH = "/etc/containerd/config.toml";
  private static final Template VERSION_2 = Template.of("kubeadm/containerd-2.toml.ftl");
  private static final Template VERSION_3 = Template.of("kubeadm/containerd-3.toml.ftl");

  /** What both templates see: tables, as text. */
  private record Model(String settings) {}

  /** The same, with logins in it. */
  private record SecretModel(Secret settings) {}

  /** What of the inventory the containerd of this version would pass over; empty where nothing. */
  static Optional<String> skipped(Target.OnHost target, Version version) {
    var own = Overrides.of(ContainerdSection.class, target.host(), target.cluster());
    return new HostContainerd().skipped(own, version);
  }

  /** That of this host; empty while its version or the image of sandboxes is not known. */
  static Optional<ContainerdConfig> of(Target.OnHost target, Observations seen) {
    var version = version(target, seen);
    var sandbox =
        seen.of(ImageNames.of(target)).stream()
            .filter(image -> image.contains("/pause:"))
            .findFirst();
    return version.isEmpty() || skipped(target, version.get()).isPresent()
        ? Optional.empty()
        : sandbox.map(image -> new ContainerdConfig(target, version.get(), image));
  }

  /** Of the containerd that is wanted. */
  static Optional<Version> version(Target.OnHost target, Observations seen) {
    return RuntimeRelease.of(target)
        .map(RuntimeRelease::containerd)
        .or(() -> seen.of(RuntimeLooks.CONTAINERD));
  }

  /** What those two ask. */
  static Probes probes(Target.OnHost target) {
    return Probes.of(RuntimeLooks.CONTAINERD, ImageNames.of(target));
  }

  /** For root alone where it holds logins. */
  ManagedFile file() {
    return ManagedFile.of(PATH, content());
  }

  /** All that the file says. */
  Map<String, Object> settings() {
    return Overrides.merged(
        version.major() >= 2 ? ofVersion3() : ofVersion2(),
        Overrides.of(ContainerdSection.class, target.host(), target.cluster()));
  }

  private Content content() {
    var all = settings();
    var template = version.major() >= 2 ? VERSION_3 : VERSION_2;
    return YamlContent.holdsSecret(all)
        ? template.render(new SecretModel(TomlContent.secretText(all)))
        : template.render(new Model(TomlContent.text(all).stripTrailing()));
  }

  private Map<String, Object> ofVersion2() {
    var cri = new TreeMap<String, Object>();
    cri.put("sandbox_image", sandbox);
    cri.put("cni", Map.of("bin_dir", RuntimeLooks.PLUGINS_FOLDER));
    cri.put("containerd", Map.of("runtimes", Map.of("runc", runc())));
    cri.put("registry", registry());
    return Map.of("plugins", Map.of("io.containerd.grpc.v1.cri", cri));
  }

  /** {@code bin_dirs} took the place of {@code bin_dir} in 2.1. */
  private Map<String, Object> ofVersion3() {
    Map<String, Object> cni =
        version.major() > 2 || version.minor() >= 1
            ? Map.of("bin_dirs", List.of(RuntimeLooks.PLUGINS_FOLDER))
            : Map.of("bin_dir", RuntimeLooks.PLUGINS_FOLDER);
    var images = new TreeMap<String, Object>();
    images.put("pinned_images", Map.of("sandbox", sandbox));
    images.put("registry", registry());
    var runtime = new TreeMap<String, Object>();
    runtime.put("cni", cni);
    runtime.put("containerd", Map.of("runtimes", Map.of("runc", runc())));
    return Map.of(
        "plugins",
        Map.of("io.containerd.cri.v1.images", images, "io.containerd.cri.v1.runtime", runtime));
  }

  /**
   * Logins have no other place: hosts.toml has none, and they are kept until there is one
   * (github.com/containerd/containerd, docs/cri/registry.md).
   */
  private Map<String, Object> registry() {
    var registry = new TreeMap<String, Object>();
    registry.put("config_path", RegistryHosts.FOLDER);
    var logins = new RegistryHosts(RegistriesSection.of(target.cluster())).logins();
    if (!logins.isEmpty()) {
      registry.put("configs", logins);
    }
    return registry;
  }

  private Map<String, Object> runc() {
    var isSystemd = CgroupDriver.of(target) == CgroupDriver.SYSTEMD;
    var runc = new TreeMap<String, Object>();
    runc.put("runtime_type", "io.containerd.runc.v2");
    runc.put("options", Map.of("SystemdCgroup", isSystemd));
    return runc;
  }
}

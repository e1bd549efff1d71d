package io.provision.steps.kubeadm.runtime;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.model.Version;
import io.provision.step.Target;
import java.util.List;
import java.util.Optional;

/**
 * The container runtime that the inventory declares: programs as their publishers release them, in
 * place of the packages of the host's system.
 */
public record RuntimeRelease(Version containerd, Version runc, Version cniPlugins) {
  static final String CONTAINERD = "containerd";

  /** Empty where nodes run the containerd of their system. */
  static Optional<RuntimeRelease> of(Target target) {
    return target.cluster().sections().find(RuntimeRelease.class);
  }

  /** How what is published becomes programs. */
  enum Form {
    /** The file is the program. */
    FILE,
    /** An archive with programs in {@code bin/}. */
    BIN,
    /** An archive with programs at its top. */
    FLAT
  }

  /**
   * One thing that is published.
   *
   * @param name of the program, as artifacts and records on hosts have it
   * @param file as the artifact directory has it
   * @param place where its programs go
   * @param needed which it has to have at least
   */
  record Part(
      String name, Version version, String file, Form form, String place, List<String> needed) {
    Part {
      needed = List.copyOf(needed);
    }

    ArtifactId artifact(String arch) {
      return new ArtifactId(name, version.toString(), arch, file);
    }
  }

  /**
   * Where their own guide has them (github.com/containerd/containerd, docs/getting-started.md). The
   * PATH that systemd gives to services has these places before those of packages.
   */
  List<Part> parts() {
    return List.of(
        new Part(
            CONTAINERD,
            containerd,
            "containerd.tar.gz",
            Form.BIN,
            "/usr/local/bin",
            List.of("containerd", "containerd-shim-runc-v2", "ctr")),
        new Part("runc", runc, "runc", Form.FILE, "/usr/local/sbin", List.of("runc")),
        new Part(
            "cni-plugins",
            cniPlugins,
            "cni-plugins.tgz",
            Form.FLAT,
            RuntimeLooks.PLUGINS_FOLDER,
            CniPlugins.NEEDED));
  }

  /** All that a host of this architecture needs. */
  public static List<ArtifactId> artifacts(Target target, String arch) {
    return of(target).stream()
        .flatMap(it -> it.parts().stream())
        .map(part -> part.artifact(arch))
        .toList();
  }
}

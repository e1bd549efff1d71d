package io.provision.steps.kubeadm.runtime;

import io.provision.model.Kubernetes.Trait;
import io.provision.model.Version;
import io.provision.section.Findings;
import io.provision.section.Key;
import io.provision.section.Outline;
import io.provision.section.Section;
import io.provision.section.Source;
import java.util.List;
import java.util.Optional;

/** What the inventory says below {@code cluster.container_runtime}. */
public record RuntimeSection(
    Source source,
    @Key(value = "The version of containerd.", example = "v2.3.4") Optional<Version> containerd,
    @Key(value = "The version of runc.", example = "v1.5.1") Optional<Version> runc,
    @Key(value = "The version of the CNI plugins.", example = "v1.9.1")
        Optional<Version> cniPlugins)
    implements Section {
  static final List<String> REQUIRED = List.of("containerd", "runc", "cniPlugins");

  /** Its configuration is written for this one and later ones; nobody maintains older ones. */
  private static final Version FIRST = new Version(1, 7, 0, "");

  @Override
  public RuntimeRelease settled() {
    return new RuntimeRelease(
        containerd.orElseThrow(), runc.orElseThrow(), cniPlugins.orElseThrow());
  }

  @Override
  public void check(Outline outline, Findings findings) {
    outline.onlyOfKubernetes("container_runtime", source, findings);
    outline
        .distribution()
        .filter(it -> it.isKubernetes() && !it.has(Trait.RUNS_HOST_CONTAINERD))
        .ifPresent(it ->
            findings.add(
                source.position(),
                "'container_runtime' is for distribution kubeadm: %s brings its own. take it out."
                    .formatted(it.name())));
    containerd
        .filter(it -> it.compareTo(FIRST) < 0)
        .ifPresent(it ->
            findings.add(
                source.at("containerd"),
                "containerd %s is maintained no more. take %s or later.".formatted(it, FIRST)));
  }
}

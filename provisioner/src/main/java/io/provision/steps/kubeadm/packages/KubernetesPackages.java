package io.provision.steps.kubeadm.packages;

import io.provision.model.Content;
import io.provision.model.Version;
import io.provision.remote.Script;
import io.provision.resource.packages.PackageRepository;
import io.provision.resource.packages.PublishedPackages;
import io.provision.resource.packages.Wanted;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The packages that the inventory declares, of its version of Kubernetes. What goes with the
 * kubelet is apart: on a node that lives it is installed only once the node is drained.
 */
public record KubernetesPackages(PublishedPackages packages, ProgramLinks links) {
  private static final String NAME = "kubernetes";

  /** Their versions are those of Kubernetes. */
  private static final List<String> PROGRAMS = List.of("kubeadm", "kubelet", "kubectl");

  /** What the kubelet's package needs besides; kubeadm's needs the other. */
  private static final String PLUGINS = "kubernetes-cni";

  private static final List<String> OF_KUBELET = List.of("kubelet", PLUGINS);
  private static final List<String> OTHERS = List.of("kubeadm", "kubectl", "cri-tools");

  /** What tells of a host which packages it has by us. */
  public static final String RECORD = PackageRepository.record(NAME);

  /** Empty where the inventory wants them as programs without packages. */
  public static Optional<KubernetesPackages> of(Target target, Version version) {
    return target
        .cluster()
        .sections()
        .find(PackagesSection.class)
        .map(section ->
            new KubernetesPackages(
                new PublishedPackages(repository(section, version), wanted(version)),
                new ProgramLinks(PROGRAMS, PROGRAMS)));
  }

  private static PackageRepository repository(PackagesSection section, Version version) {
    return new PackageRepository(
        NAME,
        section.repository().orElseThrow().of(version),
        section.key().orElseThrow().value(),
        section.keyFile().map(KubernetesPackages::text));
  }

  private static Content.Plain text(Path file) {
    try {
      return new Content.Plain(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Wanted> wanted(Version version) {
    var written =
        "%d.%d.%d%s"
            .formatted(
                version.major(),
                version.minor(),
                version.patch(),
                version.build().replaceFirst("^-", "~"));
    return Stream.concat(
            PROGRAMS.stream().map(it -> new Wanted(it, Optional.of(written))),
            Stream.of("cri-tools", PLUGINS).map(it -> new Wanted(it, Optional.empty())))
        .toList();
  }

  /** What takes away what we brought, whatever the inventory says by now. */
  public static Script removed() {
    return PublishedPackages.removed(NAME);
  }

  public Probes probes() {
    return packages.probes().and(links.probes());
  }

  /** All of them but what goes with the kubelet. */
  public KubernetesPackages others() {
    return new KubernetesPackages(packages.only(OTHERS), links.only(OTHERS));
  }

  /** What goes with the kubelet. */
  private KubernetesPackages ofKubelet() {
    return new KubernetesPackages(packages.only(OF_KUBELET), links.only(OF_KUBELET));
  }

  /** Whether they are there, held, and where ours calls them. */
  public Check check(Observations seen) {
    return Checks.together(packages.check(seen), links.check(seen));
  }

  /** Why they cannot be installed; empty where they can. */
  public Optional<Check> refusal(Observations seen) {
    return Optional.of(check(seen)).filter(Check.Refused.class::isInstance);
  }

  /** What differs, for a plan. */
  public List<Change> changes(Observations seen) {
    return check(seen) instanceof Check.Drift drift ? drift.changes() : List.of();
  }

  /** Before a node is drained: all of them are on the host, and all but the kubelet installed. */
  public List<Script> before(Observations seen) {
    var scripts = new ArrayList<Script>();
    if (!changes(seen).isEmpty()) {
      scripts.addAll(packages.staged());
    }
    scripts.addAll(others().installed(seen));
    return List.copyOf(scripts);
  }

  /** While the node is drained. */
  public List<Script> switched(Observations seen) {
    return ofKubelet().installed(seen);
  }

  private List<Script> installed(Observations seen) {
    return changes(seen).isEmpty() ? List.of() : List.of(packages.installed(), links.made());
  }
}

package io.provision.steps.kubeadm;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.model.Sha256;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.FileTransfer;
import io.provision.resource.Files;
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
import io.provision.steps.kubeadm.packages.KubernetesPackages;
import io.provision.steps.kubeadm.runtime.RuntimePrograms;
import io.provision.steps.kubernetes.Nodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * {@code kubeadm-programs}: kubeadm, kubelet and kubectl themselves, with the pinned digests, or as
 * packages of their publisher where the inventory says so; and those of the container runtime where
 * the inventory declares one. The kubelet of a node that lives and is older, and the runtime of one
 * that lives, are replaced in the order of its upgrade ({@link KubeadmUpgrade}); the others may be
 * newer than the cluster by a minor version.
 */
public record KubeadmPrograms() implements Step<Target.OnHost> {
  private static final Duration UPLOAD = Duration.ofMinutes(30);

  @Override
  public Probes probes(Target.OnHost target) {
    var probes = Probes.of(KubeadmLooks.BASICS).and(RuntimePrograms.of(target).probes());
    var packages = packages(target);
    if (packages.isPresent()) {
      return probes.and(packages.get().probes());
    }
    for (var program : KubeadmArtifacts.PROGRAMS) {
      probes = probes.and(Probes.of(Files.at(path(program))));
    }
    return probes;
  }

  static Optional<KubernetesPackages> packages(Target.OnHost target) {
    return KubernetesPackages.of(target, Nodes.version(target));
  }

  static String path(String program) {
    return "/usr/local/bin/" + program;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return Set.of(Need.local(Kubeadm.PINNED));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(
        Change.Action.CREATE, Change.Action.UPDATE, Change.Action.INSTALL, Change.Action.UPGRADE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return Checks.together(ofKubernetes(target, seen, known), ofRuntime(target, seen, known));
  }

  private static Check ofRuntime(Target.OnHost target, Observations seen, Known known) {
    var basics = seen.of(KubeadmLooks.BASICS);
    var lives = basics.livesAs(Nodes.isServer(target.host()));
    var runtime = RuntimePrograms.of(target);
    if (runtime.isMissing(basics.arch(), pinned(known))) {
      return noneFor(basics.arch());
    }
    return runtime
        .refusal(seen, lives)
        .orElseGet(
            () -> lives ? new Check.InSync() : runtime.check(seen, basics.arch(), pinned(known)));
  }

  private static Check ofKubernetes(Target.OnHost target, Observations seen, Known known) {
    var basics = seen.of(KubeadmLooks.BASICS);
    var isOlder = basics.isOlderThan(Nodes.version(target));
    var packages = packages(target);
    if (packages.isPresent()) {
      return (isOlder ? packages.get().others() : packages.get()).check(seen);
    }
    var arch = basics.arch();
    var changes = new ArrayList<Change>();
    var scripts = new ArrayList<Script>();
    for (var program : KubeadmArtifacts.PROGRAMS) {
      if (isOlder && path(program).equals(Kubeadm.KUBELET)) {
        continue;
      }
      var digest = digest(target, arch, program, known);
      if (digest.isEmpty()) {
        return noneFor(arch);
      }
      var file = seen.of(Files.at(path(program)));
      if (!isInPlace(file, digest.get())) {
        changes.add(install(target, program, file, digest.get()));
        scripts.add(push(target, arch, program, digest.get()));
      }
    }
    return changes.isEmpty()
        ? new Check.InSync()
        : new Check.Drift(changes, new Repair.OnHost(scripts, false));
  }

  static Check.Refused noneFor(String arch) {
    return new Check.Refused(
        "there is no Kubernetes for its processor (%s)"
            .formatted(arch.isEmpty() ? "unknown" : arch),
        "use a host with amd64 or arm64");
  }

  static boolean isInPlace(FileState file, Sha256 digest) {
    return file.holds(digest) && file.mode().equals(FileMode.PROGRAM);
  }

  static Change install(Target.OnHost target, String program, FileState file, Sha256 digest) {
    return Change.of(
        Change.Action.INSTALL,
        path(program),
        file.sha256().map(Sha256::brief).orElse(""),
        "%s (%s)".formatted(Nodes.version(target), digest.brief()));
  }

  static Optional<Sha256> digest(Target.OnHost target, String arch, String program, Known known) {
    return pinned(known).apply(Kubeadm.artifact(target, arch, program));
  }

  /** The digest of an artifact; empty where it is not pinned. */
  static Function<ArtifactId, Optional<Sha256>> pinned(Known known) {
    return id -> known.local(Kubeadm.PINNED).flatMap(pinned -> pinned.of(id));
  }

  static Script push(Target.OnHost target, String arch, String program, Sha256 digest) {
    var id = Kubeadm.artifact(target, arch, program).toString();
    return FileTransfer.push(path(program), FileMode.PROGRAM, new Payload.Artifact(id, digest))
        .within(UPLOAD);
  }
}

package io.provision.steps.kubeadm;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.model.Sha256;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.resource.FileTransfer;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code kubeadm-images}: the images of archives that the operator offers are in containerd. A
 * record beside them says which archive it was; an image that the kubelet removed since because
 * nothing used it is not brought again, but all are where none is left.
 */
public record KubeadmImages() implements Step<Target.OnHost> {
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final String FRESH = "/var/lib/provision/images.tar";

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(KubeadmLooks.BASICS, held(target));
  }

  private static Question<Map<String, ImageLooks.Held>> held(Target.OnHost target) {
    return ImageLooks.held(ImageArchive.all(target).stream().map(ImageArchive::record).toList());
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return Set.of(Need.local(Kubeadm.PINNED));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.INSTALL);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var arch = seen.of(KubeadmLooks.BASICS).arch();
    var held = seen.of(held(target));
    var offered = offered(target, arch, known);
    if (offered.isEmpty()) {
      return new Check.Skipped("the node pulls its images: none are in the artifact directory");
    }
    var changes = new ArrayList<Change>();
    var scripts = new ArrayList<Script>();
    offered.forEach((archive, digest) -> {
      var has = held.getOrDefault(archive.record(), ImageLooks.Held.NOTHING);
      if (!has.digest().equals(digest.hex()) || has.present() == 0) {
        changes.add(change(archive, has, digest));
        scripts.addAll(taken(archive, archive.artifact(arch), digest));
      }
    });
    return changes.isEmpty()
        ? new Check.InSync()
        : new Check.Drift(changes, new Repair.OnHost(scripts, false));
  }

  private static Map<ImageArchive, Sha256> offered(Target.OnHost target, String arch, Known known) {
    var offered = new LinkedHashMap<ImageArchive, Sha256>();
    for (var archive : ImageArchive.all(target)) {
      known
          .local(Kubeadm.PINNED)
          .flatMap(pinned -> pinned.of(archive.artifact(arch)))
          .ifPresent(digest -> offered.put(archive, digest));
    }
    return offered;
  }

  private static Change change(ImageArchive archive, ImageLooks.Held has, Sha256 digest) {
    var from = has.digest().isEmpty() ? "" : has.present() == 0 ? "none are there" : "others";
    return Change.of(
        Change.Action.INSTALL,
        "images of %s %s".formatted(archive.program(), archive.version()),
        from,
        digest.brief());
  }

  private static List<Script> taken(ImageArchive archive, ArtifactId id, Sha256 digest) {
    return List.of(
        Script.of(FileTransfer.PUSH, FRESH, "0600", digest.hex())
            .with(new Payload.Artifact(id.toString(), digest))
            .within(PATIENCE),
        Script.of(ImageLooks.TAKE_IN, FRESH, archive.record(), digest.hex()).within(PATIENCE));
  }
}

package io.provision.steps.k3s;

import io.provision.model.Sha256;
import io.provision.remote.Payload;
import io.provision.resource.FileMode;
import io.provision.resource.FileTransfer;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The container images that k3s starts with, where the operator offers them for this version. */
public record K3sImages() implements Step<Target.OnHost> {
  private static final Duration UPLOAD = Duration.ofMinutes(30);

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(K3sLooks.BASICS, Files.at(K3s.IMAGES));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return Set.of(Need.local(K3s.DIGESTS));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.INSTALL);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var arch = seen.of(K3sLooks.BASICS).arch();
    var wanted = known.local(K3s.DIGESTS).map(digests -> digests.images().get(arch)).orElse(null);
    if (wanted == null) {
      return new Check.Skipped("the node pulls its images: none are in the artifact directory");
    }
    var state = seen.of(Files.at(K3s.IMAGES));
    if (state.holds(wanted)) {
      return new Check.InSync();
    }
    var id = K3s.artifact(target, arch, K3sArtifacts.IMAGES).toString();
    return new Check.Drift(
        List.of(
            Change.of(
                Change.Action.INSTALL,
                K3s.IMAGES,
                state.sha256().map(Sha256::brief).orElse(""),
                wanted.brief())),
        new Repair.OnHost(
            FileTransfer.push(K3s.IMAGES, FileMode.PUBLIC, new Payload.Artifact(id, wanted))
                .within(UPLOAD)));
  }
}

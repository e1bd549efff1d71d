package io.provision.steps.k3s;

import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
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

/**
 * The images of storage classes are on the node, where the operator offers them: k3s takes them in
 * when it starts, and at once where it runs.
 */
public record K3sStorageImages() implements Step<Target.OnHost> {
  private static final String FRESH = "/var/lib/rancher/k3s/agent/provision-storage.tar";
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  /** In its place only after it was taken in, so that its digest there says both. */
  private static final ShellFunction TAKE =
      new ShellFunction(
          "take_in_images",
          """
          fresh=$1 place=$2
          if [ -S /run/k3s/containerd/containerd.sock ]; then
            try k3s ctr -n k8s.io images import "$fresh" >&2 || return
          fi
          (umask 022 && try mkdir -p -- "${place%/*}") && try mv -f -- "$fresh" "$place"\
          """);

  @Override
  public Probes probes(Target.OnHost target) {
    return StorageImages.wanted(target)
        ? Probes.of(K3sLooks.BASICS, Files.at(StorageImages.PLACE))
        : Probes.NONE;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return Set.of(Need.local(StorageImages.DIGESTS));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.INSTALL);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!StorageImages.wanted(target)) {
      return new Check.Skipped("no volume names a storage class");
    }
    var arch = seen.of(K3sLooks.BASICS).arch();
    var wanted =
        known.local(StorageImages.DIGESTS).map(digests -> digests.images().get(arch)).orElse(null);
    if (wanted == null) {
      return new Check.Skipped("the node pulls them: none are in the artifact directory");
    }
    var state = seen.of(Files.at(StorageImages.PLACE));
    if (state.holds(wanted)) {
      return new Check.InSync();
    }
    var id = StorageImages.artifact(target, arch).orElseThrow().toString();
    var change =
        Change.of(
            Change.Action.INSTALL,
            StorageImages.PLACE,
            state.sha256().map(it -> it.brief()).orElse(""),
            wanted.brief());
    return new Check.Drift(
        List.of(change),
        new Repair.OnHost(
            Script.of(FileTransfer.PUSH, FRESH, "0644", wanted.hex())
                .with(new Payload.Artifact(id, wanted))
                .within(PATIENCE),
            Script.of(TAKE, FRESH, StorageImages.PLACE).within(PATIENCE)));
  }
}

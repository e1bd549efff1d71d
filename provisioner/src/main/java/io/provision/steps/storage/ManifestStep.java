package io.provision.steps.storage;

import io.provision.resource.ClusterObjects;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Parameter;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.nio.file.Path;
import java.util.Set;

/**
 * {@code manifest}: the objects of a YAML file, applied server-side.
 *
 * @param file beside the playbook; several documents, and Lists
 * @param takeOver whether fields that another manager set are taken over
 */
public record ManifestStep(
    @Parameter(
            value = "A YAML file beside the playbook; several documents, and Lists.",
            example = "manifests/demo.yml")
        Path file,
    @Parameter(
            value = "Whether fields that another manager set are taken over.",
            usual = "false",
            example = "true")
        boolean takeOver)
    implements Step<Target.OnCluster> {

  public ManifestStep {
    var complaints =
        ManifestFile.read(file).stream()
            .flatMap(manifest -> RemovedPlugin.complaint(manifest).stream())
            .toList();
    if (!complaints.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", complaints));
    }
  }

  @Override
  public Probes probes(Target.OnCluster target) {
    return objects().probes();
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    return objects().check(seen);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  private ClusterObjects objects() {
    return new ClusterObjects(ManifestFile.read(file), takeOver);
  }
}

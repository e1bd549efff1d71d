package io.provision.steps.cni;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.kube.Manifest;
import io.provision.model.Cluster;
import io.provision.step.Known;
import io.provision.step.Output;
import io.provision.step.Target;
import io.provision.steps.kubernetes.PublishedObjects;
import java.util.List;

/** What its steps share: which it is, and what its publisher has of it. */
final class Calico {
  static final String PROGRAM = "calico";

  /** Why nothing is done. */
  static final String NOT_WANTED = "the network plugin is another one";

  /** The definitions of its kinds, which come before everything. */
  static final Output<PublishedObjects> DEFINITIONS =
      new Output<>("calico-definitions", PublishedObjects.class);

  /** Its operator with all that it needs. */
  static final Output<PublishedObjects> OPERATOR =
      new Output<>("calico-operator", PublishedObjects.class);

  private Calico() {}

  static boolean isWanted(Target target) {
    return target.cluster().network().cni() == Cluster.Cni.CALICO;
  }

  static ArtifactId definitions(Target target) {
    return published(target, "operator-crds.yaml");
  }

  static ArtifactId operator(Target target) {
    return published(target, "tigera-operator.yaml");
  }

  private static ArtifactId published(Target target, String file) {
    return new ArtifactId(PROGRAM, version(target), ArtifactId.ANY, file);
  }

  static String version(Target target) {
    return CalicoSettings.of(target).version().toString();
  }

  static List<Manifest> objects(Output<PublishedObjects> of, Known known) {
    return known
        .local(of)
        .map(PublishedObjects::manifests)
        .orElseThrow(() -> new IllegalStateException("it is needed: " + of));
  }
}

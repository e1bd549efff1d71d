package io.provision.steps.kubeadm;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.model.Cluster;
import io.provision.step.Target;
import io.provision.steps.cni.Flannel;
import java.util.ArrayList;
import java.util.List;

/**
 * An archive of images that the operator offers, such as {@code flannel/v0.28.9/amd64/images.tar}:
 * what {@code docker save} or {@code ctr images export} writes, not compressed, for containerd 1.6
 * takes no other.
 */
record ImageArchive(String program, String version) {
  static final String FILE = "images.tar";

  /** Those that a node of this cluster has a use for. */
  static List<ImageArchive> all(Target target) {
    var all = new ArrayList<ImageArchive>();
    var version = Kubeadm.artifact(target, "", FILE).version();
    all.add(new ImageArchive("kubernetes", version));
    if (target.cluster().network().cni() == Cluster.Cni.FLANNEL) {
      all.add(new ImageArchive(Flannel.PROGRAM, Flannel.VERSION));
    }
    return List.copyOf(all);
  }

  ArtifactId artifact(String arch) {
    return new ArtifactId(program, version, arch, FILE);
  }

  /** Which archive was taken in, and the images in it. */
  String record() {
    return Kubeadm.OURS + "/images-" + program;
  }
}

package io.provision.steps.kubeadm;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.step.Output;
import io.provision.step.Target;
import io.provision.steps.kubeadm.runtime.ContainerRuntime;
import io.provision.steps.kubernetes.Nodes;

/** Where kubeadm and its programs keep their things, and what its hosts tell others of it. */
final class Kubeadm {
  static final String KUBEADM = "/usr/local/bin/kubeadm";
  static final String KUBELET = "/usr/local/bin/kubelet";
  static final String KUBECTL = "/usr/local/bin/kubectl";

  static final String FOLDER = "/etc/kubernetes";
  static final String ADMIN = FOLDER + "/admin.conf";

  /** A control plane gave it to this node's kubelet. */
  static final String JOINED = FOLDER + "/kubelet.conf";

  static final String AUTHORITY = FOLDER + "/pki/ca.crt";

  /** What is ours; {@code kubeadm reset} leaves it alone. */
  static final String OURS = FOLDER + "/provision";

  static final String INIT = OURS + "/init.yaml";
  static final String JOIN = OURS + "/join.yaml";
  static final String PATCHES = OURS + "/patches";

  /** There while a control plane begins; it says that the beginning did not end. */
  static final String BEGUN = OURS + "/begun";

  /** There while the node joins. */
  static final String JOINING = OURS + "/joining";

  /** There while the control plane of a node is upgraded. */
  static final String UPGRADING = OURS + "/upgrading";

  /** There while settings of a node that lives are changed. */
  static final String CHANGING = ContainerRuntime.CHANGING;

  /** There while the node is out of use by us. */
  static final String CORDONED = OURS + "/cordoned";

  static final String UPGRADE = OURS + "/upgrade.yaml";

  /** As what kubeadm changes the settings of a node. */
  static final String SETTINGS = OURS + "/settings.yaml";

  /** What a node's kubelet was given: the cluster's, and its own. */
  static final String KUBELET_HAS = OURS + "/kubelet.yaml";

  static final String SERVICE = "kubelet.service";

  /** The digests that are pinned for this version. */
  static final Output<PinnedFiles> PINNED = new Output<>("kubeadm-digests", PinnedFiles.class);

  /** A node has the settings of the inventory, or none yet. */
  static final Output<Boolean> SET = new Output<>("kubeadm-set", Boolean.class);

  /** What the cluster keeps of its settings, as a control plane that lives was told. */
  static final Output<String> MADE = new Output<>("kubeadm-made", String.class);

  /** Whom the nodes of a cluster trust: the certificate of its authority. */
  static final Output<Authority> OF_CLUSTER = new Output<>("kubeadm-authority", Authority.class);

  /** The same of a control plane that lives, known before anything is changed. */
  static final Output<Authority> FOUND_AUTHORITY =
      new Output<>("kubeadm-authority-found", Authority.class);

  private Kubeadm() {}

  static ArtifactId artifact(Target target, String arch, String file) {
    return new ArtifactId("kubernetes", Nodes.version(target).toString(), arch, file);
  }
}

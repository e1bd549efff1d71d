package io.provision.steps.kubeadm.apiserver;

import io.provision.model.Content;
import io.provision.model.Sha256;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.step.Target;
import io.provision.steps.kubeadm.KubeadmCases;
import java.util.Optional;

/** What lies on the hosts of a cluster of kubeadm. */
final class ApiServerCases {
  private ApiServerCases() {}

  static Target.OnHost on(String name, String more) {
    var inventory = KubeadmCases.inventory(more);
    return new Target.OnHost(KubeadmCases.host(name, inventory), inventory);
  }

  static FileState file(int mode, Sha256 digest, Optional<Content.Plain> text) {
    return new FileState(
        FileState.Type.FILE,
        false,
        new FileMode(mode),
        new FileState.Owner("root", "root", "0", "0"),
        64,
        Optional.of(digest),
        text);
  }

  static FileState directory(int mode) {
    return new FileState(
        FileState.Type.DIRECTORY,
        false,
        new FileMode(mode),
        new FileState.Owner("root", "root", "0", "0"),
        0,
        Optional.empty(),
        Optional.empty());
  }
}

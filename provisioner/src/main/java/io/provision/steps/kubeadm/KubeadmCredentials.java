package io.provision.steps.kubeadm;

import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.steps.kubernetes.ServerCredentials;
import java.util.List;
import java.util.Optional;

/**
 * What a control plane's kubeconfig is made of, and the names in its API server's certificate. No
 * key is read.
 */
final class KubeadmCredentials {
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_kubeadm_credentials",
          """
          file=/etc/kubernetes/admin.conf
          [ -f "$file" ] || return 0
          kubeconfig_digests "$file"
          echo "shown=$(base64 -w 0 </etc/kubernetes/pki/apiserver.crt | head -c 100000)"
          return 0\
          """,
          List.of(ServerCredentials.DIGESTS));

  /** Empty where there is no kubeconfig yet. */
  static final Question<Optional<ServerCredentials>> QUESTION =
      Question.of(Kind.single(LOOK, frame -> ServerCredentials.read(frame.output())));

  private KubeadmCredentials() {}
}

package io.provision.steps.k3s;

import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.steps.kubernetes.ServerCredentials;
import java.util.List;
import java.util.Optional;

/**
 * What a server's kubeconfig is made of: digests of its two certificates, and the names in the
 * certificate that it shows on port 6443 (k3s keeps that in {@code tls/dynamic-cert.json}). No key
 * is read.
 */
final class CredentialsLook {
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_k3s_credentials",
          """
          file=/etc/rancher/k3s/k3s.yaml tls=/var/lib/rancher/k3s/server/tls
          [ -f "$file" ] || return 0
          kubeconfig_digests "$file"
          shown=$(sed -n 's/.*"tls\\.crt": *"\\([A-Za-z0-9+/=]*\\)".*/\\1/p' "$tls/dynamic-cert.json")
          [ -n "$shown" ] || shown=$(base64 -w 0 <"$tls/serving-kube-apiserver.crt")
          echo "shown=$shown"
          return 0\
          """,
          List.of(ServerCredentials.DIGESTS));

  /** Empty where there is no kubeconfig yet. */
  static final Question<Optional<ServerCredentials>> CREDENTIALS =
      Question.of(Kind.single(LOOK, frame -> ServerCredentials.read(frame.output())));

  private CredentialsLook() {}
}

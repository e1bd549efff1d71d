package io.provision.steps.k3s;

import io.provision.model.Sha256;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.steps.kubernetes.ServerCredentials;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

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
          for key in certificate-authority-data client-certificate-data; do
            sum=$(sed -n "s/^ *$key: *//p" "$file" | head -n 1 | base64 -d | sha256sum | cut -d ' ' -f 1)
            echo "$key=$sum"
          done
          shown=$(sed -n 's/.*"tls\\.crt": *"\\([A-Za-z0-9+/=]*\\)".*/\\1/p' "$tls/dynamic-cert.json")
          [ -n "$shown" ] || shown=$(base64 -w 0 <"$tls/serving-kube-apiserver.crt")
          echo "shown=$shown"
          return 0\
          """);

  private static final int DNS_NAME = 2;
  private static final int ADDRESS = 7;

  /** Empty where there is no kubeconfig yet. */
  static final Question<Optional<ServerCredentials>> CREDENTIALS =
      Question.of(Kind.single(LOOK, CredentialsLook::read));

  private CredentialsLook() {}

  private static Optional<ServerCredentials> read(Frame frame) {
    var lines = new HashMap<String, String>();
    for (var line : frame.output().split("\n")) {
      var equals = line.indexOf('=');
      if (equals > 0) {
        lines.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    try {
      return Optional.of(
          new ServerCredentials(
              new Sha256(lines.getOrDefault("certificate-authority-data", "")),
              new Sha256(lines.getOrDefault("client-certificate-data", "")),
              names(lines.getOrDefault("shown", ""))));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Set<String> names(String base64) {
    var names = new HashSet<String>();
    try {
      var certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
      if (certificates.stream().findFirst().orElse(null) instanceof X509Certificate first
          && first.getSubjectAlternativeNames() != null) {
        for (var name : first.getSubjectAlternativeNames()) {
          if (name.get(0).equals(DNS_NAME) || name.get(0).equals(ADDRESS)) {
            names.add(String.valueOf(name.get(1)));
          }
        }
      }
    } catch (CertificateException | IllegalArgumentException _) {
      return Set.of();
    }
    return names;
  }
}

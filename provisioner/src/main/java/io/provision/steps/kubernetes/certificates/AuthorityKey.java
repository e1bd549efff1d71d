package io.provision.steps.kubernetes.certificates;

import io.provision.model.Sha256;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;

/**
 * The authority of a cluster by its public key, as people can compare it: kubeadm's {@code
 * --discovery-token-ca-cert-hash}, the SHA-256 of its Subject Public Key Info
 * (https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-join/#token-based-discovery-with-ca-pinning).
 *
 * @param text such as {@code sha256:0123…}
 */
public record AuthorityKey(String text) {
  /** Of the first certificate in PEM; empty where there is none. */
  public static Optional<AuthorityKey> of(String pem) {
    try {
      var bytes = pem.getBytes(StandardCharsets.UTF_8);
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(bytes))
          .stream()
          .findFirst()
          .map(it -> Sha256.of(it.getPublicKey().getEncoded()))
          .map(digest -> new AuthorityKey("sha256:" + digest.hex()));
    } catch (CertificateException _) {
      return Optional.empty();
    }
  }

  /** As a message has it. */
  public static String told(Optional<AuthorityKey> key) {
    return key.map(AuthorityKey::text).orElse("unknown");
  }
}

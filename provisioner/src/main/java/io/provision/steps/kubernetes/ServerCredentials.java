package io.provision.steps.kubernetes;

import io.provision.model.Sha256;
import io.provision.remote.Pairs;
import io.provision.remote.ShellFunction;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What identifies a server's kubeconfig, without its key.
 *
 * @param names the names and addresses in the API server's certificate; empty where it could not be
 *     read
 */
public record ServerCredentials(Sha256 authority, Sha256 clientCertificate, Set<String> names) {
  /** {@code kubeconfig_digests FILE}: of its two certificates; no key is read. */
  public static final ShellFunction DIGESTS =
      new ShellFunction(
          "kubeconfig_digests",
          """
          for key in certificate-authority-data client-certificate-data; do
            sum=$(sed -n "s/^ *$key: *//p" "$1" | head -n 1 | base64 -d | sha256sum | cut -d ' ' -f 1)
            echo "$key=$sum"
          done\
          """);

  private static final int DNS_NAME = 2;
  private static final int ADDRESS = 7;

  public ServerCredentials {
    names = Set.copyOf(names);
  }

  /**
   * Reads what {@link #DIGESTS} printed, and a line {@code shown=CERTIFICATE}, which is that of the
   * API server in base64; empty where the digests are not among it.
   */
  public static Optional<ServerCredentials> read(String output) {
    var lines = Pairs.of(output);
    try {
      return Optional.of(
          new ServerCredentials(
              new Sha256(lines.last("certificate-authority-data")),
              new Sha256(lines.last("client-certificate-data")),
              names(lines.last("shown"))));
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

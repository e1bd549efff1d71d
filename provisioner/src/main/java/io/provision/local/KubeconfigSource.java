package io.provision.local;

import io.provision.desk.DeskException;
import io.provision.local.KubeconfigDocument.Section;
import io.provision.model.Sha256;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;

/**
 * What a node says about itself, taken apart: kubectl runs programs that a kubeconfig names and
 * sends its credentials wherever it says, so nothing of it is copied but what is listed here.
 */
final class KubeconfigSource {
  private static final List<String> REFUSED_OF_CLUSTER =
      List.of("certificate-authority", "insecure-skip-tls-verify", "proxy-url", "tls-server-name");
  private static final List<String> REFUSED_OF_USER =
      List.of(
          "exec",
          "auth-provider",
          "tokenFile",
          "client-certificate",
          "client-key",
          "as",
          "as-uid",
          "as-groups",
          "as-user-extra");
  private static final List<String> CREDENTIALS =
      List.of("client-certificate-data", "client-key-data", "token");

  private final String authority;
  private final Map<String, String> credentials;

  private KubeconfigSource(String authority, Map<String, String> credentials) {
    this.authority = authority;
    this.credentials = credentials;
  }

  /**
   * Takes the current context of it.
   *
   * @param origin completes "the kubeconfig of ...", for messages
   */
  static KubeconfigSource parse(byte[] bytes, String origin) throws DeskException {
    var where = "the kubeconfig of " + origin;
    var document = KubeconfigDocument.parse(new String(bytes, StandardCharsets.UTF_8), where);
    var contexts = document.names(Section.CONTEXTS);
    var context = document.currentContext().orElse(contexts.isEmpty() ? "" : contexts.getFirst());
    var pair = document.find(Section.CONTEXTS, context);
    var cluster =
        pair.flatMap(it -> YamlNodes.string(it, "cluster"))
            .flatMap(name -> document.find(Section.CLUSTERS, name));
    var user =
        pair.flatMap(it -> YamlNodes.string(it, "user"))
            .flatMap(name -> document.find(Section.USERS, name));
    if (cluster.isEmpty() || user.isEmpty()) {
      throw refused(where, "it has no context with a cluster and a user");
    }
    refuse(where, cluster.get(), REFUSED_OF_CLUSTER);
    refuse(where, user.get(), REFUSED_OF_USER);
    return new KubeconfigSource(authority(where, cluster.get()), credentials(where, user.get()));
  }

  private static void refuse(String where, MappingNode body, List<String> keys)
      throws DeskException {
    for (var key : keys) {
      if (YamlNodes.get(body, key).isPresent()) {
        throw refused(where, "it holds '%s', which no node should hand out".formatted(key));
      }
    }
  }

  private static String authority(String where, MappingNode cluster) throws DeskException {
    var data = YamlNodes.string(cluster, "certificate-authority-data").orElse("");
    requireCertificate(where, "certificate-authority-data", data);
    return data;
  }

  private static Map<String, String> credentials(String where, MappingNode user)
      throws DeskException {
    var found = new LinkedHashMap<String, String>();
    for (var key : CREDENTIALS) {
      YamlNodes.string(user, key).ifPresent(value -> found.put(key, value));
    }
    var certificate = found.get("client-certificate-data");
    if (certificate != null) {
      requireCertificate(where, "client-certificate-data", certificate);
    }
    if (found.isEmpty() || found.containsKey("client-key-data") != (certificate != null)) {
      throw refused(where, "its user has neither a certificate with its key nor a token");
    }
    return found;
  }

  private static void requireCertificate(String where, String key, String data)
      throws DeskException {
    try {
      var decoded = Base64.getMimeDecoder().decode(data);
      var certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(decoded));
      if (certificates.isEmpty()) {
        throw refused(where, "'%s' holds no certificate".formatted(key));
      }
    } catch (CertificateException | IllegalArgumentException e) {
      throw refused(where, "'%s' is not a certificate in base64".formatted(key));
    }
  }

  private static DeskException refused(String where, String why) {
    return new DeskException(
        "%s was refused: %s".formatted(where, why),
        "Nothing was written. Look at that file on the host: somebody changed it.",
        null);
  }

  Sha256 authorityDigest() {
    return digest(authority);
  }

  /** A cluster entry for it at this URL. */
  MappingNode cluster(String server) {
    var body = YamlNodes.mapping();
    YamlNodes.put(body, "server", YamlNodes.scalar(server));
    YamlNodes.put(body, "certificate-authority-data", YamlNodes.scalar(authority));
    return body;
  }

  MappingNode user() {
    var body = YamlNodes.mapping();
    credentials.forEach((key, value) -> YamlNodes.put(body, key, YamlNodes.scalar(value)));
    return body;
  }

  /** The digest of what a {@code *-data} field holds, decoded. */
  static Sha256 digest(String base64) {
    try {
      return Sha256.of(Base64.getMimeDecoder().decode(base64));
    } catch (IllegalArgumentException _) {
      return Sha256.of(base64.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** As {@link #digest(String)}, of a field that may be missing: then that of nothing. */
  static Sha256 digest(Optional<MappingNode> body, String key) {
    return digest(body.flatMap(it -> YamlNodes.string(it, key)).orElse(""));
  }

  @Override
  public String toString() {
    return "****";
  }
}

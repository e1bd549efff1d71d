package io.provision.fabric8;

import io.provision.kube.ClusterException;
import io.provision.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Who asks an API, and whom to believe. Taken out of a kubeconfig that a host handed over; what in
 * it would run a program or read a file here is not looked at.
 *
 * @param authority PEM
 * @param certificate PEM
 * @param key PEM
 */
record ApiLogin(String authority, String certificate, String key) {
  private static final String REMEDY =
      "look at that file on the server: it should be as k3s or kubeadm wrote it";

  static ApiLogin of(Secret kubeconfig) throws ClusterException {
    try {
      var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
      var root = map(yaml.load(new String(kubeconfig.reveal(), StandardCharsets.UTF_8)));
      var context = named(root, "contexts", text(root.get("current-context")), "context");
      var cluster = named(root, "clusters", text(context.get("cluster")), "cluster");
      var user = named(root, "users", text(context.get("user")), "user");
      return new ApiLogin(
          pem(cluster, "certificate-authority-data"),
          pem(user, "client-certificate-data"),
          pem(user, "client-key-data"));
    } catch (YAMLException | IllegalArgumentException e) {
      // what a parser says can quote the file, which holds a key
      var what = e instanceof YAMLException ? "it is not valid YAML" : e.getMessage();
      throw new ClusterException(
          "the kubeconfig that a server hands over is of no use: " + what, REMEDY, null);
    }
  }

  /** EC or RSA, as the key's header or its certificate says. */
  String algorithm() {
    return key.contains("BEGIN RSA") ? "RSA" : "EC";
  }

  private static Map<?, ?> named(Map<?, ?> root, String list, String name, String part) {
    return Optional.ofNullable(root.get(list))
        .filter(List.class::isInstance)
        .map(all -> (List<?>) all)
        .orElse(List.of())
        .stream()
        .map(ApiLogin::map)
        .filter(each -> name.equals(each.get("name")))
        .map(each -> map(each.get(part)))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "it has no entry in '%s' for its context".formatted(list)));
  }

  private static String pem(Map<?, ?> map, String key) {
    if (map.get(key) instanceof String data) {
      try {
        return new String(Base64.getDecoder().decode(data), StandardCharsets.US_ASCII);
      } catch (IllegalArgumentException _) {
        throw new IllegalArgumentException("its '%s' is not valid base64".formatted(key));
      }
    }
    throw new IllegalArgumentException("it has no '%s'".formatted(key));
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static String text(@Nullable Object value) {
    return value instanceof String text ? text : "";
  }

  @Override
  public String toString() {
    return "****";
  }
}

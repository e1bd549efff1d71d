package io.provision.steps.kubeadm.runtime;

import io.provision.render.Template;
import io.provision.render.TomlContent;
import io.provision.resource.ManagedFile;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the inventory says of image registries, in the words of k3s' registries.yaml
 * (docs.k3s.io/installation/private-registry), as containerd reads it: a {@code hosts.toml} for
 * each registry (github.com/containerd/containerd, docs/hosts.md), read at each pull, and logins in
 * its own configuration.
 *
 * @param registries {@code mirrors} by registry, and {@code configs} by host: {@code auth} and
 *     {@code tls}
 */
record RegistryHosts(Map<String, Object> registries) {
  static final String FOLDER = "/etc/containerd/certs.d";

  /** The first line of what is ours. */
  static final String HEADER =
      "# Written by provision from the inventory; changes made here are undone.";

  private static final Template HOSTS = Template.of("kubeadm/hosts.toml.ftl");
  private static final String EVERY_OTHER = "*";

  /** Words of k3s, and those of containerd. */
  private static final Map<String, String> LOGIN =
      Map.of(
          "username", "username",
          "password", "password",
          "auth", "auth",
          "identity_token", "identitytoken");

  private static final Set<String> TLS =
      Set.of("ca_file", "cert_file", "key_file", "insecure_skip_verify");

  private record Model(String settings) {}

  /** One for each registry that has mirrors or a certificate of its own. */
  List<ManagedFile> files() {
    var names = new TreeSet<>(section("mirrors").keySet());
    section("configs")
        .forEach((host, config) -> {
          if (!tls(host).isEmpty()) {
            names.add(host);
          }
        });
    return names.stream().map(this::file).toList();
  }

  private ManagedFile file(String registry) {
    var settings = new LinkedHashMap<String, Object>(tls(registry));
    var hosts = new LinkedHashMap<String, Object>();
    endpoints(registry).forEach(endpoint -> hosts.put(endpoint, host(endpoint)));
    if (!hosts.isEmpty()) {
      settings.put("host", hosts);
    }
    return ManagedFile.of(
        path(registry), HOSTS.render(new Model(TomlContent.text(settings).stripTrailing())));
  }

  private Map<String, Object> host(String endpoint) {
    var host = new LinkedHashMap<String, Object>();
    host.put("capabilities", List.of("pull", "resolve"));
    var uri = URI.create(endpoint);
    if (!uri.getPath().isEmpty() && !uri.getPath().equals("/")) {
      host.put("override_path", true);
    }
    host.putAll(tls(uri.getAuthority()));
    return host;
  }

  /** Fields of hosts.toml; none where nothing is said of its certificates. */
  private Map<String, Object> tls(String host) {
    var given = map(map(section("configs").get(host)).get("tls"));
    var tls = new LinkedHashMap<String, Object>();
    if (given.get("ca_file") instanceof String file) {
      tls.put("ca", file);
    }
    if (given.get("cert_file") instanceof String certificate
        && given.get("key_file") instanceof String key) {
      tls.put("client", List.of(List.of(certificate, key)));
    }
    if (Boolean.TRUE.equals(given.get("insecure_skip_verify"))) {
      tls.put("skip_verify", true);
    }
    return tls;
  }

  /** {@code configs} of containerd's table of registries, with secrets; empty without logins. */
  Map<String, Object> logins() {
    var logins = new TreeMap<String, Object>();
    section("configs")
        .forEach((host, config) -> {
          var login = new TreeMap<String, Object>();
          map(map(config).get("auth"))
              .forEach((key, value) -> login.put(LOGIN.getOrDefault(key, key), value));
          if (!login.isEmpty()) {
            logins.put(host, Map.of("auth", login));
          }
        });
    return logins;
  }

  /** What containerd could not be told, each as a sentence without its end. */
  List<String> problems() {
    var problems = new ArrayList<String>();
    unknown("registries", registries.keySet(), Set.of("mirrors", "configs"), problems);
    section("mirrors")
        .forEach((name, mirror) -> {
          var where = "mirrors." + name;
          if (map(mirror).containsKey("rewrite")) {
            problems.add(
                "'%s.rewrite': k3s' own containerd rewrites names, and the published one does not"
                    .formatted(where));
          }
          unknown(where, map(mirror).keySet(), Set.of("endpoint", "rewrite"), problems);
          name(name, where, problems);
          endpoints(name).stream()
              .filter(endpoint -> !isUrl(endpoint))
              .forEach(endpoint ->
                  problems.add(
                      "'%s.endpoint' has %s, which is not a URL like https://registry.home:5000"
                          .formatted(where, shown(endpoint))));
          if (endpoints(name).isEmpty()) {
            problems.add("'%s' names no endpoint".formatted(where));
          }
        });
    section("configs")
        .forEach((name, config) -> {
          var where = "configs." + name;
          unknown(where, map(config).keySet(), Set.of("auth", "tls"), problems);
          unknown(where + ".auth", map(map(config).get("auth")).keySet(), LOGIN.keySet(), problems);
          unknown(where + ".tls", map(map(config).get("tls")).keySet(), TLS, problems);
          name(name, where, problems);
          tlsProblems(where + ".tls", map(map(config).get("tls")), problems);
        });
    return problems;
  }

  /** What would be left out in silence. */
  private static void tlsProblems(String where, Map<String, Object> tls, List<String> problems) {
    tls.forEach((key, value) -> {
      var isRight =
          key.equals("insecure_skip_verify") ? value instanceof Boolean : value instanceof String;
      if (TLS.contains(key) && !isRight) {
        problems.add(
            "'%s.%s' is not %s"
                .formatted(
                    where,
                    key,
                    key.equals("insecure_skip_verify")
                        ? "true or false"
                        : "the path of a file on the hosts"));
      }
    });
    if (tls.containsKey("cert_file") != tls.containsKey("key_file")) {
      problems.add("'%s' has one of cert_file and key_file without the other".formatted(where));
    }
  }

  /** A login can be in a URL, and is shown to nobody. */
  private static String shown(String endpoint) {
    return endpoint.contains("@") ? "a login in it" : "'%s'".formatted(endpoint);
  }

  private static void unknown(
      String where, Set<String> keys, Set<String> known, List<String> problems) {
    keys.stream()
        .filter(key -> !known.contains(key))
        .forEach(key ->
            problems.add(
                "'%s' has no key '%s'; it has %s"
                    .formatted(where, key, String.join(", ", new TreeSet<>(known)))));
  }

  private static void name(String name, String where, List<String> problems) {
    if (!name.equals(EVERY_OTHER) && !name.matches("[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")) {
      problems.add(
          "'%s' is not the host of a registry, like docker.io or registry.home:5000"
              .formatted(where));
    }
  }

  private static boolean isUrl(String endpoint) {
    try {
      var uri = new URI(endpoint);
      return Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getQuery() == null;
    } catch (java.net.URISyntaxException _) {
      return false;
    }
  }

  private List<String> endpoints(String registry) {
    var endpoint = map(section("mirrors").get(registry)).get("endpoint");
    return endpoint instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : endpoint == null ? List.of() : List.of(String.valueOf(endpoint));
  }

  /** containerd looks for {@code host_port_} first (core/remotes/docker/config/hosts.go). */
  private static String path(String registry) {
    var folder =
        registry.equals(EVERY_OTHER) ? "_default" : registry.replaceFirst(":([0-9]+)$", "_$1_");
    return "%s/%s/hosts.toml".formatted(FOLDER, folder);
  }

  private Map<String, Object> section(String name) {
    return map(registries.get(name));
  }

  @SuppressWarnings("unchecked") // what YAML calls a mapping has strings as keys here
  private static Map<String, Object> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }
}

package io.provision.steps.k3s;

import io.provision.section.Text;
import java.util.Map;
import java.util.TreeMap;

/**
 * The name of an option in {@code config.yaml}, with a {@code +} where its values are added to
 * those before. Not one of those that everything else is built on, which are not the operator's to
 * set.
 */
@Text(kind = "option", sample = "disable")
record OptionName(String value) {
  private static final String JOINING = "how nodes join, with which token, is provision's work";

  /** By option, why. */
  private static final Map<String, String> RESERVED =
      new TreeMap<>(
          Map.of(
              "token", JOINING,
              "token-file", JOINING,
              "agent-token", JOINING,
              "agent-token-file", JOINING,
              "cluster-secret", JOINING,
              "server", JOINING,
              "node-name", "a node has the name of its host",
              "data-dir", "everything is looked for in /var/lib/rancher/k3s",
              "write-kubeconfig", "the kubeconfig is looked for in /etc/rancher/k3s"));

  /** Any other text. */
  static final String FORM = "(?!(" + String.join("|", RESERVED.keySet()) + ")\\+?$)[\\s\\S]*";

  OptionName {
    var why = RESERVED.get(option(value));
    if (why != null) {
      throw new IllegalArgumentException(
          "'k3s.%s' cannot be set here: %s. take it out.".formatted(value, why));
    }
  }

  /** The option as k3s lists it. */
  static String option(String written) {
    return written.endsWith("+") ? written.substring(0, written.length() - 1) : written;
  }

  static boolean isReserved(String written) {
    return RESERVED.containsKey(option(written));
  }
}

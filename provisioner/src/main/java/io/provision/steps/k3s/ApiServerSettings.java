package io.provision.steps.k3s;

import io.provision.model.Cluster;
import io.provision.step.Check;
import io.provision.step.Target;
import io.provision.steps.k3s.apiserver.K3sApiServer;
import io.provision.steps.kubernetes.apiserver.Audit;
import io.provision.steps.kubernetes.apiserver.EncryptionPlace;
import io.provision.steps.kubernetes.apiserver.EncryptionSection;
import io.provision.steps.kubernetes.settings.Overrides;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What servers say in {@code config.yaml} for {@code encryption} and {@code audit}: arguments of
 * the API server, which k3s hands on (pkg/daemons/control/server.go). Its own {@code
 * secrets-encryption} makes keys that only k3s changes, and stays an option of the operator.
 */
final class ApiServerSettings {
  static final String POLICY = K3s.FOLDER + "/audit-policy.yaml";
  static final String ENCRYPTION = "secrets-encryption";
  static final String PROVIDER = "secrets-encryption-provider";
  private static final String ARGUMENTS = "kube-apiserver-arg";

  /**
   * API servers know that they can read their keys anew from v1.26 on, and one that is upgraded
   * reads the new options before that.
   */
  private static final int RELOADS_FROM = 27;

  private ApiServerSettings() {}

  /** Keys of the file, in its order. */
  static Map<String, Object> of(Cluster cluster) {
    var values = new LinkedHashMap<String, Object>();
    var arguments = new LinkedHashMap<String, String>();
    if (EncryptionSection.of(cluster).isPresent()) {
      arguments.put(EncryptionPlace.OPTION, K3sApiServer.KEY_FILE);
      if (cluster.version().map(it -> it.minor() >= RELOADS_FROM).orElse(true)) {
        arguments.put(EncryptionPlace.RELOAD, "true");
      }
    }
    Audit.of(cluster).ifPresent(audit -> arguments.putAll(audit.options(POLICY)));
    if (!arguments.isEmpty()) {
      values.put(
          ARGUMENTS,
          arguments.entrySet().stream()
              .map(option -> option.getKey() + "=" + option.getValue())
              .toList());
    }
    return values;
  }

  /** What the inventory says twice. */
  static List<Check.Refused> refusals(Target.OnHost target) {
    var refusals = new ArrayList<Check.Refused>();
    var cluster = target.cluster();
    var own = Overrides.of(K3sOptions.class, target.host(), cluster);
    if (EncryptionSection.of(cluster).isPresent()) {
      for (var key : List.of(ENCRYPTION, PROVIDER)) {
        if (own.containsKey(key)) {
          refusals.add(twice("k3s." + key, "encryption"));
        }
      }
      argument(own, EncryptionPlace.OPTION).ifPresent(it -> refusals.add(twice(it, "encryption")));
    }
    if (Audit.of(cluster).isPresent()) {
      argument(own, Audit.OPTIONS).ifPresent(it -> refusals.add(twice(it, "audit")));
    }
    return refusals;
  }

  private static Check.Refused twice(String what, String section) {
    return new Check.Refused(
        "'%s' and '%s' of the inventory are about one thing".formatted(what, section),
        "take one of them out");
  }

  /** An argument of the API server that the operator gives; as the inventory writes it. */
  private static Optional<String> argument(Map<String, Object> own, String start) {
    for (var key : List.of(ARGUMENTS, ARGUMENTS + "+")) {
      for (var each : arguments(own, key)) {
        var name = each.replaceFirst("=.*", "");
        if (name.startsWith(start)) {
          return Optional.of("k3s.%s: %s".formatted(key, name));
        }
      }
    }
    return Optional.empty();
  }

  /** What the operator gives an option of the API server. */
  static Optional<String> value(Map<String, Object> own, String option) {
    return Stream.of(ARGUMENTS, ARGUMENTS + "+")
        .flatMap(key -> arguments(own, key).stream())
        .filter(each -> each.startsWith(option + "="))
        .map(each -> each.substring(option.length() + 1))
        .findFirst();
  }

  private static List<String> arguments(Map<String, Object> own, String key) {
    var given = own.get(key);
    var all =
        given instanceof Collection<?> list ? list : given == null ? List.of() : List.of(given);
    return all.stream().map(each -> String.valueOf(each).replaceFirst("^--", "")).toList();
  }
}

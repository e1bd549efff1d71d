package io.provision.steps.k3s;

import io.provision.model.Cluster;
import io.provision.model.Version;
import io.provision.step.Check;
import io.provision.step.Target;
import io.provision.steps.kubernetes.apiserver.Audit;
import io.provision.steps.kubernetes.apiserver.EncryptionSection;
import io.provision.steps.kubernetes.apiserver.EncryptionSection.Provider;
import io.provision.steps.kubernetes.settings.Overrides;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What servers say in {@code config.yaml} for {@code encryption} and {@code audit}. k3s makes the
 * key itself, on the server that begins the cluster, and hands it to those that join
 * (docs.k3s.io/security/secrets-encryption).
 */
final class ApiServerSettings {
  static final String POLICY = K3s.FOLDER + "/audit-policy.yaml";
  static final String ENCRYPTION = "secrets-encryption";
  static final String PROVIDER = "secrets-encryption-provider";
  private static final String ARGUMENTS = "kube-apiserver-arg";

  /** From which patch of a minor version on k3s can be told the provider; later ones always can. */
  private static final Map<Integer, Integer> PROVIDERS_FROM = Map.of(30, 12, 31, 8, 32, 4);

  private ApiServerSettings() {}

  /** Keys of the file, in its order. */
  static Map<String, Object> of(Cluster cluster) {
    var values = new LinkedHashMap<String, Object>();
    EncryptionSection.of(cluster)
        .ifPresent(provider -> {
          values.put(ENCRYPTION, true);
          if (knowsProviders(cluster)) {
            values.put(PROVIDER, provider.toString());
          }
        });
    Audit.of(cluster)
        .ifPresent(audit ->
            values.put(
                ARGUMENTS,
                audit.options(POLICY).entrySet().stream()
                    .map(option -> option.getKey() + "=" + option.getValue())
                    .toList()));
    return values;
  }

  private static boolean knowsProviders(Cluster cluster) {
    return cluster.version().map(ApiServerSettings::knowsProviders).orElse(true);
  }

  static boolean knowsProviders(Version version) {
    var from = PROVIDERS_FROM.get(version.minor());
    return from == null ? version.minor() > 32 : version.patch() >= from;
  }

  /** What the inventory says twice, or says to a k3s that cannot do it. */
  static List<Check.Refused> refusals(Target.OnHost target) {
    var refusals = new ArrayList<Check.Refused>();
    var cluster = target.cluster();
    var own = Overrides.of(K3sOptions.class, target.host(), cluster);
    var encryption = EncryptionSection.of(cluster);
    if (encryption.isPresent()) {
      for (var key : List.of(ENCRYPTION, PROVIDER)) {
        if (own.containsKey(key)) {
          refusals.add(twice("k3s." + key, "encryption"));
        }
      }
      argument(own, "encryption-provider-config")
          .ifPresent(it -> refusals.add(twice(it, "encryption")));
    }
    if (encryption.filter(Provider.SECRETBOX::equals).isPresent() && !knowsProviders(cluster)) {
      refusals.add(
          new Check.Refused(
              "k3s %s encrypts Secrets with aescbc alone, and the inventory says secretbox"
                  .formatted(cluster.version().map(Version::toString).orElse("")),
              "take v1.30.12, v1.31.8, v1.32.4 or v1.33.0, or a later one of these; or write"
                  + " 'encryption: { provider: aescbc }'"));
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
      var given = own.get(key);
      var all =
          given instanceof Collection<?> list ? list : given == null ? List.of() : List.of(given);
      for (var each : all) {
        var name = String.valueOf(each).replaceFirst("^--", "").replaceFirst("=.*", "");
        if (name.startsWith(start)) {
          return Optional.of("k3s.%s: %s".formatted(key, name));
        }
      }
    }
    return Optional.empty();
  }
}

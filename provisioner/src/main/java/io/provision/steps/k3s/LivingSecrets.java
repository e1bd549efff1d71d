package io.provision.steps.k3s;

import io.provision.model.Cluster;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.step.Target;
import io.provision.steps.kubernetes.apiserver.EncryptionSection;
import io.provision.steps.kubernetes.settings.Overrides;
import java.util.Optional;
import java.util.Set;

/**
 * How the Secrets of a cluster that lives are encrypted is not changed from here: without the
 * option no API server could read one any more, k3s goes on with the provider that it began with
 * whatever the option says (pkg/daemons/control/deps/deps.go), and a key that comes late leaves all
 * that was written before in plain (k3s-io/k3s#7195, #13598).
 */
final class LivingSecrets {
  /** Says only by what the next Secret is encrypted; no key leaves the host. */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_k3s_encryption",
          """
          head -c 100000 /var/lib/rancher/k3s/server/cred/encryption-config.json 2>/dev/null |
            grep -o '"\\(aescbc\\|aesgcm\\|secretbox\\|identity\\|kms\\)"[ ]*:' | tr -d '": ' | head -n 1
          return 0\
          """);

  private static final Set<String> WORDS =
      Set.of("aescbc", "aesgcm", "secretbox", "identity", "kms");

  /** The provider that k3s has in use; empty where it never was told to encrypt. */
  static final Question<Optional<String>> QUESTION =
      Question.of(Kind.single(LOOK, LivingSecrets::read));

  private LivingSecrets() {}

  private static Optional<String> read(Frame frame) {
    return Optional.of(frame.output().strip()).filter(WORDS::contains);
  }

  /**
   * Of a server that holds the cluster, where the inventory says another thing than it lives with.
   *
   * @param inUse what {@link #QUESTION} saw
   * @param found the text of its {@code config.yaml}
   */
  static Optional<Check> refusal(Target.OnHost target, Optional<String> inUse, String found) {
    var written = ConfigFile.read(found, ApiServerSettings.ENCRYPTION).filter("true"::equals);
    var was = inUse.or(() -> written.map(_ -> ofText(found)));
    var should = declared(target);
    if (should.isEmpty()) {
      return written.map(_ -> off(was.orElseThrow()));
    }
    if (was.equals(should)) {
      return Optional.empty();
    }
    if (was.isEmpty()) {
      return Optional.of(on());
    }
    return Optional.of(was.get().equals("identity") ? stopped() : other(was.get(), should.get()));
  }

  private static String ofText(String found) {
    return ConfigFile.read(found, ApiServerSettings.PROVIDER).orElse("aescbc");
  }

  /** Whether an inventory has Secrets encrypted, by the section or by options of k3s. */
  static boolean areEncryptedBy(Cluster cluster) {
    return EncryptionSection.of(cluster).isPresent()
        || "true"
            .equals(
                String.valueOf(
                    Overrides.ofCluster(K3sOptions.class, cluster)
                        .get(ApiServerSettings.ENCRYPTION)));
  }

  /** By the section, or by options of k3s that the operator gives. */
  private static Optional<String> declared(Target.OnHost target) {
    var own = Overrides.of(K3sOptions.class, target.host(), target.cluster());
    return EncryptionSection.of(target.cluster())
        .map(EncryptionSection.Provider::toString)
        .or(() ->
            Optional.ofNullable(own.get(ApiServerSettings.ENCRYPTION))
                .filter(it -> "true".equals(it.toString()))
                .map(_ -> String.valueOf(own.getOrDefault(ApiServerSettings.PROVIDER, "aescbc"))));
  }

  private static Check off(String was) {
    return new Check.Refused(
        "the Secrets of the cluster are encrypted (%s), and the inventory has no 'encryption': k3s would have no key any more, and no Secret could be read"
            .formatted(was),
        "put 'encryption: { provider: %s }' back; only a new cluster can be without"
            .formatted(was.equals("identity") ? "aescbc" : was));
  }

  private static Check on() {
    return new Check.Refused(
        "the cluster lives without 'encryption', and the inventory asks for it: what is in its datastore would stay in plain, and k3s does not switch it on reliably where there are several servers",
        "take 'encryption' out; a new cluster can have it from its beginning, and where k3s was made to encrypt by hand (docs.k3s.io/cli/secrets-encrypt) the inventory can say so afterwards");
  }

  private static Check other(String was, String should) {
    return new Check.Refused(
        "the Secrets of the cluster are encrypted by %s, and the inventory says %s: k3s would go on with %1$s and not say so"
            .formatted(was, should),
        "set it back to 'provider: %s'; how k3s moves to another one is told by docs.k3s.io/security/secrets-encryption, and the inventory can say so afterwards"
            .formatted(was));
  }

  private static Check stopped() {
    return new Check.Refused(
        "'k3s secrets-encrypt disable' was called there: Secrets are written in plain since, and the inventory asks for 'encryption'",
        "switch it on again as docs.k3s.io/cli/secrets-encrypt tells ('k3s secrets-encrypt enable'), then apply");
  }
}

package io.provision.steps.k3s;

import io.provision.model.Cluster;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.step.Target;
import io.provision.steps.k3s.apiserver.K3sApiServer;
import io.provision.steps.k3s.etcd.K3sDatastore;
import io.provision.steps.kubernetes.apiserver.EncryptionPlace;
import io.provision.steps.kubernetes.apiserver.EncryptionSection;
import io.provision.steps.kubernetes.settings.Overrides;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Secrets of a server that lives with keys that were not made here: k3s' own ({@code
 * secrets-encryption}), or those of a file that the operator names. Such a server keeps exactly
 * what it has: without that no API server could read a Secret any more, k3s goes on with the
 * provider that it began with whatever the option says (pkg/daemons/control/deps/deps.go), and a
 * key of its own that comes late leaves all that was written before in plain (k3s-io/k3s#7195,
 * #13598).
 */
final class LivingSecrets {
  private static final String PROVIDER_OF_OLD = "aescbc";

  /**
   * Says only by what the next Secret is encrypted; no key leaves the host. Where there is no
   * configuration, k3s was told by its command line.
   */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_k3s_encryption",
          """
          k3s_options | grep -o "encryption-provider-config=[^]\\"' ,]*" | sed 's/^[^=]*=/file /'
          said=$(k3s_options | sed -n "s/^secrets-encryption-provider: *[\\"']\\{0,1\\}\\([a-z]*\\).*/\\1/p" | tail -n 1)
          used=$(head -c 100000 /var/lib/rancher/k3s/server/cred/encryption-config.json 2>/dev/null |
            grep -o '"\\(aescbc\\|aesgcm\\|secretbox\\|identity\\|kms\\)"[ ]*:' | tr -d '": ' | head -n 1)
          made=$used
          if k3s_options | grep -q "^secrets-encryption: *[\\"']\\{0,1\\}true"; then
            used=${used:-${said:-aescbc}}
          elif [ -f /etc/rancher/k3s/config.yaml ]; then
            used=
          fi
          [ -z "$used" ] || echo "own $used"
          [ -z "$used" ] || [ -z "$made" ] || echo made
          return 0\
          """,
          List.of(K3sApiServer.OPTIONS));

  private static final Set<String> WORDS =
      Set.of("aescbc", "aesgcm", "secretbox", "identity", "kms");

  /**
   * What was not made here.
   *
   * @param provider of k3s' own keys; empty where it is not told to have any
   * @param isMade whether it has made them
   * @param file of keys that its API server is told of
   */
  record Foreign(Optional<String> provider, boolean isMade, Optional<String> file) {}

  static final Question<Foreign> QUESTION = Question.of(Kind.single(LOOK, LivingSecrets::read));

  private LivingSecrets() {}

  private static Foreign read(Frame frame) {
    return new Foreign(
        last(frame, "own ").filter(WORDS::contains),
        frame.output().lines().anyMatch("made"::equals),
        last(frame, "file ").filter(it -> !it.equals(K3sApiServer.KEY_FILE)));
  }

  private static Optional<String> last(Frame frame, String start) {
    return frame
        .output()
        .lines()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()).strip())
        .reduce((_, later) -> later);
  }

  /**
   * Of a server that holds the cluster, or has begun with one that lies elsewhere, where the
   * inventory says another thing than it has.
   */
  static Optional<Check> refusal(Target.OnHost target, Foreign is) {
    var own = Overrides.of(K3sOptions.class, target.host(), target.cluster());
    var file = ApiServerSettings.value(own, EncryptionPlace.OPTION);
    if (is.file().isPresent() && !is.file().equals(file)) {
      return Optional.of(otherFile(is.file().get()));
    }
    var should = provider(own);
    if (is.provider().equals(should)) {
      return Optional.empty();
    }
    if (is.provider().isEmpty()) {
      return Optional.of(on(should.orElseThrow()));
    }
    var was = is.provider().get();
    if (should.isEmpty()) {
      return Optional.of(off(was, EncryptionSection.of(target.cluster()).isPresent()));
    }
    return Optional.of(was.equals("identity") ? stopped() : other(was, should.get()));
  }

  /** By options of k3s that the operator gives. */
  private static Optional<String> provider(Map<String, Object> own) {
    return Optional.ofNullable(own.get(ApiServerSettings.ENCRYPTION))
        .filter(it -> "true".equals(it.toString()))
        .map(_ -> String.valueOf(own.getOrDefault(ApiServerSettings.PROVIDER, PROVIDER_OF_OLD)));
  }

  /** Where the keys lie that servers of this inventory read; empty where Secrets are in plain. */
  static Optional<String> keyFile(Cluster cluster) {
    return EncryptionSection.of(cluster)
        .map(_ -> K3sApiServer.KEY_FILE)
        .or(() ->
            provider(Overrides.ofCluster(K3sOptions.class, cluster))
                .map(_ -> K3sDatastore.OWN_KEYS));
  }

  /** What an inventory says for a server that has this. */
  private static String written(String provider) {
    return provider.equals("secretbox")
        ? "'k3s: { secrets-encryption: true, secrets-encryption-provider: secretbox }'"
        : "'k3s: { secrets-encryption: true }'";
  }

  private static Check off(String was, boolean hasSection) {
    return new Check.Refused(
        "k3s encrypts the Secrets of the cluster with keys that it made itself (%s), and the inventory %s: its API servers would have these keys no more, and could read no Secret"
            .formatted(
                was, hasSection ? "has others by 'encryption'" : "has no 'secrets-encryption'"),
        "write %s%s, and all stays as it is; how k3s lets go of its own keys is told by docs.k3s.io/cli/secrets-encrypt"
            .formatted(written(was), hasSection ? " in the place of 'encryption'" : ""));
  }

  private static Check on(String should) {
    return new Check.Refused(
        "the cluster lives without 'secrets-encryption', and the inventory asks for it: what is in its datastore would stay in plain, and k3s does not switch it on reliably where there are several servers",
        "write 'encryption: { provider: %s }' in its place, which has all Secrets encrypted in a cluster that lives"
            .formatted(should));
  }

  private static Check other(String was, String should) {
    return new Check.Refused(
        "k3s encrypts the Secrets of the cluster with keys that it made itself (%s), and the inventory says %s: k3s would go on with %1$s and not say so"
            .formatted(was, should),
        "write %s; how k3s moves to another provider is told by docs.k3s.io/security/secrets-encryption, and the inventory can say so afterwards"
            .formatted(written(was)));
  }

  private static Check stopped() {
    return new Check.Refused(
        "'k3s secrets-encrypt disable' was called there: Secrets are written in plain since, and the inventory asks for 'secrets-encryption'",
        "switch it on again as docs.k3s.io/cli/secrets-encrypt tells ('k3s secrets-encrypt enable'), then apply");
  }

  private static Check otherFile(String file) {
    return new Check.Refused(
        "its API server reads keys of Secrets from %s, and the inventory does not name that file: without these keys it could read no Secret"
            .formatted(file),
        "write 'k3s: { kube-apiserver-arg: [%s=%s] }', and all stays as it is"
            .formatted(EncryptionPlace.OPTION, file));
  }
}

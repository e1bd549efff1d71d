package io.provision.steps.kubernetes.encryption;

import io.provision.model.Cluster;
import io.provision.model.Sha256;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.steps.kubernetes.apiserver.EncryptionSection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the EncryptionConfiguration of a control plane says, and no key of it: Secrets are written
 * with its first entry and read with any
 * (kubernetes.io/docs/tasks/administer-cluster/encrypt-data).
 *
 * @param isOurs whether it was made here: one of somebody else is never changed
 * @param isChanging whether Secrets may still be written with another entry than its first
 * @param entries in their order; none where there is no file, or nothing in it
 */
record EncryptionFile(boolean isOurs, boolean isChanging, List<Entry> entries) {
  /**
   * One provider with one of its keys.
   *
   * @param key the digest of the key, which is of 256 random bits, so that it gives nothing away;
   *     empty for {@code identity}
   */
  record Entry(EncryptionKey of, Optional<Sha256> key) {}

  /** {@code look_encryption_entries}: of the file on stdin; a provider's name, and its key. */
  private static final ShellFunction ENTRIES =
      new ShellFunction(
          "look_encryption_entries",
          """
          awk '
            /^ *- *identity *:/ { print "identity"; next }
            /^ *- *name *:/ { name = $3; gsub(/["\\047]/, "", name); next }
            /^ *- *[a-z0-9]+ *:/ { provider = $0; sub(/^ *- */, "", provider); sub(/ *:.*/, "", provider); next }
            /^ *secret *:/ { key = $2; gsub(/["\\047]/, "", key); print provider ":" name, key }'\
          """);

  /** {@code look_encryption FILE}. */
  private static final ShellFunction SEEN =
      new ShellFunction(
          "look_encryption",
          """
          [ -f "$1" ] || return 0
          text=$(head -c 100000 "$1" | tr -d '\\000')
          ! printf '%s\\n' "$text" | encryption_is_ours || echo ours=yes
          printf '%s\\n' "$text" | look_encryption_entries | while read -r entry key; do
            if [ -n "$key" ]; then
              echo "entry=$entry $(printf %s "$key" | sha256sum | head -c 64)"
            else
              echo "entry=$entry"
            fi
          done
          ! printf '%s\\n' "$text" | grep -qx '# changing' || echo changing=yes
          return 0\
          """,
          List.of(ENTRIES, EncryptionScripts.IS_OURS));

  /** {@code look_encryption_in_use KUBECTL KUBECONFIG FILE}. */
  private static final ShellFunction IN_USE =
      new ShellFunction(
          "look_encryption_in_use",
          """
          ! grep -qsx '# changing' "$3" || ! encryption_is_loaded "$@" || echo loaded=yes
          return 0\
          """,
          List.of(EncryptionScripts.IS_LOADED));

  /** Whether the API server has it in use; asked only while it {@link #isChanging}. */
  static final Kind<Boolean> LOADED =
      Kind.volatileSingle(IN_USE, frame -> frame.output().contains("loaded=yes"));

  private static final Kind<EncryptionFile> KIND = Kind.single(SEEN, EncryptionFile::read);

  private static final Set<String> PROVIDERS = Set.of("aescbc", "aesgcm", "secretbox", "identity");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  EncryptionFile {
    entries = List.copyOf(entries);
  }

  /** What the file of this path says. */
  static Question<EncryptionFile> at(String path) {
    return Question.of(KIND, path);
  }

  private static EncryptionFile read(Frame frame) {
    var lines = List.of(frame.output().split("\n"));
    var entries = new ArrayList<Entry>();
    for (var line : lines) {
      if (line.startsWith("entry=")) {
        entry(line.substring("entry=".length())).ifPresent(entries::add);
      }
    }
    return new EncryptionFile(lines.contains("ours=yes"), lines.contains("changing=yes"), entries);
  }

  private static Optional<Entry> entry(String text) {
    var words = text.split(" ", 2);
    var of = words[0].split(":", 2);
    var name = of.length == 2 ? of[1] : "";
    if (!PROVIDERS.contains(of[0]) || !name.isEmpty() && !NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Entry(
              new EncryptionKey(of[0], name),
              words.length == 2 ? Optional.of(new Sha256(words[1])) : Optional.empty()));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  Optional<Entry> find(EncryptionKey key) {
    return entries.stream().filter(it -> it.of().equals(key)).findFirst();
  }

  /** Whether the next Secret is written with it. */
  boolean writesWith(EncryptionKey key) {
    return !entries.isEmpty() && entries.getFirst().of().equals(key);
  }

  /** Whether no Secret needs a key any more. */
  boolean isPlain() {
    return !isChanging && !entries.isEmpty() && entries.stream().allMatch(it -> it.of().isPlain());
  }

  /**
   * Which of its entries the inventory means: where that names no key, the first one of the
   * provider that is there, as somebody may have rolled it before.
   */
  EncryptionKey meant(Cluster cluster) {
    var wanted = EncryptionKey.wanted(cluster).orElseThrow();
    return EncryptionSection.namesKey(cluster)
        ? wanted
        : entries.stream()
            .map(Entry::of)
            .filter(it -> it.provider().equals(wanted.provider()))
            .findFirst()
            .orElse(wanted);
  }

  /** What there is in it, for people. */
  String described() {
    return String.join(", ", entries.stream().map(it -> it.of().toString()).toList());
  }
}

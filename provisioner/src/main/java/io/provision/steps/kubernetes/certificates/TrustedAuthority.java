package io.provision.steps.kubernetes.certificates;

import io.provision.model.Sha256;
import io.provision.resource.FileState;
import java.util.Collection;
import java.util.Optional;

/**
 * The authority that a node trusts, as the file on it says.
 *
 * @param digest of the whole file, by which nodes are compared
 * @param key of its first certificate, as people are told
 */
public record TrustedAuthority(Sha256 digest, AuthorityKey key) {
  /**
   * Empty where the file is not there or holds no certificate: a program that ended while it wrote
   * it, or had no room, left it empty, and that does not make its node that of another cluster. An
   * agent of k3s writes it anew at each start
   * (https://github.com/k3s-io/k3s/blob/master/pkg/agent/config/config.go, {@code os.WriteFile}).
   *
   * @param file looked at with its text
   */
  public static Optional<TrustedAuthority> of(FileState file) {
    return file.sha256()
        .flatMap(digest ->
            file.text()
                .flatMap(it -> AuthorityKey.of(it.text()))
                .map(key -> new TrustedAuthority(digest, key)));
  }

  /** Whether it is none of these. */
  public boolean isForeignTo(Collection<Sha256> authorities) {
    return !authorities.isEmpty() && !authorities.contains(digest);
  }

  /** As a message has it. */
  public String told() {
    return key.text();
  }
}

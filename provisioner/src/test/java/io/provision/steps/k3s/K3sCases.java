package io.provision.steps.k3s;

import io.provision.steps.k3s.adoption.ForeignK3s;
import io.provision.steps.k3s.digests.Digests;
import io.provision.steps.kubernetes.Cases;
import java.util.Map;

/** What the tests of k3s have besides what every cluster has. */
public final class K3sCases {
  private K3sCases() {}

  /** What steps find where the inventory sets these options. */
  public static Record options(Map<String, Object> values) {
    return new K3sOptions(values);
  }

  static K3sLooks.Basics basics(String lines) {
    return Cases.read(K3sLooks.BASICS, lines);
  }

  /** A k3s of somebody else, as its look says it; none for nothing. */
  static ForeignK3s foreign(String lines) {
    return Cases.read(K3sLooks.FOREIGN, lines);
  }

  /** Outputs that are settled: the digest of the binary is pinned. */
  static Cases.Settled settled() {
    return new Cases.Settled()
        .atDesk(K3s.DIGESTS, new Digests(Map.of("amd64", Cases.DIGEST), Map.of()));
  }
}

package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/**
 * Secrets in the store of a stand-in: each says with which key it was written, and the store which
 * were written with a key that another server had not in use.
 *
 * @param store the directory, on every server
 * @param file of their keys
 */
record StandInSecrets(String store, String file) {

  /** Some, written as the first server writes. */
  void put(List<Node> servers) {
    for (var server : servers) {
      server.sh(
          "for s in default/a default/b kube-system/c; do mkdir -p %1$s/secrets/${s%%%%/*}; cp %1$s/writers/n1 %1$s/secrets/$s; done"
              .formatted(store));
    }
  }

  /** All of them, as every server has it; and nobody wrote what another could not read. */
  void areWrittenWith(List<Node> servers, String entry) {
    for (var server : servers) {
      assertThat(server.sh("cat %s/secrets/*/* | sort -u".formatted(store)))
          .as(server.name())
          .matches(entry + "\n");
      assertThat(server.sh("cat %s/unreadable 2>/dev/null || :".formatted(store)))
          .as("what could not be read on %s", server.name())
          .isEmpty();
    }
  }

  /** Kills the run behind the new key, behind its use, and in the middle of the rewriting. */
  void rollWhereverTheRunIsKilled(Lab lab, String provider) {
    KubeadmStandInTest.killedOnce(lab, lab.node(1), "grep -q %s %s".formatted(provider, file));
    KubeadmStandInTest.killedOnce(
        lab, lab.node(3), "grep -A1 providers: %s | grep -q %s".formatted(file, provider));
    KubeadmStandInTest.killedOnce(
        lab, lab.node(1), "grep -q %s %s/secrets/default/a".formatted(provider, store));
    lab.provision().json("apply", "cluster.yml").exits(0);
  }
}

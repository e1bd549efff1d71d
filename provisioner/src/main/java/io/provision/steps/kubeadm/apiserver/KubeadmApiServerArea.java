package io.provision.steps.kubeadm.apiserver;

import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of kubeadm's API servers: one line a step. */
public final class KubeadmApiServerArea {
  public static final Area AREA =
      Area.of(
          new StepEntry(
              "kubeadm-encryption",
              KubeadmEncryption.class,
              "Has every control plane hold the key of Secrets, which is made once and never anew."),
          new StepEntry(
              "kubeadm-encryption-known",
              EncryptionKnown.class,
              "Waits until the API server can read what is written with the key of the inventory."),
          new StepEntry(
              "kubeadm-encryption-used",
              EncryptionUsed.class,
              "Has Secrets written with that key, once every control plane can read it."),
          new StepEntry(
              "kubeadm-secrets-rewritten",
              SecretsRewritten.class,
              "Writes all Secrets anew with that key, and lets other keys go."),
          new StepEntry(
              "kubeadm-audit",
              KubeadmAudit.class,
              "Writes the policy of the API server's log, and makes the directory of that log."));

  private KubeadmApiServerArea() {}
}

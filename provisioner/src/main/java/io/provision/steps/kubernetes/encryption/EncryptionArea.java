package io.provision.steps.kubernetes.encryption;

import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of Secrets at rest, with every distribution: one line a step. */
public final class EncryptionArea {
  public static final Area AREA =
      Area.of(
          new StepEntry(
              "encryption",
              Encryption.class,
              "Has every control plane hold the key of Secrets, which is made once and never anew."),
          new StepEntry(
              "encryption-known",
              EncryptionKnown.class,
              "Waits until the API server can read what is written with the key of the inventory."),
          new StepEntry(
              "encryption-used",
              EncryptionUsed.class,
              "Has Secrets written with that key, once every control plane can read it."),
          new StepEntry(
              "secrets-rewritten",
              SecretsRewritten.class,
              "Writes all Secrets anew with that key, and lets other keys go."));

  private EncryptionArea() {}
}

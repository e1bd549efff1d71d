package io.provision.model;

import java.nio.file.Path;

/** Where a private key is. */
public sealed interface SshKey {
  /** In a file; one with a public key chooses that key of the agent. */
  record File(Path path) implements SshKey {}

  /** Its text, which is never written to a disk. */
  record Text(Secret secret) implements SshKey {}
}

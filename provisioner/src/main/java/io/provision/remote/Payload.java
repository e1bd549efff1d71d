package io.provision.remote;

import io.provision.model.Content;
import io.provision.model.Sha256;
import java.nio.file.Path;

/** What a script reads on its stdin: the way for secrets and for anything large. */
public sealed interface Payload
    permits Payload.Bytes, Payload.LocalFile, Payload.Artifact, Handoff {

  /** Whether nobody may see what it holds. */
  default boolean isSecret() {
    return switch (this) {
      case Bytes(var content) -> content instanceof Content.Sensitive;
      case Handoff _ -> true;
      case LocalFile _, Artifact _ -> false;
    };
  }

  /** These bytes. */
  record Bytes(Content content) implements Payload {}

  /** A file of the operator's machine, streamed. */
  record LocalFile(Path file, long size) implements Payload {}

  /**
   * Something published under a digest; the operator's machine keeps a copy, or fetches one when it
   * is needed.
   */
  record Artifact(String id, Sha256 sha256) implements Payload {}
}

package io.provision.remote;

import io.provision.model.Content;
import io.provision.model.Sha256;
import java.nio.file.Path;

/** What a script reads on its stdin: the way for secrets and for anything large. */
public sealed interface Payload permits Payload.Bytes, Payload.Stored, Payload.Upload, Handoff {

  /** Whether nobody may see what it holds. */
  default boolean isSecret() {
    return switch (this) {
      case Bytes(var content) -> content instanceof Content.Sensitive;
      case Handoff _ -> true;
      case Stored _, Upload _ -> false;
    };
  }

  /** These bytes. */
  record Bytes(Content content) implements Payload {}

  /** What is a file of the operator's machine when it is sent. */
  sealed interface Stored extends Payload {}

  /** A file of the operator's machine, streamed. */
  record LocalFile(Path file, long size) implements Stored {}

  /**
   * Something published under a digest; the operator's machine keeps a copy, or fetches one when it
   * is needed.
   */
  record Artifact(String id, Sha256 sha256) implements Stored {}

  /**
   * Something that may be large, for a script that can add it to what the host has of it since a
   * transfer that was cut off: only the rest of it is sent then, and it may come compressed. The
   * script finds how in its variables; see {@link PayloadStream.Portion}.
   *
   * @param part prints the size, in bytes, and the digest of what the host has; nothing where it
   *     has nothing
   * @param begin takes a part and adds it to what the host has, and does nothing else with it
   */
  record Upload(Stored of, Call part, Call begin) implements Payload {}
}

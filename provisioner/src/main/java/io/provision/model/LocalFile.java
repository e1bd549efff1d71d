package io.provision.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A file of the operator's machine that goes to hosts. It may be large: it is never held in memory
 * as a whole, and its digest is made once, for as many hosts as it goes to. For any thread.
 */
public final class LocalFile {
  private static final int PIECE = 1 << 16;

  private final Path path;
  private @Nullable Sha256 digest;

  public LocalFile(Path path) {
    this.path = path;
  }

  public Path path() {
    return path;
  }

  /** In bytes, now. */
  public long size() {
    try {
      return Files.size(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of what it held when it was first asked for. */
  public synchronized Sha256 sha256() {
    var known = digest;
    if (known == null) {
      known = read();
      digest = known;
    }
    return known;
  }

  private Sha256 read() {
    try (var in = new DigestInputStream(Files.newInputStream(path), Sha256.algorithm())) {
      var piece = new byte[PIECE];
      while (in.read(piece) >= 0) {
        // the digest is all that is wanted
      }
      return new Sha256(HexFormat.of().formatHex(in.getMessageDigest().digest()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LocalFile file && file.path.equals(path);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  @Override
  public String toString() {
    return path.toString();
  }
}

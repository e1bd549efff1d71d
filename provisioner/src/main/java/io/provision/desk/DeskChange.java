package io.provision.desk;

import io.provision.remote.Payload;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A change on the operator's machine, as data. */
public sealed interface DeskChange {

  /**
   * Merges one cluster into a kubeconfig, with a backup of the file, atomically, mode 0600.
   *
   * @param source what the server's own kubeconfig says; untrusted input
   * @param server the URL to put in place of the source's own
   */
  record MergeKubeconfig(Path into, String cluster, String context, String server, Payload source)
      implements DeskChange {}

  /** Fetches these artifacts, checks them against the publisher's sums, and pins their digests. */
  record PinArtifacts(Path lockFile, List<ArtifactId> artifacts) implements DeskChange {}

  /** Takes the pins of these artifacts out; one that is not pinned is no error. */
  record Unpin(Path lockFile, Set<String> ids) implements DeskChange {
    public Unpin {
      ids = Set.copyOf(ids);
    }
  }

  /**
   * One published file.
   *
   * @param program for example {@code k3s}
   * @param version as published, for example {@code v1.36.4+k3s1}
   * @param arch {@code amd64}, {@code arm64}, or {@link #ANY}
   * @param file the name in the artifact directory, for example {@code k3s} or {@code
   *     images.tar.zst}
   */
  record ArtifactId(String program, String version, String arch, String file) {
    /** In place of an architecture: the same for all, as manifests are. */
    public static final String ANY = "any";

    /** As lock files and payloads name it: {@code k3s/v1.36.4+k3s1/amd64/k3s}. */
    @Override
    public String toString() {
      return String.join("/", program, version, arch, file);
    }
  }
}

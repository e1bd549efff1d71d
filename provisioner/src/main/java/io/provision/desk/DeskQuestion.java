package io.provision.desk;

import io.provision.model.Sha256;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A read-only question about the operator's machine; {@code A} is its answer. */
public sealed interface DeskQuestion<A> {

  /**
   * What a kubeconfig holds under one context: empty where there is no file or no such context.
   *
   * @throws io.provision.desk.DeskException when the file is there and is no kubeconfig
   */
  record KubeconfigEntry(Path file, String context) implements DeskQuestion<Optional<Entry>> {}

  /** The digests pinned for these artifacts; one that is not pinned is not in the answer. */
  record Pins(Path lockFile, Set<String> ids) implements DeskQuestion<Map<String, Sha256>> {
    public Pins {
      ids = Set.copyOf(ids);
    }
  }

  /** The names of all artifacts of these programs that are pinned, of whatever version. */
  record PinnedOf(Path lockFile, Set<String> programs) implements DeskQuestion<Set<String>> {
    public PinnedOf {
      programs = Set.copyOf(programs);
    }
  }

  /**
   * Which of these artifacts the operator offers: in the artifact directory, or on the mirror. What
   * only its publisher has is not in the answer.
   */
  record Offered(Set<DeskChange.ArtifactId> artifacts)
      implements DeskQuestion<Set<DeskChange.ArtifactId>> {
    public Offered {
      artifacts = Set.copyOf(artifacts);
    }
  }

  /**
   * What lies in the artifact directory under these names; what does not is not in the answer. A
   * file is read whole only where it is not pinned, or may be another one than was pinned.
   */
  record Lying(Path lockFile, Set<DeskChange.ArtifactId> artifacts)
      implements DeskQuestion<Map<DeskChange.ArtifactId, Lies>> {
    public Lying {
      artifacts = Set.copyOf(artifacts);
    }
  }

  /** How a file of the artifact directory is. */
  sealed interface Lies {
    /** As its publisher's list of sums says, and as it is pinned where it is. */
    record Right(Sha256 digest) implements Lies {}

    /** Not as it is pinned, not as its publisher's list says, or for another machine. */
    record Wrong(String what, String remedy) implements Lies {}
  }

  /**
   * The text of an artifact that is at hand and as it should be: in the artifact directory, or
   * pinned and downloaded before. Empty where it would have to be downloaded.
   *
   * @throws io.provision.desk.DeskException where it cannot be read, or is larger than any manifest
   */
  record Text(Path lockFile, DeskChange.ArtifactId artifact)
      implements DeskQuestion<Optional<String>> {}

  /**
   * What the publisher's list of sums says of these artifacts, or the mirror's: read over the
   * network, once, within seconds, and kept nowhere. Asked are those that a first download would
   * pin: what does not lie in the artifact directory, and is of a version of which nothing is
   * pinned yet, or is offered by the mirror without a pin. The others are not in the answer, so
   * that a converged machine asks nobody.
   */
  record Published(Path lockFile, Set<DeskChange.ArtifactId> artifacts)
      implements DeskQuestion<Map<DeskChange.ArtifactId, Listed>> {
    public Published {
      artifacts = Set.copyOf(artifacts);
    }
  }

  /** What a publisher's list of sums says of a file. */
  sealed interface Listed {
    /** This digest. */
    record Sum(Sha256 digest) implements Listed {}

    /** There is no list, and no digest of this version is known: it could never be pinned. */
    record Unlisted(String what, String remedy) implements Listed {}

    /** The list could not be read, or does not name the file. */
    record Unread(String why) implements Listed {}
  }

  /**
   * What identifies an entry without giving away its key.
   *
   * @param server the URL
   * @param authority digest of the certificate authority's certificate (decoded)
   * @param clientCertificate digest of the client certificate (decoded)
   */
  record Entry(
      String server,
      Sha256 authority,
      Sha256 clientCertificate,
      boolean privateMode,
      boolean ours) {}
}

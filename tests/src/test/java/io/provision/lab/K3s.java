package io.provision.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which k3s the suite can have: the real one where the artifact directory holds it, else the
 * stand-in, which is strict and says so.
 *
 * @param artifacts a directory as an air-gapped user would fill it
 */
record K3s(Path artifacts, String version, boolean real) {
  private static final String STOOD_IN_FOR = "v1.36.4+k3s1";

  /** Settings of an inventory with which a real k3s runs in a container. */
  static final String SETTINGS =
      """
        kubelet: { failCgroupV1: false }
        containerd: { plugins: { io.containerd.cri.v1.runtime: { restrict_oom_score_adj: true } } }
      """;

  static K3s forLab(Lab lab) {
    return forArtifacts(lab.file("artifacts"));
  }

  /**
   * @param artifacts where a stand-in is put
   */
  static K3s forArtifacts(Path artifacts) {
    return found().orElseGet(() -> standIn(artifacts, STOOD_IN_FOR));
  }

  static boolean isAtHand() {
    return found().isPresent();
  }

  /** What a lab node needs before a real k3s runs in it, or one that stands in for it. */
  static void letRun(Node node) {
    node.sh(Checkout.text(Checkout.file("tests/lab/let-k3s-run")));
  }

  /** For the report: which it was. */
  String called() {
    return real ? "the real k3s " + version : "the stand-in for k3s " + version;
  }

  /** The newest real one of an earlier minor version. */
  static Optional<K3s> before(K3s newest) {
    var minor = newest.version().replaceFirst("^(v[0-9]+[.][0-9]+[.]).*", "$1");
    return newest.real() ? found(version -> !version.startsWith(minor)) : Optional.empty();
  }

  private static Optional<K3s> found() {
    return found(_ -> true);
  }

  private static Optional<K3s> found(Predicate<String> wanted) {
    var given = System.getenv("PROVISION_ARTIFACTS");
    if (given == null || given.isEmpty()) {
      return Optional.empty();
    }
    var programs = Path.of(given).resolve("k3s");
    try (var versions = Files.list(programs)) {
      return versions
          .filter(version ->
              Files.isRegularFile(version.resolve(StandIn.architecture()).resolve("k3s")))
          .map(version -> version.getFileName().toString())
          .filter(wanted)
          .max(String::compareTo)
          .map(version -> new K3s(Path.of(given), version, true));
    } catch (IOException e) {
      return Optional.empty(); // no such directory: the suite has a stand-in
    }
  }

  /** Puts a stand-in for this version beside those that are there. */
  static K3s standIn(Lab lab, String version) {
    return standIn(lab.file("artifacts"), version);
  }

  private static K3s standIn(Path artifacts, String version) {
    var place = "k3s/%s/%s/".formatted(version, StandIn.architecture());
    var digest = StandIn.put(artifacts, place + "k3s", StandIn.program("k3s", version));
    try {
      Files.writeString(artifacts.resolve(place + "sha256sum.txt"), digest + "  k3s\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new K3s(artifacts, version, false);
  }
}

package io.provision.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Which k3s the suite can have: the real one where the artifact directory holds it, else the
 * stand-in, which is strict and says so.
 *
 * @param artifacts a directory as an air-gapped user would fill it
 */
record K3s(Path artifacts, String version, boolean real) {
  private static final String STOOD_IN_FOR = "v1.36.4+k3s1";

  static K3s forLab(Lab lab) {
    return found().orElseGet(() -> standIn(lab));
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

  private static Optional<K3s> found() {
    var given = System.getenv("PROVISION_ARTIFACTS");
    if (given == null || given.isEmpty()) {
      return Optional.empty();
    }
    var programs = Path.of(given).resolve("k3s");
    try (var versions = Files.list(programs)) {
      return versions
          .filter(version -> Files.isRegularFile(version.resolve(architecture()).resolve("k3s")))
          .map(version -> version.getFileName().toString())
          .max(String::compareTo)
          .map(version -> new K3s(Path.of(given), version, true));
    } catch (IOException e) {
      return Optional.empty(); // no such directory: the suite has a stand-in
    }
  }

  private static K3s standIn(Lab lab) {
    return standIn(lab, STOOD_IN_FOR);
  }

  /** Puts a stand-in for this version beside those that are there. */
  static K3s standIn(Lab lab, String version) {
    var program =
        Checkout.text(Checkout.file("tests/stand-in/k3s"))
            .replaceFirst("(?m)^VERSION=.*$", "VERSION=" + version);
    var place = "artifacts/k3s/%s/%s/".formatted(version, architecture());
    var file = lab.write(place + "k3s", program);
    var bytes = program.getBytes(StandardCharsets.UTF_8);
    lab.write(place + "sha256sum.txt", digest(bytes) + "  k3s\n");
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new K3s(lab.file("artifacts"), version, false);
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String architecture() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
  }
}

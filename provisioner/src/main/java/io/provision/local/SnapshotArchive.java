package io.provision.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Whether an archive holds a whole snapshot of etcd, and all without which that is useless. etcd
 * ends a snapshot with the SHA-256 of all before (server/etcdserver/api/v3rpc/maintenance.go).
 */
final class SnapshotArchive {
  private static final int SUM = 32;
  private static final int SECTOR = 512;

  private SnapshotArchive() {}

  /**
   * What is wrong with it.
   *
   * @param snapshot the name of the snapshot's file
   * @param required absolute paths of files, or of directories in which something is
   */
  static Optional<String> complaint(Path archive, String snapshot, List<String> required)
      throws IOException {
    var missing = new TreeSet<>(required);
    var wrong = new TreeSet<String>();
    missing.add(snapshot);
    try {
      TarFile.read(
          archive,
          (entry, contents) -> {
            var path = path(entry.name());
            if (path.endsWith("/" + snapshot)) {
              missing.remove(snapshot);
              if (!isWhole(entry.size(), contents)) {
                wrong.add("the snapshot in it is not whole: its SHA-256 is another");
              }
            } else if (!path.endsWith("/")) {
              missing.removeIf(each -> path.equals(each) || path.startsWith(each + "/"));
            }
          });
    } catch (TarFile.Broken e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    return missing.isEmpty()
        ? wrong.stream().findFirst()
        : Optional.of("it has no " + String.join(", ", missing));
  }

  private static String path(String name) {
    return name.startsWith("/") ? name : "/" + name;
  }

  static boolean isWhole(long size, InputStream contents) throws IOException {
    if (size % SECTOR != SUM) {
      return false;
    }
    var digest = sha256();
    var buffer = new byte[1 << 16];
    for (var left = size - SUM; left > 0; ) {
      var count = contents.read(buffer, 0, (int) Math.min(buffer.length, left));
      digest.update(buffer, 0, count);
      left -= count;
    }
    return Arrays.equals(digest.digest(), contents.readNBytes(SUM));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

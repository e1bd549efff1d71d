package io.provision.local;

import io.provision.desk.DeskException;
import io.provision.desk.HeldSnapshot;
import io.provision.model.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whether an archive can be given back to a host, where root unpacks it: it is whole, of this
 * cluster, and holds files and directories at the paths that are expected, and nothing else.
 */
public final class RestoredArchive {
  private static final Pattern NAME = Pattern.compile("(.+)-etcd-(\\d{8}T\\d{6}Z)\\.tar");

  /** As {@code etcd snapshot} keeps it on a host. */
  private static final String SNAPSHOT = "/var/lib/provision/etcd/snapshot-%s.db";

  private final Path file;
  private final HeldSnapshot.Expected expected;
  private final String snapshot;
  private final TreeSet<String> files = new TreeSet<>();
  private final List<String> wrong = new ArrayList<>();

  private RestoredArchive(Path file, HeldSnapshot.Expected expected, String time) {
    this.file = file;
    this.expected = expected;
    this.snapshot = SNAPSHOT.formatted(time);
  }

  /**
   * Reads all of it.
   *
   * @throws DeskException where it is of no use, and why
   */
  public static HeldSnapshot read(Path file, HeldSnapshot.Expected expected) throws DeskException {
    var name = NAME.matcher(String.valueOf(file.getFileName()));
    try {
      if (!Files.isRegularFile(file)) {
        throw refused(
            file, Files.exists(file) ? "it is not a file" : "it is not there", "look at its path");
      }
      var time = name.matches() ? name.group(2) : "";
      return new RestoredArchive(file, expected, time).held(name);
    } catch (IOException e) {
      throw DeskFault.reading(file, e);
    }
  }

  private HeldSnapshot held(Matcher name) throws DeskException, IOException {
    var before = sha256(file);
    try {
      TarFile.read(file, this::take);
    } catch (TarFile.Broken e) {
      throw refused(
          file,
          String.valueOf(e.getMessage()),
          "take another one: an archive as 'provision etcd snapshot' copies it is needed whole, the"
              + " snapshot alone is of no use");
    }
    if (!name.matches()) {
      throw refused(
          file,
          "its name does not say of which cluster it is, and of when",
          "give it back the name that it was made with: %s-etcd-TIME.tar"
              .formatted(expected.cluster()));
    }
    if (!name.group(1).equals(expected.cluster())) {
      throw refused(
          file,
          "it is of the cluster '%s', and the inventory's is called '%s'"
              .formatted(name.group(1), expected.cluster()),
          "take one of this cluster");
    }
    var missing = missing();
    if (!wrong.isEmpty() || !missing.isEmpty()) {
      throw refused(
          file,
          wrong.isEmpty() ? "it has no " + String.join(", ", missing) : wrong.getFirst(),
          "take another one, of this cluster and its distribution");
    }
    if (!sha256(file).equals(before)) {
      throw refused(file, "it changes while it is read", "wait until it is copied");
    }
    var there = paths().filter(each -> files.stream().anyMatch(path -> isAt(path, each)));
    return new HeldSnapshot(
        file, Files.size(file), before, name.group(2), snapshot, there.toList());
  }

  private void take(TarFile.Entry entry, InputStream contents) throws IOException {
    var path = Pattern.compile("/+$").matcher("/" + entry.name()).replaceFirst("");
    var known = paths().anyMatch(each -> isAt(path, each));
    if (path.equals(snapshot) && entry.isFile()) {
      if (!files.add(path)) {
        wrong.add("it holds two snapshots");
      } else if (!SnapshotArchive.isWhole(entry.size(), contents)) {
        wrong.add("the snapshot in it is not whole: its SHA-256 is another");
      }
    } else if (!known || hasOddPart(entry.name())) {
      wrong.add("it holds %s, which a snapshot of this cluster does not".formatted(shown(path)));
    } else if (!entry.isFile() && !entry.isDirectory()) {
      wrong.add("%s in it is neither a file nor a directory".formatted(shown(path)));
    } else if (entry.isFile() && entry.size() > 0 && !files.add(path)) {
      wrong.add("it holds %s twice".formatted(shown(path)));
    }
  }

  private Stream<String> paths() {
    return Stream.concat(expected.required().stream(), expected.optional().stream());
  }

  private List<String> missing() {
    return Stream.concat(Stream.of(snapshot), expected.required().stream())
        .filter(each -> files.stream().noneMatch(path -> isAt(path, each)))
        .toList();
  }

  private static boolean isAt(String path, String place) {
    return path.equals(place) || path.startsWith(place + "/");
  }

  /** Whether a part of the name could lead elsewhere. */
  private static boolean hasOddPart(String name) {
    return name.startsWith("/")
        || Stream.of(name.split("/"))
            .anyMatch(part -> !part.matches("[A-Za-z0-9_][A-Za-z0-9._-]*"));
  }

  /** A name that somebody chose, as a terminal can show it. */
  private static String shown(String path) {
    var shown = path.replaceAll("[^A-Za-z0-9/._-]", "?");
    return shown.length() > 100 ? shown.substring(0, 100) + "..." : shown;
  }

  private static DeskException refused(Path file, String what, String remedy) {
    return new DeskException("%s: %s".formatted(file, what), remedy, null);
  }

  private static Sha256 sha256(Path file) throws IOException {
    var digest = Sha256.algorithm();
    var buffer = new byte[1 << 16];
    try (var in = Files.newInputStream(file)) {
      for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return new Sha256(HexFormat.of().formatHex(digest.digest()));
  }
}

package io.provision.local;

import io.provision.desk.DeskException;
import io.provision.files.AtomicFile;
import io.provision.files.BoundedRead;
import io.provision.files.Custody;
import io.provision.model.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The digests that an inventory's artifacts are held to: {@code provision.lock} beside it, one line
 * each as {@code sha256sum} writes them, sorted, to be kept under version control.
 */
final class PinFile {
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *](\\S.*)");
  private static final String HEADER =
      "# Digests of what 'provision' installs, pinned when they were first downloaded.\n"
          + "# Keep this file with the inventory. A file with another digest is never used.\n";

  private static final int MOST_BYTES = 4 << 20;

  private PinFile() {}

  /** All pins; none where there is no file. */
  static SortedMap<String, Sha256> read(Path file, Custody custody) throws DeskException {
    var pins = new TreeMap<String, Sha256>();
    if (!Files.exists(file)) {
      return pins;
    }
    DeskFault.refuse(file, custody);
    try {
      var number = 0;
      for (var line : BoundedRead.lines(file, MOST_BYTES, StandardCharsets.UTF_8)) {
        number++;
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        var matcher = LINE.matcher(line.strip());
        if (!matcher.matches()) {
          throw new DeskException(
              "%s:%d: this is not a line '<sha256>  <artifact>'".formatted(file, number),
              "Fix the line, or restore the file from version control.",
              null);
        }
        var digest = new Sha256(matcher.group(1));
        var other = pins.putIfAbsent(matcher.group(2), digest);
        if (other != null && !other.equals(digest)) {
          throw new DeskException(
              "%s:%d: %s is pinned to two digests".formatted(file, number, matcher.group(2)),
              "Find out which one is right, and remove the other line.",
              null);
        }
      }
    } catch (IOException e) {
      throw DeskFault.reading(file, e);
    }
    return Collections.unmodifiableSortedMap(pins);
  }

  /**
   * Adds pins.
   *
   * @throws DeskException where one is pinned to another digest already
   */
  static void add(Path file, Map<String, Sha256> more, Custody custody) throws DeskException {
    try {
      AtomicFile.createPrivateDirectories(AtomicFile.parent(file));
      try (var _ = FileGuard.of(file)) {
        var pins = new TreeMap<>(read(file, custody));
        for (var pin : more.entrySet()) {
          var old = pins.putIfAbsent(pin.getKey(), pin.getValue());
          if (old != null && !old.equals(pin.getValue())) {
            throw differs(pin.getKey(), old, pin.getValue(), file);
          }
        }
        AtomicFile.write(file, render(pins), "rw-r--r--");
      }
    } catch (IOException e) {
      throw DeskFault.writing(file, e);
    }
  }

  /** Takes these out; the others stay as they are. */
  static void remove(Path file, Set<String> ids, Custody custody) throws DeskException {
    try (var _ = FileGuard.of(file)) {
      var pins = new TreeMap<>(read(file, custody));
      if (pins.keySet().removeAll(ids)) {
        AtomicFile.write(file, render(pins), "rw-r--r--");
      }
    } catch (IOException e) {
      throw DeskFault.writing(file, e);
    }
  }

  static DeskException differs(String id, Sha256 pinned, Sha256 found, Path where) {
    return new DeskException(
        "%s has the digest %s, but %s is pinned (%s)".formatted(id, found, pinned, where),
        "It was not used. Find out who changed it; only if the new one is right, remove its line"
            + " from provision.lock.",
        null);
  }

  private static byte[] render(SortedMap<String, Sha256> pins) {
    var text = new StringBuilder(HEADER);
    pins.forEach((id, digest) -> text.append(digest).append("  ").append(id).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}

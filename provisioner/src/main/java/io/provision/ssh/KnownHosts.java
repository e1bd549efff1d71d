package io.provision.ssh;

import io.provision.files.BoundedRead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One known_hosts file: read once, indexed by name, appended to in one write under a file lock. All
 * keys of a host count, whatever their algorithm. Safe for use by many threads.
 *
 * @see <a href="https://man.openbsd.org/sshd.8#SSH_KNOWN_HOSTS_FILE_FORMAT">the format</a>
 */
final class KnownHosts {
  /** Of a hundred thousand hosts with three keys each. */
  private static final int LONGEST = 64 << 20;

  private final Path file;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, List<KnownHostsLine>> plain = new HashMap<>();
  private final List<KnownHostsLine> patterns = new ArrayList<>();
  private final List<Hashed> hashed = new ArrayList<>();
  private final Map<String, List<KnownHostsLine>> answered = new HashMap<>();
  private final List<String> warnings = new ArrayList<>();
  private int lines;

  private record Hashed(HashedName name, KnownHostsLine line) {}

  private KnownHosts(Path file) {
    this.file = file;
  }

  /** A file that does not exist knows nobody. */
  static KnownHosts read(Path file) throws IOException {
    var known = new KnownHosts(file);
    try {
      // A comment may be in any encoding; what counts is ASCII.
      for (var text : BoundedRead.lines(file, LONGEST, StandardCharsets.ISO_8859_1)) {
        known.index(text);
      }
    } catch (NoSuchFileException e) {
      return known;
    }
    return known;
  }

  Path file() {
    return file;
  }

  /** Lines that were not understood or not used, each with its number. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** The lines for a name as known_hosts writes it, those marked included. */
  List<KnownHostsLine> lines(String name) {
    lock.lock();
    try {
      return answered.computeIfAbsent(name, this::search);
    } finally {
      lock.unlock();
    }
  }

  private List<KnownHostsLine> search(String name) {
    var found = new ArrayList<>(plain.getOrDefault(name, List.of()));
    patterns.stream().filter(line -> line.matches(name)).forEach(found::add);
    if (!hashed.isEmpty()) {
      var trial = new HashedName.Trial(name);
      hashed.stream()
          .filter(each -> trial.fits(each.name()))
          .forEach(each -> found.add(each.line()));
    }
    return List.copyOf(found);
  }

  private void index(String text) {
    lines++;
    if (text.isBlank() || text.stripLeading().startsWith("#")) {
      return;
    }
    try {
      var line = KnownHostsLine.parse(text, lines);
      if (line.marker() == KnownHostsLine.Marker.AUTHORITY) {
        warnings.add(
            "%s:%d: certificate authorities are not supported, the line is not used"
                .formatted(file, lines));
        return;
      }
      if (line.hashed()) {
        hashed.add(new Hashed(HashedName.parse(line.names().getFirst()), line));
      } else if (line.exact()) {
        line.names().forEach(n -> plain.computeIfAbsent(n, x -> new ArrayList<>()).add(line));
      } else {
        patterns.add(line);
      }
    } catch (IllegalArgumentException e) {
      warnings.add("%s:%d: not understood (%s)".formatted(file, lines, e.getMessage()));
    }
  }

  /**
   * Adds keys of hosts, in the manner of the file: hashed if its names are. What it knows already
   * is left out.
   *
   * @param keys names as known_hosts writes them, with their keys
   */
  void add(Map<String, ? extends Collection<HostKey>> keys) throws IOException {
    lock.lock();
    try {
      var fresh = new LinkedHashMap<String, Set<HostKey>>();
      keys.forEach((name, each) ->
          each.stream()
              .filter(key -> lines(name).stream().noneMatch(line -> line.key().equals(key)))
              .forEach(key ->
                  fresh.computeIfAbsent(name, x -> new java.util.LinkedHashSet<>()).add(key)));
      var text = new ArrayList<String>();
      fresh.forEach((name, each) ->
          each.forEach(key ->
              text.add(
                  (hashed.isEmpty() ? name : HashedName.of(name).toString()) + " " + key.line())));
      if (!text.isEmpty()) {
        append(text);
        text.forEach(this::index);
        answered.keySet().removeAll(fresh.keySet());
      }
    } finally {
      lock.unlock();
    }
  }

  private void append(List<String> text) throws IOException {
    var parent = file.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      Files.createDirectories(
          parent,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    var options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (var channel = FileChannel.open(file, options, mode);
        var _ = lock(channel)) {
      var start = endsWithNewline(channel) ? "" : "\n";
      var bytes = (start + String.join("\n", text) + "\n").getBytes(StandardCharsets.US_ASCII);
      var buffer = ByteBuffer.wrap(bytes);
      channel.position(channel.size());
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(false);
    }
  }

  /** Against other programs, and against another index of this one. */
  private static FileLock lock(FileChannel channel) throws IOException {
    while (true) {
      try {
        return channel.lock();
      } catch (OverlappingFileLockException e) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  private static boolean endsWithNewline(FileChannel channel) throws IOException {
    if (channel.size() == 0) {
      return true;
    }
    var last = ByteBuffer.allocate(1);
    return channel.read(last, channel.size() - 1) == 1 && last.get(0) == '\n';
  }
}

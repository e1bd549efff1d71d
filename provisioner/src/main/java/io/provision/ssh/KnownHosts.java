package io.provision.ssh;

import io.provision.files.BoundedRead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One known_hosts file: read once, indexed by name, never written here. All keys of a host count,
 * whatever their algorithm. Safe for use by many threads.
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
   * The lines that keys of hosts would be, in the manner of the file: hashed if its names are. What
   * it knows already is left out.
   *
   * @param keys names as known_hosts writes them, with their keys
   */
  List<String> missing(Map<String, ? extends Collection<HostKey>> keys) {
    lock.lock();
    try {
      var missing = new LinkedHashSet<String>();
      keys.forEach((name, each) ->
          each.stream()
              .distinct()
              .filter(key -> lines(name).stream().noneMatch(line -> line.key().equals(key)))
              .forEach(key ->
                  missing.add(
                      (hashed.isEmpty() ? name : HashedName.of(name).toString())
                          + " "
                          + key.line())));
      return List.copyOf(missing);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Knows what was appended to the file since it was read.
   *
   * @param names that it is about
   */
  void learn(Collection<String> names, List<String> appended) {
    lock.lock();
    try {
      appended.forEach(this::index);
      answered.keySet().removeAll(names);
    } finally {
      lock.unlock();
    }
  }
}

package io.provision.ssh;

import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Host keys by the names that known_hosts would have for them. Safe for use by many threads. */
final class SeenKeys {
  private final Map<String, Set<HostKey>> byName = new ConcurrentSkipListMap<>();

  /**
   * Reads what {@link #lines} gave.
   *
   * @throws IllegalArgumentException where one is something else
   */
  static SeenKeys of(Collection<String> lines) {
    var keys = new SeenKeys();
    for (var line : lines) {
      var words = line.split(" ");
      if (words.length != 3) {
        throw new IllegalArgumentException("'%s' is not a host key".formatted(line));
      }
      keys.add(words[0], HostKey.of(Base64.getDecoder().decode(words[2])));
    }
    return keys;
  }

  void add(String name, HostKey key) {
    byName.computeIfAbsent(name, _ -> ConcurrentHashMap.newKeySet()).add(key);
  }

  Set<HostKey> of(String name) {
    return Set.copyOf(byName.getOrDefault(name, Set.of()));
  }

  /** A line each, as in known_hosts: name, type and base64. */
  List<String> lines() {
    return byName.entrySet().stream()
        .flatMap(entry -> entry.getValue().stream().map(key -> entry.getKey() + " " + key.line()))
        .sorted()
        .toList();
  }
}

package io.provision.step.datastore;

import io.provision.model.HostName;
import io.provision.remote.Frame;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a snapshot is tried: a datastore is made of it on a server that lives, beside the one that it
 * has, and an API server is asked for what is in it. What runs for that reaches no network but its
 * own, writes nothing of the living cluster, and is gone when it ends.
 */
public interface Drill {

  /** Has the cluster keep this word, in a Secret of ours, as every Secret is kept. */
  Script mark(String word);

  /** The Secret is gone. */
  Script unmark();

  /**
   * Brings an archive and tries it; the last of them prints what {@link Found} reads.
   *
   * @param archive its bytes
   * @param sha256 of these bytes
   * @param snapshot path of the snapshot in it
   * @param paths of all that is put in its place, where it is in it
   * @param word that must be found; empty where none was written before
   */
  List<Script> tried(
      HostName server,
      Payload.LocalFile archive,
      String sha256,
      String snapshot,
      List<String> paths,
      String word);

  /** What is counted in it. Secrets are read by the key in the archive. */
  enum Part {
    NODES,
    NAMESPACES,
    SECRETS;

    /** As the API has it. */
    public String plural() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What was found.
   *
   * @param marked whether the word was there
   * @param counts of each part that was counted
   */
  record Found(boolean marked, Map<Part, Integer> counts) {
    public Found {
      counts = Map.copyOf(counts);
    }

    /** Reads {@code marked}, and {@code nodes 3} and the like. */
    public static Found read(Frame frame) {
      var lines = frame.output().lines().toList();
      var counts = new EnumMap<Part, Integer>(Part.class);
      for (var part : Part.values()) {
        lines.stream()
            .filter(line -> line.matches(part.plural() + " \\d{1,9}"))
            .map(line -> Integer.valueOf(line.substring(part.plural().length() + 1)))
            .findFirst()
            .ifPresent(number -> counts.put(part, number));
      }
      return new Found(lines.contains("marked"), counts);
    }

    /** All parts were counted. */
    public boolean isWhole() {
      return counts.size() == Part.values().length;
    }

    /** For people: {@code 3 nodes, 5 namespaces, 17 secrets}. */
    public String told() {
      return Arrays.stream(Part.values())
          .filter(counts::containsKey)
          .map(part -> "%d %s".formatted(counts.get(part), part.plural()))
          .collect(Collectors.joining(", "));
    }
  }
}

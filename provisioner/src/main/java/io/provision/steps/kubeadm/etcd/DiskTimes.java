package io.provision.steps.kubeadm.etcd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What 99 of a hundred writes of a member stayed below since it started, as etcd counts them
 * (https://etcd.io/docs/v3.6/op-guide/hardware/ asks for 10 ms of its log; its own log says of what
 * takes longer than 100 ms that it took too long).
 *
 * @param log of its log, the WAL; empty where nobody says, or too little was written
 * @param database of its database
 */
record DiskTimes(Optional<Duration> log, Optional<Duration> database) {
  static final DiskTimes NONE = new DiskTimes(Optional.empty(), Optional.empty());

  /** From here on a member loses its leader, and the API waits. */
  private static final Duration SLOW = Duration.ofMillis(100);

  private static final String LOG = "fsync=";
  private static final String DATABASE = "commit=";

  /** Fewer say nothing of one in a hundred. */
  private static final long LEAST = 200;

  private static final double OF_ALL = 0.99;

  /** Reads lines such as {@code fsync=0.008 1234}: so many took that many seconds at most. */
  static DiskTimes read(List<String> lines) {
    return new DiskTimes(quantile(lines, LOG), quantile(lines, DATABASE));
  }

  /** Within a bucket as if all times were as likely, as histogram_quantile() of Prometheus. */
  private static Optional<Duration> quantile(List<String> lines, String prefix) {
    var upTo = new TreeMap<Double, Double>();
    for (var line : lines) {
      if (line.startsWith(prefix)) {
        bucket(line.substring(prefix.length()), upTo);
      }
    }
    if (upTo.isEmpty() || upTo.lastEntry().getValue() < LEAST) {
      return Optional.empty();
    }
    var rank = upTo.lastEntry().getValue() * OF_ALL;
    var from = 0.0;
    var before = 0.0;
    for (var bucket : upTo.entrySet()) {
      if (bucket.getValue() >= rank) {
        if (bucket.getKey().isInfinite()) {
          return Optional.of(seconds(from));
        }
        var part = (rank - before) / (bucket.getValue() - before);
        return Optional.of(seconds(from + part * (bucket.getKey() - from)));
      }
      from = bucket.getKey();
      before = bucket.getValue();
    }
    return Optional.empty();
  }

  private static void bucket(String text, TreeMap<Double, Double> into) {
    var words = text.split(" ", 2);
    var isBucket =
        words.length == 2
            && words[0].matches("\\d{1,9}(\\.\\d{1,9})?|\\+Inf")
            && words[1].matches("\\d{1,15}(\\.\\d{1,15})?(e\\+\\d\\d)?");
    if (isBucket) {
      var bound = words[0].equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(words[0]);
      into.putIfAbsent(bound, Double.parseDouble(words[1]));
    }
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }

  boolean isSlow() {
    return isSlow(log) || isSlow(database);
  }

  private static boolean isSlow(Optional<Duration> time) {
    return time.filter(it -> it.compareTo(SLOW) > 0).isPresent();
  }

  /** What is slow of it, as a clause. */
  String told() {
    var told = new ArrayList<String>();
    if (isSlow(log)) {
      told.add("%d ms to write its log".formatted(log.orElseThrow().toMillis()));
    }
    if (isSlow(database)) {
      told.add("%d ms to write its database".formatted(database.orElseThrow().toMillis()));
    }
    return String.join(" and ", told);
  }
}

package io.provision.step.datastore;

import io.provision.remote.Frame;
import java.util.List;

/**
 * What a server says of its datastore, before a snapshot of it is taken.
 *
 * @param kind of datastore
 * @param answers whether it answers now
 * @param missing paths without which a snapshot would be useless
 */
public record SnapshotSource(Kind kind, boolean answers, List<String> missing) {
  /** What a server has its objects in. */
  public enum Kind {
    ETCD,
    SQLITE,
    /** None here: no server, one that was never begun, or a database elsewhere. */
    NONE
  }

  public SnapshotSource {
    missing = List.copyOf(missing);
  }

  /** Reads {@code etcd} or {@code sqlite}, {@code well}, and {@code missing PATH} lines. */
  public static SnapshotSource read(Frame frame) {
    var lines = frame.output().lines().toList();
    var kind =
        lines.contains("etcd") ? Kind.ETCD : lines.contains("sqlite") ? Kind.SQLITE : Kind.NONE;
    var missing =
        lines.stream()
            .filter(line -> line.startsWith("missing /"))
            .map(line -> line.substring("missing ".length()))
            .toList();
    return new SnapshotSource(kind, lines.contains("well"), missing);
  }
}

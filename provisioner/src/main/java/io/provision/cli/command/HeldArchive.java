package io.provision.cli.command;

import io.provision.cli.run.Context;
import io.provision.cli.run.Refused;
import io.provision.desk.DeskException;
import io.provision.desk.HeldSnapshot;
import io.provision.model.Cluster;
import io.provision.model.Inventory;
import io.provision.step.datastore.Datastore;
import io.provision.step.datastore.Restoration;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** An archive of this machine, as {@code etcd snapshot} copies one. */
final class HeldArchive {
  private HeldArchive() {}

  /**
   * What it is, once it was looked at; refused where it is not whole, of another cluster, or where
   * no Secret in it could be read by what the inventory says.
   */
  static HeldSnapshot of(Path archive, Inventory inventory, Datastore datastore, Context context)
      throws Refused {
    var cluster = inventory.cluster().orElseThrow();
    var restoration = datastore.restoration();
    var required =
        Stream.concat(datastore.required().stream(), restoration.needed().stream()).toList();
    var optional = datastore.optional().stream().filter(path -> !required.contains(path)).toList();
    try {
      var held =
          context
              .program()
              .snapshot(archive, new HeldSnapshot.Expected(cluster.name(), required, optional));
      var unread = unread(held, restoration, cluster);
      if (unread.isPresent()) {
        throw new Refused(archive.toString(), unread.get());
      }
      return held;
    } catch (DeskException e) {
      throw new Refused("ARCHIVE", e.what() + ". " + e.remedy());
    }
  }

  /** Why no Secret could be read by what the inventory says; empty where all can. */
  private static Optional<String> unread(
      HeldSnapshot held, Restoration restoration, Cluster cluster) {
    var read = restoration.read(cluster);
    if (read.filter(held.paths()::contains).isPresent()) {
      return Optional.empty();
    }
    var there =
        restoration.keys().stream().filter(it -> held.paths().contains(it.path())).findFirst();
    return there
        .map(it ->
            "it holds keys of Secrets, and the inventory has no '%s': none of them could be read. %s"
                .formatted(it.section(), it.remedy()))
        .or(() ->
            restoration.keys().stream()
                .filter(it -> read.equals(Optional.of(it.path())))
                .findFirst()
                .map(it ->
                    "its Secrets are not encrypted, and the inventory asks for '%s'. Take that out, as it was when the snapshot was taken"
                        .formatted(it.section())));
  }

  /** For people: 2026-11-28 17:00:00 UTC. */
  static String time(HeldSnapshot held) {
    return held.time()
        .replaceFirst(
            "(\\d{4})(\\d\\d)(\\d\\d)T(\\d\\d)(\\d\\d)(\\d\\d)Z", "$1-$2-$3 $4:$5:$6 UTC");
  }
}

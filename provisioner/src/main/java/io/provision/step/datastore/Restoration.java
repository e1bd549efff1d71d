package io.provision.step.datastore;

import io.provision.model.Cluster;
import io.provision.model.HostName;
import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import java.util.List;
import java.util.Optional;

/**
 * How a cluster begins again from a snapshot of its datastore, on its first server. From {@link
 * #begin} until {@link #datastore} has ended no empty cluster can begin there.
 */
public interface Restoration {

  /** The step that begins a server, as playbooks name it. */
  String beginsWith();

  /** What no server begins without, besides {@link Datastore#required}, as paths. */
  List<String> needed();

  /** Where keys can lie by which Secrets are encrypted; nothing is there where they are not. */
  List<Keys> keys();

  /** Which of these paths the inventory has read; empty where Secrets are in plain. */
  Optional<String> read(Cluster cluster);

  /**
   * Asks a server whether it lives, and what it has; {@link Place} reads the answer.
   *
   * @param remains what a node would leave there, as paths
   */
  Call look(List<String> remains);

  /** Marks the server as one that begins from this archive, and from nothing else. */
  Script begin(String archive);

  /**
   * Brings the archive, and puts what is in it where it was.
   *
   * @param archive its bytes
   * @param sha256 of these bytes
   * @param snapshot path of the snapshot in it
   * @param paths of all that is put in its place, where it is in it
   */
  List<Script> bring(Payload archive, String sha256, String snapshot, List<String> paths);

  /**
   * Makes a datastore of the snapshot that was brought: this server is its only member.
   *
   * @param others servers that are nodes in it and are none any more
   */
  Script datastore(HostName server, List<HostName> others);

  /**
   * Keys of Secrets.
   *
   * @param path where they lie
   * @param section what the inventory has them read by
   * @param remedy what to write where it has not
   */
  record Keys(String path, String section, String remedy) {}

  /**
   * What a server says of itself before a snapshot is restored.
   *
   * @param answers whether its API server answers, with the datastore behind it
   * @param hasDatastore whether there is one, of whatever kind
   * @param remains paths that a node has left there
   * @param begun the archive of a restore that began there and did not end
   */
  record Place(
      boolean answers, boolean hasDatastore, List<String> remains, Optional<String> begun) {
    public Place {
      remains = List.copyOf(remains);
    }

    /** Reads {@code answers}, {@code datastore}, {@code there PATH} and {@code restoring NAME}. */
    public static Place read(Frame frame) {
      var lines = frame.output().lines().toList();
      return new Place(
          lines.contains("answers"),
          lines.contains("datastore"),
          lines.stream()
              .filter(line -> line.startsWith("there /"))
              .map(line -> line.substring("there ".length()))
              .toList(),
          lines.stream()
              .filter(line -> line.startsWith("restoring "))
              .map(line -> line.substring("restoring ".length()).strip())
              .findFirst());
    }
  }
}

package io.provision.step.datastore;

import io.provision.model.HostName;
import io.provision.remote.Call;
import io.provision.remote.Script;
import java.util.List;

/** The datastore of a distribution's servers. */
public interface Datastore {

  /**
   * What a snapshot is useless without, as paths on a server that each has: the keys of authorities
   * and of service accounts, and tokens. Directories go with all that is in them.
   */
  List<String> required();

  /** The same where a server has it, such as the key by which Secrets are encrypted. */
  List<String> optional();

  /** Asks a server whether it can make a snapshot; {@link SnapshotSource} reads the answer. */
  Call look(HostName server);

  /**
   * Makes a snapshot, looks whether it is whole and keeps it there, for root alone. Prints {@code
   * kept NAME BYTES}, and {@code pruned NAME} for each that is deleted.
   *
   * @param kind {@code before-…} or {@code snapshot}
   * @param number of this kind that are kept
   */
  Script snapshot(HostName server, String kind, int number);

  /** Sends a snapshot that is kept there, with all that belongs to it, as an archive of tar. */
  Script archive(String snapshot);

  /** How it begins again from such an archive. */
  Restoration restoration();

  /** How such an archive is tried beside the living cluster. */
  Drill drill();

  /** What its members say of themselves. */
  HealthView health();

  /** How they give back the room that they do not use. */
  Upkeep upkeep();
}

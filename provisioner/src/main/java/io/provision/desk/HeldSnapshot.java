package io.provision.desk;

import io.provision.model.Sha256;
import java.nio.file.Path;
import java.util.List;

/**
 * A snapshot of a datastore as the operator's machine has it, looked at: it is whole.
 *
 * @param size of the archive in bytes
 * @param sha256 of all its bytes
 * @param time as in {@code 20261128T170000Z}
 * @param snapshot path of the snapshot in it
 * @param paths those of the expected ones at which it holds something
 */
public record HeldSnapshot(
    Path archive, long size, Sha256 sha256, String time, String snapshot, List<String> paths) {
  public HeldSnapshot {
    paths = List.copyOf(paths);
  }

  /**
   * What an archive is looked at for.
   *
   * @param cluster whose it must be
   * @param required paths that must be in it: files, or directories with something in them
   * @param optional paths that can be in it
   */
  public record Expected(String cluster, List<String> required, List<String> optional) {
    public Expected {
      required = List.copyOf(required);
      optional = List.copyOf(optional);
    }
  }
}

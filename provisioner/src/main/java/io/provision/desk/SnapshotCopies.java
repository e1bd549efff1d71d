package io.provision.desk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Snapshots of one cluster on the operator's machine, for the operator alone; nobody else writes
 * there while this is open. What is not whole never has the name of one.
 */
public interface SnapshotCopies extends AutoCloseable {

  /** Begins one; what a run left that was killed goes first. */
  Draft begin() throws DeskException;

  /** Words for a copy that could not be written. */
  DeskException unwritten(IOException reason);

  /**
   * Deletes the oldest of ours.
   *
   * @param number how many stay
   * @return the names of those that are gone
   */
  List<String> prune(int number) throws DeskException;

  @Override
  void close();

  /** A snapshot that is being copied; gone again where it was not kept. */
  interface Draft extends AutoCloseable {
    /** Where its bytes go. */
    OutputStream out();

    /**
     * Gives it its name, once it was looked at and is on the disk.
     *
     * @param time as in {@code 20261128T170000Z}
     * @param snapshot the name of the snapshot's file in it
     * @param required absolute paths of what must be in it besides
     */
    Path keep(String time, String snapshot, List<String> required) throws DeskException;

    @Override
    void close() throws DeskException;
  }
}

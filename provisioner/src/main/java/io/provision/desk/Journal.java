package io.provision.desk;

import java.util.Map;

/**
 * What a run did, one line an event, for whoever comes after a run that was killed. A line that
 * {@link #append} has returned from is on the disk.
 */
public interface Journal extends AutoCloseable {

  /**
   * Writes one line of JSON and waits until the disk has it.
   *
   * @param line keys to strings, numbers, booleans, lists and maps of them
   * @throws DeskException when it cannot be kept, for example on a full disk: nothing further must
   *     be changed then
   */
  void append(Map<String, ?> line) throws DeskException;

  @Override
  void close();
}

package io.provision.local;

import io.provision.desk.DeskException;
import io.provision.desk.Journal;
import io.provision.files.AtomicFile;
import io.provision.files.Custody;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** JSON Lines of mode 0600, on the disk line by line. Safe for use by many threads. */
public final class FileJournal implements Journal {
  private final Path file;
  private final FileChannel channel;
  private final ReentrantLock turn = new ReentrantLock();

  private FileJournal(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static Path of(Path stateDirectory, String run) {
    return stateDirectory.resolve("journal").resolve(run + ".jsonl");
  }

  /** Starts the journal of a run under {@code journal/<run>.jsonl} of the state directory. */
  public static FileJournal start(Path stateDirectory, String run, Custody custody)
      throws DeskException {
    var file = of(stateDirectory, run);
    try {
      AtomicFile.createPrivateDirectories(AtomicFile.parent(file));
      DeskFault.refuse(stateDirectory, custody);
      DeskFault.refuse(AtomicFile.parent(file), custody);
      var channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return new FileJournal(file, channel);
    } catch (IOException e) {
      throw DeskFault.writing(file, e);
    }
  }

  @Override
  public void append(Map<String, ?> line) throws DeskException {
    turn.lock();
    try {
      AtomicFile.append(channel, (JsonText.of(line) + "\n").getBytes(StandardCharsets.UTF_8));
      channel.force(false);
    } catch (IOException e) {
      throw DeskFault.writing(file, e);
    } finally {
      turn.unlock();
    }
  }

  /** Where it is written. */
  public Path file() {
    return file;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Every line was forced to the disk when it was written: nothing is left to lose here.
      throw new java.io.UncheckedIOException(e);
    }
  }
}

package io.provision.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.provision.desk.DeskException;
import io.provision.desk.Journal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** JSON Lines of mode 0600, on the disk line by line. Safe for use by many threads. */
public final class FileJournal implements Journal {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final FileChannel channel;
  private final ReentrantLock turn = new ReentrantLock();

  private FileJournal(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Starts the journal of a run under {@code journal/<run>.jsonl} of the state directory. */
  public static FileJournal start(Path stateDirectory, String run) throws DeskException {
    var file = stateDirectory.resolve("journal").resolve(run + ".jsonl");
    try {
      AtomicFile.createPrivateDirectories(AtomicFile.parent(file));
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
      var buffer = ByteBuffer.wrap((JSON.writeValueAsString(line) + "\n").getBytes(utf8()));
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(false);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a line of the journal that is no JSON", e);
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

  /** The lines of a journal, also of a run that was killed while it wrote the last one. */
  public static List<Map<String, Object>> read(Path file) throws DeskException {
    try {
      var text = Files.readString(file, utf8());
      var lines = new ArrayList<Map<String, Object>>();
      // What stands behind the last line end was torn off by a kill.
      for (var line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
        lines.add(
            JSON.readValue(
                line,
                JSON.getTypeFactory().constructMapType(Map.class, String.class, Object.class)));
      }
      return List.copyOf(lines);
    } catch (JsonProcessingException e) {
      throw new DeskException(
          "%s is no journal (%s)".formatted(file, e.getOriginalMessage()),
          "Something else wrote there: move the file away.",
          e);
    } catch (IOException e) {
      throw DeskFault.reading(file, e);
    }
  }

  private static java.nio.charset.Charset utf8() {
    return StandardCharsets.UTF_8;
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

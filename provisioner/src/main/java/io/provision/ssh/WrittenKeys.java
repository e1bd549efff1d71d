package io.provision.ssh;

import io.provision.files.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * They are written to known_hosts, in one write under a file lock: for a run that may change
 * things, or a person who asked for it. Nothing else here writes.
 */
final class WrittenKeys implements AcceptedKeys {

  @Override
  public synchronized void accept(KnownHosts file, Map<String, ? extends Collection<HostKey>> keys)
      throws IOException {
    var lines = file.missing(keys);
    if (!lines.isEmpty()) {
      append(file.file(), lines);
      file.learn(keys.keySet(), lines);
    }
  }

  @Override
  public Set<HostKey> held(String name) {
    return Set.of();
  }

  private static void append(Path file, List<String> text) throws IOException {
    var parent = file.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      Files.createDirectories(
          parent,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    var options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (var channel = FileChannel.open(file, options, mode);
        var _ = lock(channel)) {
      var start = endsWithNewline(channel) ? "" : "\n";
      var bytes = (start + String.join("\n", text) + "\n").getBytes(StandardCharsets.US_ASCII);
      AtomicFile.append(channel, bytes);
      channel.force(false);
    }
  }

  /** Against other programs, and against another index of this one. */
  private static FileLock lock(FileChannel channel) throws IOException {
    while (true) {
      try {
        return channel.lock();
      } catch (OverlappingFileLockException e) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  private static boolean endsWithNewline(FileChannel channel) throws IOException {
    if (channel.size() == 0) {
      return true;
    }
    var last = ByteBuffer.allocate(1);
    return channel.read(last, channel.size() - 1) == 1 && last.get(0) == '\n';
  }
}

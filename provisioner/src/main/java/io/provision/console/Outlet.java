package io.provision.console;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Standard output, which remembers that something could not be written to it. A pipe or a socket
 * whose reader has left ({@code provision plan | head}) is no loss: nobody wanted to read on.
 */
final class Outlet extends OutputStream {
  private static final int FILE_TYPE = 0170000;
  private static final int PIPE = 0010000;
  private static final int SOCKET = 0140000;

  private final OutputStream stream;
  private final boolean read;
  private volatile @Nullable IOException lost;

  /**
   * @param read whether somebody reads at the other end, who may leave
   */
  Outlet(OutputStream stream, boolean read) {
    this.stream = stream;
    this.read = read;
  }

  /** Whether this process's standard output is a pipe or a socket. */
  static boolean isRead() {
    try {
      var type = (int) Files.getAttribute(Path.of("/proc/self/fd/1"), "unix:mode") & FILE_TYPE;
      return type == PIPE || type == SOCKET;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Why not all of it was written; empty where it was, and where its reader has left. */
  Optional<IOException> lost() {
    return Optional.ofNullable(lost);
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    try {
      stream.write(bytes, from, count);
    } catch (IOException e) {
      if (!read && lost == null) {
        lost = e;
      }
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    stream.flush();
  }
}

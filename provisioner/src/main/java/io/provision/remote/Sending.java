package io.provision.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The payloads of one request on their way to a host, and how far they are. */
final class Sending {
  private static final int COPY = 32 << 10;

  /** In bytes; less is through before anybody could read of it. */
  private static final long TOLD = 2L << 20;

  private final List<PayloadStream> pieces;
  private final AtomicLong sent = new AtomicLong();
  private long told;

  Sending(List<PayloadStream> pieces) {
    this.pieces = List.copyOf(pieces);
  }

  /** In bytes. */
  long size() {
    return pieces.stream().mapToLong(PayloadStream::size).sum();
  }

  /**
   * How much has been handed over to the connection, where that is another number of MiB than was
   * told before; nothing once all of it has. For one thread, another than the one that sends.
   */
  Optional<String> news() {
    var size = size();
    var now = sent.get();
    if (size < TOLD || now == size || now >> 20 == told) {
      return Optional.empty();
    }
    told = now >> 20;
    return Optional.of("%d of %d MiB sent".formatted(told, size >> 20));
  }

  void to(OutputStream host) throws IOException {
    for (var piece : pieces) {
      send(piece, host);
    }
    host.flush();
  }

  /** Never more than was announced: the host would take the rest for requests. */
  private void send(PayloadStream piece, OutputStream host) throws IOException {
    var buffer = new byte[COPY];
    try (var in = new FromHere(piece.source())) {
      var left = piece.size();
      while (left > 0) {
        var count = in.read(buffer, left);
        if (count < 0) {
          break;
        }
        host.write(buffer, 0, count);
        sent.addAndGet(count);
        left -= count;
      }
      if (left > 0 || in.read(buffer, 1) >= 0) {
        throw new GivenUp("what was sent changed its size meanwhile", FromHere.REMEDY);
      }
    }
  }

  /** Tells trouble with reading here from trouble with the host. */
  private static final class FromHere implements AutoCloseable {
    static final String REMEDY =
        "look at the file on this machine, then run the same command again";
    private final InputStream in;

    FromHere(PayloadStream.Source source) throws GivenUp {
      try {
        this.in = source.open();
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    private static GivenUp unreadable(IOException e) {
      return new GivenUp("what was to be sent cannot be read (%s)".formatted(e), REMEDY);
    }

    /** As many bytes as there are, up to so many; negative at the end. */
    int read(byte[] bytes, long most) throws GivenUp {
      try {
        return in.read(bytes, 0, (int) Math.min(bytes.length, most));
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException _) {
        // everything that was wanted of it has been read
      }
    }
  }
}

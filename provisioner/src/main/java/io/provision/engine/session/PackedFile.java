package io.provision.engine.session;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * A file as gzip has it, made once for all hosts that it goes to, by all processors. It is a file
 * that no name leads to, mapped into memory: one host that is given up closes it for no other, and
 * it is gone with this process. Each piece is a member of its own, so that it can be read from each
 * (RFC 1952, 2.2: a gzip file is a series of members). For any thread.
 */
final class PackedFile {
  /** Of what is not compressed, in bytes. */
  static final int PIECE = 1 << 20;

  private static final int SAMPLES = 16;
  private static final int SAMPLE = 64 << 10;

  /** What saves less than this of its size, in percent, is sent as it is. */
  private static final int WORTH = 20;

  private final MemorySegment packed;

  /** Where each piece begins; the last one is the end. */
  private final long[] begins;

  private PackedFile(MemorySegment packed, long[] begins) {
    this.packed = packed;
    this.begins = begins;
  }

  /**
   * Packs a file; nothing where that makes it hardly smaller, which a few places in it tell.
   *
   * @param size that it has
   * @throws IOException where it cannot be read, has another size by now, or there is no room for
   *     what it may come to
   */
  static Optional<PackedFile> of(Path file, long size) throws IOException {
    try (var in = FileChannel.open(file, StandardOpenOption.READ)) {
      if (in.size() != size) {
        throw new IOException("it changed its size");
      }
      return isWorthIt(in) ? Optional.of(pack(in)) : Optional.empty();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isWorthIt(FileChannel in) throws IOException {
    var before = 0L;
    var after = 0L;
    for (var sample = 0; sample < SAMPLES; sample++) {
      var bytes = read(in, in.size() / SAMPLES * sample, SAMPLE);
      before += bytes.length;
      after += gzip(bytes).length;
    }
    return after * 100 < before * (100 - WORTH);
  }

  private static PackedFile pack(FileChannel in) throws IOException {
    var temp = Files.createTempFile("provision", ".gz");
    var room = Files.getFileStore(temp).getUsableSpace();
    try (var out =
        FileChannel.open(
            temp,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      if (room < in.size()) {
        throw new IOException("there is no room for it");
      }
      var pieces = Math.toIntExact(Math.ceilDiv(in.size(), (long) PIECE));
      var begins = new long[pieces + 1];
      var atOnce = Runtime.getRuntime().availableProcessors();
      for (var first = 0; first < pieces; first += atOnce) {
        var made = pieces(in, first, Math.min(first + atOnce, pieces));
        for (var i = 0; i < made.size(); i++) {
          begins[first + i + 1] = begins[first + i] + made.get(i).length;
          write(out, made.get(i));
        }
      }
      var all = out.map(FileChannel.MapMode.READ_ONLY, 0, begins[pieces], Arena.ofAuto());
      return new PackedFile(all, begins);
    }
  }

  private static List<byte[]> pieces(FileChannel in, int first, int end) {
    return IntStream.range(first, end)
        .parallel()
        .mapToObj(piece -> {
          try {
            return gzip(read(in, (long) piece * PIECE, PIECE));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        })
        .toList();
  }

  private static void write(FileChannel out, byte[] bytes) throws IOException {
    for (var left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
      out.write(left);
    }
  }

  private static byte[] read(FileChannel in, long at, int most) throws IOException {
    var bytes = ByteBuffer.allocate(most);
    while (bytes.hasRemaining() && in.read(bytes, at + bytes.position()) >= 0) {
      // what one read gives is for the system to say
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    var out = new ByteArrayOutputStream(bytes.length / 2);
    try (var gzip =
        new GZIPOutputStream(out) {
          {
            def.setLevel(Deflater.BEST_SPEED);
          }
        }) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  /** Where the piece begins that holds this byte, in what is not compressed. */
  static long begin(long from) {
    return from / PIECE * PIECE;
  }

  /**
   * How much there is from a piece on, in bytes.
   *
   * @param begin of a piece, in what is not compressed
   */
  long size(long begin) {
    return begins[begins.length - 1] - begins[Math.toIntExact(begin / PIECE)];
  }

  /** What there is from a piece on. */
  InputStream from(long begin) {
    var at = begins[Math.toIntExact(begin / PIECE)];
    return new InputStream() {
      private long next = at;

      @Override
      public int read() {
        return next < packed.byteSize() ? packed.get(ValueLayout.JAVA_BYTE, next++) & 0xff : -1;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) {
        var count = (int) Math.min(length, packed.byteSize() - next);
        if (count == 0 && length > 0) {
          return -1;
        }
        MemorySegment.copy(packed, ValueLayout.JAVA_BYTE, next, bytes, offset, count);
        next += count;
        return count;
      }
    };
  }
}

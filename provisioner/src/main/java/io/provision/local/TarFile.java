package io.provision.local;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads an archive of tar from its beginning to its end, one entry after another (POSIX.1-1988
 * ustar, and what GNU tar adds to it:
 * https://www.gnu.org/software/tar/manual/html_node/Standard.html).
 */
final class TarFile {
  private static final int BLOCK = 512;

  private TarFile() {}

  /** Takes the entries. */
  interface Entries {
    /**
     * @param contents to be read as far as is wanted
     */
    void entry(Entry entry, InputStream contents) throws IOException;
  }

  /**
   * What an archive says of one of its entries.
   *
   * @param name as the archive has it, without a slash at its beginning
   * @param type a digit, a letter, or the character of code 0
   * @param size in bytes; none where it is no file
   */
  record Entry(String name, char type, long size) {
    /** Whether it is a file with its own contents, and no link to one. */
    boolean isFile() {
      return type == '0' || type == 0;
    }

    boolean isDirectory() {
      return type == '5';
    }
  }

  /** It is no archive, or it was cut. */
  static final class Broken extends IOException {
    private static final long serialVersionUID = 1;

    Broken(String what) {
      super(what);
    }
  }

  /**
   * Gives all entries in order.
   *
   * @throws Broken where it is not whole to its end
   */
  static void read(Path file, Entries entries) throws IOException {
    try (var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      while (true) {
        var header = in.readNBytes(BLOCK);
        if (header.length < BLOCK) {
          throw new Broken("it ends too early");
        }
        if (isZero(header)) {
          return;
        }
        check(header);
        var size = number(header, 124, 12);
        try (var contents = new Contents(in, size)) {
          entries.entry(new Entry(name(header), (char) header[156], size), contents);
        } catch (EOFException e) {
          var broken = new Broken("it ends too early");
          broken.addSuppressed(e);
          throw broken;
        }
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
      }
    } catch (EOFException e) {
      var broken = new Broken("it ends too early");
      broken.addSuppressed(e);
      throw broken;
    }
  }

  private static boolean isZero(byte[] block) {
    return Arrays.equals(block, new byte[BLOCK]);
  }

  /** The sum of all bytes of the header, its own counted as blanks. */
  private static void check(byte[] header) throws Broken {
    var sum = 0L;
    for (var i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
    }
    if (sum != number(header, 148, 8)) {
      throw new Broken("it is not an archive of tar");
    }
  }

  /** In octal digits, or, above 8 GiB, as GNU tar has it: a bit and a big-endian number. */
  private static long number(byte[] header, int offset, int length) throws Broken {
    if ((header[offset] & 0x80) != 0) {
      var value = 0L;
      for (var i = offset + length - 8; i < offset + length; i++) {
        value = value << 8 | header[i] & 0xff;
      }
      if (value < 0) {
        throw new Broken("it is not an archive of tar");
      }
      return value;
    }
    var digits = text(header, offset, length).strip();
    if (!digits.matches("[0-7]{1,12}")) {
      throw new Broken("it is not an archive of tar");
    }
    return Long.parseLong(digits, 8);
  }

  private static String name(byte[] header) {
    var prefix =
        text(header, 257, 5).equals("ustar") && header[262] == 0 ? text(header, 345, 155) : "";
    return (prefix.isEmpty() ? "" : prefix + "/") + text(header, 0, 100);
  }

  private static String text(byte[] header, int offset, int length) {
    var end = offset;
    while (end < offset + length && header[end] != 0) {
      end++;
    }
    return new String(header, offset, end - offset, StandardCharsets.UTF_8);
  }

  /** The bytes of one entry; what of them was not read is skipped at the end. */
  private static final class Contents extends InputStream {
    private final InputStream in;
    private long left;

    Contents(InputStream in, long size) {
      this.in = in;
      this.left = size;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      var count = in.read(bytes, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new EOFException();
      }
      left -= count;
      return count;
    }

    @Override
    public void close() throws IOException {
      in.skipNBytes(left);
    }
  }
}

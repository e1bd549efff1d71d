package io.provision.local;

import io.provision.desk.DeskException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the first bytes of a file tell of it, for people: why it may be another one than wanted. */
enum Start {
  NOTHING("empty"),
  PAGE("a web page"),
  TEXT("a text"),
  PROGRAM("a program"),
  ARCHIVE("a compressed archive"),
  BYTES("of no kind that is known here");

  private static final int READ = 512;

  private final String words;

  Start(String words) {
    this.words = words;
  }

  static Start of(Path file) throws DeskException {
    try (var stream = Files.newInputStream(file)) {
      return of(stream.readNBytes(READ));
    } catch (IOException e) {
      throw DeskFault.reading(file, e);
    }
  }

  /** See the magic numbers of elf(5), RFC 1952 and RFC 8878; a page begins with its doctype. */
  private static Start of(byte[] head) {
    var text = new String(head, StandardCharsets.ISO_8859_1);
    var start = text.replace("\u00ef\u00bb\u00bf", "").stripLeading().toLowerCase(Locale.ROOT);
    if (head.length == 0) {
      return NOTHING;
    }
    if (start.startsWith("<!doctype html") || start.startsWith("<html")) {
      return PAGE;
    }
    if (text.startsWith("\u007fELF")) {
      return PROGRAM;
    }
    if (text.startsWith("\u001f\u008b") || text.startsWith("\u0028\u00b5\u002f\u00fd")) {
      return ARCHIVE;
    }
    return text.chars().allMatch(each -> each >= ' ' || Character.isWhitespace(each))
        ? TEXT
        : BYTES;
  }

  boolean isPage() {
    return this == PAGE;
  }

  @Override
  public String toString() {
    return words;
  }
}

package io.provision.load.yaml;

import io.provision.model.Position;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The bytes of a file as text, or where they are none. */
final class SourceText {
  private static final char BYTE_ORDER_MARK = '\ufeff';

  private SourceText() {}

  /** UTF-8 without its byte order mark; empty, with a problem, where there is something else. */
  static Optional<String> decode(String name, byte[] bytes, Problems problems) {
    var in = ByteBuffer.wrap(bytes);
    var out = CharBuffer.allocate(bytes.length + 1);
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    var result = decoder.decode(in, out, true);
    out.flip();
    if (result.isError()) {
      problems.add(
          after(name, out),
          "byte 0x%02x is not UTF-8. save the file as UTF-8.".formatted(in.get()));
      return Optional.empty();
    }
    if (!out.isEmpty() && out.charAt(0) == BYTE_ORDER_MARK) {
      out.get();
    }
    return withoutControls(name, out, problems);
  }

  private static Optional<String> withoutControls(String name, CharBuffer text, Problems problems) {
    for (var i = 0; i < text.length(); i++) {
      var character = text.charAt(i);
      if (isRefused(character)) {
        problems.add(
            after(name, text.subSequence(0, i)),
            "character U+%04X cannot stand in YAML. write \"\\u%04x\" if it is meant."
                .formatted((int) character, (int) character));
        return Optional.empty();
      }
    }
    return Optional.of(text.toString());
  }

  /**
   * Control characters, and the line breaks of YAML 1.1 that editors do not count: all line numbers
   * after one would be wrong.
   */
  private static boolean isRefused(char character) {
    return switch (character) {
      case '\t', '\n', '\r' -> false;
      case '\u2028', '\u2029', '\ufffe', '\uffff' -> true;
      default -> Character.isISOControl(character);
    };
  }

  private static Position after(String name, CharSequence text) {
    var line = 1;
    var column = 1;
    for (var i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return new Position(name, line, column);
  }
}

package io.provision.resource;

import io.provision.model.Content;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bytes cut in three: before a marked block, the block, after it. Works on bytes as Latin-1
 * characters, so that what is not ours stays as it is in any encoding.
 *
 * @param lines of the block, without its markers; empty where there is none
 * @param damage what is wrong with the markers, or null
 */
record MarkedText(
    String name,
    String before,
    Optional<List<String>> lines,
    String after,
    @Nullable String damage) {

  static MarkedText of(Content.Plain content, String name) {
    var text = new String(content.bytes(), StandardCharsets.ISO_8859_1);
    var pieces = new ArrayList<String>();
    for (int at = 0, end; at < text.length(); at = end) {
      var line = text.indexOf('\n', at);
      end = line < 0 ? text.length() : line + 1;
      pieces.add(text.substring(at, end));
    }
    var begins = places(pieces, begin(name));
    var ends = places(pieces, end(name));
    if (begins.isEmpty() && ends.isEmpty()) {
      return new MarkedText(name, text, Optional.empty(), "", null);
    }
    if (begins.size() != 1 || ends.size() != 1 || begins.getFirst() > ends.getFirst()) {
      var damage =
          "the markers of block '%s' are damaged (%d BEGIN, %d END)"
              .formatted(name, begins.size(), ends.size());
      return new MarkedText(name, text, Optional.empty(), "", damage);
    }
    int from = begins.getFirst();
    int to = ends.getFirst();
    return new MarkedText(
        name,
        String.join("", pieces.subList(0, from)),
        Optional.of(pieces.subList(from + 1, to).stream().map(MarkedText::decoded).toList()),
        String.join("", pieces.subList(to + 1, pieces.size())),
        null);
  }

  private static String begin(String name) {
    return "# BEGIN provision " + name;
  }

  private static String end(String name) {
    return "# END provision " + name;
  }

  private static List<Integer> places(List<String> pieces, String marker) {
    var places = new ArrayList<Integer>();
    for (var i = 0; i < pieces.size(); i++) {
      if (pieces.get(i).strip().equals(marker)) {
        places.add(i);
      }
    }
    return places;
  }

  private static String decoded(String line) {
    var bytes = line.getBytes(StandardCharsets.ISO_8859_1);
    return new String(bytes, StandardCharsets.UTF_8).replaceFirst("\r?\n\\z", "");
  }

  /** The whole text with these lines in the block; without lines, without the block. */
  Content.Plain with(List<String> wanted) {
    var head = before;
    if (wanted.isEmpty()) {
      return plain(head + after);
    }
    if (lines.isEmpty() && !head.isEmpty() && !head.endsWith("\n")) {
      head += "\n";
    }
    var block = new StringBuilder(begin(name)).append('\n');
    wanted.forEach(line -> block.append(line).append('\n'));
    block.append(end(name)).append('\n');
    var encoded =
        new String(block.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return plain(head + encoded + after);
  }

  private static Content.Plain plain(String latin) {
    return new Content.Plain(latin.getBytes(StandardCharsets.ISO_8859_1));
  }
}

package io.provision.steps.k3s.adoption;

import java.util.ArrayList;
import java.util.List;

/** The strings of a flat array or object of JSON, in their order: keys and values in turn. */
final class JsonStrings {
  private static final int HEX = 16;

  private JsonStrings() {}

  /** Whatever the text is; of one that is cut off, the strings that are whole. */
  static List<String> of(String json) {
    var strings = new ArrayList<String>();
    var open = false;
    var string = new StringBuilder();
    for (var i = 0; i < json.length(); i++) {
      var c = json.charAt(i);
      if (!open) {
        open = c == '"';
      } else if (c == '"') {
        strings.add(string.toString());
        string.setLength(0);
        open = false;
      } else if (c == '\\' && i + 1 < json.length()) {
        i++;
        i += escaped(json, i, string);
      } else {
        string.append(c);
      }
    }
    return List.copyOf(strings);
  }

  /** How many characters more it took than its letter. */
  private static int escaped(String json, int at, StringBuilder string) {
    var letter = json.charAt(at);
    if (letter == 'u' && at + 4 < json.length()) {
      var code = json.substring(at + 1, at + 5);
      if (code.matches("[0-9a-fA-F]{4}")) {
        string.append((char) Integer.parseInt(code, HEX));
        return 4;
      }
    }
    string.append(
        switch (letter) {
          case 'n' -> '\n';
          case 't' -> '\t';
          case 'r' -> '\r';
          default -> letter;
        });
    return 0;
  }
}

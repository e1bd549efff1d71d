package io.provision.steps.os.swap;

import io.provision.model.Content;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * /etc/fstab with its swap lines commented out: those whose third field is {@code swap}. Every
 * other line stays byte for byte, also one that only mentions swap.
 *
 * @param text the new text
 * @param commented the lines that were commented out, as they were
 */
record Fstab(Content.Plain text, List<String> commented) {
  private static final String MARK = "# swap off, by provision: ";

  Fstab {
    commented = List.copyOf(commented);
  }

  static Fstab withoutSwap(Content.Plain old) {
    var latin = new String(old.bytes(), StandardCharsets.ISO_8859_1);
    var result = new StringBuilder();
    var commented = new ArrayList<String>();
    for (int at = 0, end; at < latin.length(); at = end) {
      var newline = latin.indexOf('\n', at);
      end = newline < 0 ? latin.length() : newline + 1;
      var line = latin.substring(at, end);
      if (isSwap(line)) {
        commented.add(line.strip());
        result.append(MARK);
      }
      result.append(line);
    }
    return new Fstab(
        new Content.Plain(result.toString().getBytes(StandardCharsets.ISO_8859_1)), commented);
  }

  /** fstab(5): fields are separated by blanks and tabs, {@code #} begins a comment line. */
  static boolean isSwap(String line) {
    var fields = line.replaceFirst("^[ \\t]+", "").split("[ \\t\\r\\n]+");
    return fields.length >= 3 && !fields[0].startsWith("#") && fields[2].equals("swap");
  }
}

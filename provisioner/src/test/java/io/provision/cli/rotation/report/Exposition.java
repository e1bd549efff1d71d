package io.provision.cli.rotation.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the text format of Prometheus by its grammar, and takes nothing that is not in it. */
final class Exposition {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
  private static final Pattern VALUE = Pattern.compile("-?\\d+(\\.\\d+)?");

  final Map<String, String> series = new LinkedHashMap<>();
  private final Set<String> families = new HashSet<>();

  private Exposition() {}

  /**
   * Its series with their values.
   *
   * @throws IllegalArgumentException where it is not in the format
   */
  static Map<String, String> read(String text) {
    var read = new Exposition();
    if (!text.endsWith("\n")) {
      throw new IllegalArgumentException("the last line does not end");
    }
    var lines = List.of(text.substring(0, text.length() - 1).split("\n", -1));
    var family = "";
    for (var i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      if (line.startsWith("# HELP ")) {
        family = line.substring(7).split(" ", 2)[0];
        require(NAME.matcher(family).matches() && line.split(" ", 4).length == 4, line);
        require(read.families.add(family), "twice: " + line);
        require(lines.get(i + 1).equals("# TYPE %s gauge".formatted(family)), lines.get(i + 1));
        i++;
        require(
            i + 1 < lines.size() && lines.get(i + 1).startsWith(family + "{"), "empty: " + line);
      } else {
        read.sample(line, family);
      }
    }
    return read.series;
  }

  private void sample(String line, String family) {
    require(line.startsWith(family + "{"), line);
    var at = family.length() + 1;
    var labels = new TreeMap<String, String>();
    while (true) {
      var equals = line.indexOf("=\"", at);
      require(equals > 0, line);
      var name = line.substring(at, equals);
      require(NAME.matcher(name).matches(), line);
      var value = new StringBuilder();
      at = equals + 2;
      for (; line.charAt(at) != '"'; at++) {
        var sign = line.charAt(at);
        require(sign >= ' ' && sign != 127, line);
        if (sign != '\\') {
          value.append(sign);
          continue;
        }
        at++;
        value.append(
            switch (line.charAt(at)) {
              case '\\' -> '\\';
              case '"' -> '"';
              case 'n' -> '\n';
              default -> throw new IllegalArgumentException(line);
            });
      }
      require(labels.put(name, value.toString()) == null, line);
      at++;
      if (line.charAt(at) == '}') {
        break;
      }
      require(line.charAt(at) == ',', line);
      at++;
    }
    require(line.charAt(at + 1) == ' ' && VALUE.matcher(line.substring(at + 2)).matches(), line);
    require(series.put(family + labels, line.substring(at + 2)) == null, "twice: " + line);
  }

  private static void require(boolean holds, String line) {
    if (!holds) {
      throw new IllegalArgumentException(line);
    }
  }

  static List<String> families(String text) {
    var names = new ArrayList<String>();
    read(text).keySet().forEach(it -> names.add(it.substring(0, it.indexOf('{'))));
    return names.stream().distinct().toList();
  }
}

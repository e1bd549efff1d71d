package io.provision.load.foreign;

import io.provision.load.yaml.Problems;
import io.provision.model.Position;
import io.provision.section.Node;
import io.provision.section.Node.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Ansible's inventories of the form INI. */
final class AnsibleIni {
  private static final Pattern SECTION =
      Pattern.compile("\\[([^\\]:]+)(?::(children|vars))?]\\s*(?:[#;].*)?");
  private static final Pattern RANGE = Pattern.compile("([^\\[]*)\\[(\\d{1,5}):(\\d{1,5})](.*)");
  private static final int MOST = 1000;

  private final String file;
  private final Problems problems;
  private final AnsibleGroups groups = new AnsibleGroups();

  private AnsibleIni(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  static AnsibleGroups read(String file, String text, Problems problems) {
    var ini = new AnsibleIni(file, problems);
    ini.read(text);
    return ini.groups;
  }

  private void read(String text) {
    var group = "ungrouped";
    var kind = "hosts";
    var number = 0;
    for (var raw : text.lines().toList()) {
      var line = raw.strip();
      var at = new Position(file, ++number, 1);
      var section = SECTION.matcher(line);
      if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
        continue;
      }
      if (section.matches()) {
        group = section.group(1).strip();
        kind = section.group(2) == null ? "hosts" : section.group(2);
        continue;
      }
      switch (kind) {
        case "children" -> groups.child(group, words(line, at).getFirst());
        case "vars" -> variable(group, line, at);
        default -> hosts(group, line, at);
      }
    }
  }

  /** All behind the first = is the value, as it stands there. */
  private void variable(String group, String line, Position at) {
    var equals = line.indexOf('=');
    if (equals < 1) {
      problems.add(at, "is not a variable: name=value is expected here.");
      return;
    }
    var value = line.substring(equals + 1).strip();
    var plain = value.replaceAll("^(['\"])(.*)\\1$", "$2");
    groups.variables(
        group, Map.of(line.substring(0, equals).strip(), new Scalar(plain, false, at)));
  }

  private void hosts(String group, String line, Position at) {
    var words = words(line, at);
    if (words.isEmpty()) {
      return;
    }
    var variables = new LinkedHashMap<String, Node>();
    for (var word : words.subList(1, words.size())) {
      var equals = word.indexOf('=');
      if (equals < 1) {
        problems.add(at, "is not a host with its variables: name=value is expected behind it.");
        return;
      }
      variables.put(word.substring(0, equals), new Scalar(word.substring(equals + 1), false, at));
    }
    for (var name : names(words.getFirst(), at)) {
      groups.host(group, name, variables, at);
    }
  }

  private List<String> names(String word, Position at) {
    var range = RANGE.matcher(word);
    if (!range.matches()) {
      return List.of(word);
    }
    var from = Integer.parseInt(range.group(2));
    var to = Integer.parseInt(range.group(3));
    if (to < from || to - from >= MOST) {
      problems.add(at, "is not a range of at most %d hosts.".formatted(MOST));
      return List.of();
    }
    var form = range.group(2).startsWith("0") ? "%0" + range.group(2).length() + "d" : "%d";
    return IntStream.rangeClosed(from, to)
        .mapToObj(it -> range.group(1) + form.formatted(it) + range.group(4))
        .toList();
  }

  /** As a shell splits them: quotes hold together, and a # begins a comment. */
  private List<String> words(String line, Position at) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    var quote = '\0';
    var began = false;
    for (var i = 0; i < line.length(); i++) {
      var letter = line.charAt(i);
      if (quote == '"' && letter == '\\' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
      } else if (quote != '\0') {
        if (letter == quote) {
          quote = '\0';
        } else {
          word.append(letter);
        }
      } else if (letter == '\'' || letter == '"') {
        quote = letter;
        began = true;
      } else if (Character.isWhitespace(letter)) {
        if (began) {
          words.add(word.toString());
          word.setLength(0);
          began = false;
        }
      } else if (letter == '#' && !began) {
        break;
      } else {
        word.append(letter);
        began = true;
      }
    }
    if (quote != '\0') {
      problems.add(at, "a quote is not closed.");
    }
    if (began) {
      words.add(word.toString());
    }
    return words;
  }
}

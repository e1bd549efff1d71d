package io.provision.steps.k3s.adoption;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a k3s was given, by flags, files and variables, as it writes it to its node: annotations
 * {@code k3s.io/node-args} and {@code k3s.io/node-env} (pkg/nodeconfig/nodeconfig.go), in which
 * secrets are asterisks. Flags come behind what files say and win, or add to it
 * (pkg/configfilearg/parser.go); a variable stands for an option that is given in no other way.
 */
final class GivenOptions {
  private static final String VARIABLES = "K3S_";

  private static final Map<String, String> SHORT =
      Map.of("t", "token", "s", "server", "d", "data-dir", "c", "config", "o", "write-kubeconfig");

  /** Variables that are called otherwise than their option (pkg/cli/cmds). */
  private static final Map<String, String> OF_VARIABLES =
      Map.of(
          "url", "server",
          "kubeconfig-output", "write-kubeconfig",
          "kubeconfig-mode", "write-kubeconfig-mode",
          "kubeconfig-group", "write-kubeconfig-group",
          "kubeconfig-name", "write-kubeconfig-name",
          "config-file", "config");

  /** K3s sets it for what it starts itself as. */
  private static final String OF_ITSELF = "K3S_DATA_DIR";

  private GivenOptions() {}

  /**
   * @param args an array in JSON
   * @param environment an object in JSON
   * @return by option, its values in their order
   */
  static Map<String, List<String>> of(String args, String environment) {
    var options = new TreeMap<String, List<String>>();
    flags(JsonStrings.of(args), options);
    var variables = JsonStrings.of(environment);
    for (var i = 0; i + 1 < variables.size(); i += 2) {
      var name = variables.get(i);
      if (name.startsWith(VARIABLES) && !name.equals(OF_ITSELF)) {
        options.putIfAbsent(option(name), List.of(variables.get(i + 1)));
      }
    }
    return options;
  }

  /** The first word is the command, {@code server} or {@code agent}. */
  private static void flags(List<String> words, Map<String, List<String>> options) {
    for (var i = 0; i < words.size(); i++) {
      var word = words.get(i);
      if (!word.startsWith("-")) {
        continue;
      }
      var equals = word.indexOf('=');
      var name = (equals < 0 ? word : word.substring(0, equals)).replaceFirst("^--?", "");
      var next = i + 1 < words.size() ? words.get(i + 1) : "-";
      var value = equals < 0 ? "true" : word.substring(equals + 1);
      if (equals < 0 && !next.startsWith("-")) {
        value = next;
        i++;
      }
      options.computeIfAbsent(SHORT.getOrDefault(name, name), _ -> new ArrayList<>()).add(value);
    }
  }

  private static String option(String variable) {
    var name = variable.substring(VARIABLES.length()).toLowerCase(Locale.ROOT).replace('_', '-');
    return OF_VARIABLES.getOrDefault(name, name);
  }
}

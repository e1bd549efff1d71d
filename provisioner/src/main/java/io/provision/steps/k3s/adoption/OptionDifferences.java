package io.provision.steps.k3s.adoption;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How the options that a k3s runs with differ from those that a file would give it. What neither
 * says is as k3s has it by itself; what is said on one side alone and is that anyway is no
 * difference.
 *
 * @param lost what it runs with and the file does not say: by option, the values
 * @param changed what the file says otherwise: {@code option: from -> to}
 */
public record OptionDifferences(Map<String, List<String>> lost, List<String> changed) {
  private static final String NONE = "(none)";

  /** How it joins and where it looks for its options: both are taken over, not compared. */
  private static final Set<String> TAKEN_OVER =
      Set.of("token", "token-file", "agent-token", "agent-token-file", "config");

  /** Options that are given several times, besides those whose names end as arguments do. */
  private static final Set<String> LISTS =
      Set.of("disable", "tls-san", "node-label", "node-taint", "node-ip", "node-external-ip");

  private static final String NAMES = "tls-san";
  private static final String MODE = "write-kubeconfig-mode";

  public OptionDifferences {
    var all = new LinkedHashMap<String, List<String>>();
    lost.forEach((option, values) -> all.put(option, List.copyOf(values)));
    lost = java.util.Collections.unmodifiableMap(all);
    changed = List.copyOf(changed);
  }

  /**
   * @param wanted the options of the file, with text, numbers, booleans or lists as values
   */
  public static OptionDifferences of(Map<String, Object> wanted, ForeignK3s is) {
    var lost = new LinkedHashMap<String, List<String>>();
    var changed = new ArrayList<String>();
    var options = new TreeSet<>(is.options().keySet());
    options.addAll(wanted.keySet());
    options.removeAll(TAKEN_OVER);
    for (var option : options) {
      var has = values(option, Optional.ofNullable(is.options().get(option)), is);
      var should = values(option, Optional.ofNullable(wanted.get(option)), is);
      var missing = without(has, should);
      var added = without(should, has);
      if (missing.isEmpty() && added.isEmpty()) {
        continue;
      }
      if (!missing.isEmpty() && (!wanted.containsKey(option) || isList(option))) {
        lost.put(option, missing);
      }
      if (wanted.containsKey(option) && !(isList(option) && added.isEmpty())) {
        changed.add("%s: %s -> %s".formatted(option, text(has), text(should)));
      }
    }
    return new OptionDifferences(lost, changed);
  }

  private static String text(Collection<String> values) {
    return values.isEmpty() ? NONE : String.join(",", values);
  }

  private static List<String> without(Collection<String> values, Collection<String> others) {
    return values.stream().filter(value -> !others.contains(value)).toList();
  }

  /** Whether an option may be given several times. */
  public static boolean isList(String option) {
    return option.endsWith("-arg") || LISTS.contains(option);
  }

  /** As they work: without blanks and commas, without what is off, with what k3s adds itself. */
  private static Set<String> values(String option, Optional<?> given, ForeignK3s is) {
    var values = new LinkedHashSet<String>();
    var all =
        given.map(it -> it instanceof Collection<?> list ? list : List.of(it)).orElse(List.of());
    for (var each : all) {
      Arrays.stream(each.toString().split(","))
          .map(String::strip)
          .map(value -> option.equals(MODE) ? value.replaceFirst("^0o?(?=[0-7])", "") : value)
          .filter(value -> !value.isEmpty() && !value.equals("false"))
          .forEach(values::add);
    }
    if (given.isEmpty() || option.equals(NAMES)) {
      values.addAll(byItself(option, is));
    }
    return values;
  }

  /**
   * What k3s takes where it is told nothing (docs.k3s.io/cli/server; the names of its certificate:
   * pkg/cli/server/server.go, v1.36.3; networks: pkg/util/net.go).
   */
  private static List<String> byItself(String option, ForeignK3s is) {
    var isIpv6 = !is.addresses().isEmpty() && is.addresses().getFirst().contains(":");
    return switch (option) {
      case "node-name" -> List.of(is.node());
      case "node-ip" -> is.addresses();
      case NAMES -> names(is);
      case MODE -> List.of("600");
      case "cluster-cidr" -> List.of(isIpv6 ? "fd00:42::/56" : "10.42.0.0/16");
      case "service-cidr" -> List.of(isIpv6 ? "fd00:43::/112" : "10.43.0.0/16");
      case "cluster-domain" -> List.of("cluster.local");
      case "flannel-backend" -> List.of("vxlan");
      case "data-dir" -> List.of("/var/lib/rancher/k3s");
      case "write-kubeconfig" -> List.of("/etc/rancher/k3s/k3s.yaml");
      default -> List.of();
    };
  }

  private static List<String> names(ForeignK3s is) {
    var names = new ArrayList<>(List.of("127.0.0.1", "::1", "localhost", is.node()));
    names.addAll(is.addresses());
    for (var option : List.of("node-external-ip", "advertise-address")) {
      names.addAll(is.options().getOrDefault(option, List.of()));
    }
    return names;
  }
}

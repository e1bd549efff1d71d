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
import java.util.regex.Pattern;

/**
 * How the options that a k3s runs with differ from those that a file would give it. What neither
 * says is as k3s has it by itself; what is said on one side alone and is that anyway is no
 * difference.
 *
 * @param lost what it runs with and the file does not say: by option, the values
 * @param changed what the file says otherwise: {@code option from A to B}
 */
public record OptionDifferences(Map<String, List<String>> lost, List<String> changed) {
  private static final String NONE = "(none)";

  private static final Pattern SECRET =
      Pattern.compile("secret|password|token|-key$|endpoint|auth");

  /** How it joins and where it looks for its options: both are taken over, not compared. */
  private static final Set<String> TAKEN_OVER =
      Set.of("token", "token-file", "agent-token", "agent-token-file", "config");

  /** Options that are given several times, besides those whose names end as arguments do. */
  private static final Set<String> LISTS =
      Set.of(
          "cluster-cidr",
          "cluster-dns",
          "disable",
          "node-external-dns",
          "node-external-ip",
          "node-internal-dns",
          "node-ip",
          "node-label",
          "node-taint",
          "service-cidr",
          "tls-san");

  /** Lists that a file always says: what is there instead is another value, and not lost. */
  private static final Set<String> ALWAYS_SAID = Set.of("cluster-cidr", "node-ip", "service-cidr");

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
   * @param flannel the interface that flannel took; empty where it does not run
   */
  public static OptionDifferences of(
      Map<String, Object> wanted, ForeignK3s is, Optional<String> flannel) {
    return new Comparison(is, flannel).of(wanted);
  }

  private static String text(Collection<String> values) {
    return values.isEmpty() ? NONE : String.join(",", values);
  }

  private static List<String> without(Collection<String> values, Collection<String> others) {
    return values.stream().filter(value -> !others.contains(value)).toList();
  }

  /** Whether its values are shown to nobody: k3s itself does not hide all that are secrets. */
  public static boolean isSecret(String option) {
    return SECRET.matcher(option).find();
  }

  /** Whether an option may be given several times. */
  public static boolean isList(String option) {
    return option.endsWith("-arg") || LISTS.contains(option);
  }

  /** One comparison: what runs, and what flannel took by itself. */
  private record Comparison(ForeignK3s is, Optional<String> flannel) {
    OptionDifferences of(Map<String, Object> wanted) {
      var lost = new LinkedHashMap<String, List<String>>();
      var changed = new ArrayList<String>();
      var options = new TreeSet<>(is.options().keySet());
      options.addAll(wanted.keySet());
      options.removeAll(TAKEN_OVER);
      for (var option : options) {
        var has = values(option, Optional.ofNullable(is.options().get(option)));
        var should = values(option, Optional.ofNullable(wanted.get(option)));
        var missing = without(has, should);
        var added = without(should, has);
        if (missing.isEmpty() && added.isEmpty()) {
          continue;
        }
        if (isLost(option, wanted.containsKey(option), added.isEmpty()) && !missing.isEmpty()) {
          lost.put(option, missing);
        } else {
          changed.add(
              isSecret(option)
                  ? option + " from one to another"
                  : "%s from %s to %s".formatted(option, text(has), text(should)));
        }
      }
      return new OptionDifferences(lost, changed);
    }

    private static boolean isLost(String option, boolean said, boolean addsNothing) {
      return !said || isList(option) && (addsNothing || !ALWAYS_SAID.contains(option));
    }

    /** As they work: without blanks and commas, without what is off, with what k3s adds itself. */
    private Set<String> values(String option, Optional<?> given) {
      var values = new LinkedHashSet<String>();
      var all =
          given.map(it -> it instanceof Collection<?> list ? list : List.of(it)).orElse(List.of());
      var last = all.stream().skip(isList(option) ? 0 : Math.max(0, all.size() - 1)).toList();
      for (var each : last) {
        Arrays.stream(each.toString().split(","))
            .map(String::strip)
            .map(value -> option.equals(MODE) ? value.replaceFirst("^0o?(?=[0-7])", "") : value)
            .filter(value -> !value.isEmpty() && !value.equals("false"))
            .forEach(values::add);
      }
      if (given.isEmpty() || option.equals(NAMES)) {
        values.addAll(byItself(option));
      }
      return values;
    }

    /**
     * What k3s takes where it is told nothing (docs.k3s.io/cli/server; the names of its
     * certificate: pkg/cli/server/server.go, v1.36.3; networks: pkg/util/net.go).
     */
    private List<String> byItself(String option) {
      var isIpv6 = !is.addresses().isEmpty() && is.addresses().getFirst().contains(":");
      return switch (option) {
        case "node-name" -> List.of(is.node());
        case "node-ip" -> is.addresses();
        case NAMES -> names();
        case MODE -> List.of("600");
        case "cluster-cidr" -> List.of(isIpv6 ? "fd00:42::/56" : "10.42.0.0/16");
        case "service-cidr" -> List.of(isIpv6 ? "fd00:43::/112" : "10.43.0.0/16");
        case "cluster-domain" -> List.of("cluster.local");
        case "flannel-iface" -> flannel.stream().toList();
        case "flannel-backend" -> List.of("vxlan");
        case "data-dir" -> List.of("/var/lib/rancher/k3s");
        case "write-kubeconfig" -> List.of("/etc/rancher/k3s/k3s.yaml");
        default -> List.of();
      };
    }

    private List<String> names() {
      var names = new ArrayList<>(List.of("127.0.0.1", "::1", "localhost", is.node()));
      names.addAll(is.addresses());
      for (var option : List.of("node-external-ip", "advertise-address")) {
        names.addAll(is.options().getOrDefault(option, List.of()));
      }
      return names;
    }
  }
}

package io.provision.steps.os.firewall;

import io.provision.model.Cidr;
import io.provision.model.NodeAddress;
import io.provision.remote.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the active firewall of a host lets in, now and after a boot.
 *
 * @param name ufw or firewalld; empty where none is active
 * @param rules what is let in
 * @param ours those that carry our mark
 */
record FirewallRules(String name, Set<Opening> rules, Set<Opening> ours) {
  static final FirewallRules NONE = new FirewallRules("", Set.of(), Set.of());

  private static final String UFW = "ufw";
  private static final String FIREWALLD = "firewalld";

  /** {@code provision} in hexadecimal, as ufw keeps comments. */
  private static final String MARK = "comment=70726f766973696f6e";

  private static final Pattern RICH =
      Pattern.compile(
          "rule family=\"ipv[46]\" source address=\"([0-9a-fA-F:./]+)\""
              + "( port port=\"([0-9-]+)\" protocol=\"(tcp|udp)\")? accept");

  FirewallRules {
    rules = java.util.Collections.unmodifiableSet(new TreeSet<>(rules));
    ours = java.util.Collections.unmodifiableSet(new TreeSet<>(ours));
  }

  static FirewallRules read(Frame frame) {
    var lines = frame.output().lines().toList();
    if (lines.isEmpty()) {
      return NONE;
    }
    return switch (lines.getFirst()) {
      case UFW -> ufw(lines);
      case FIREWALLD -> firewalld(lines);
      default -> NONE;
    };
  }

  boolean isUfw() {
    return name.equals(UFW);
  }

  /** {@code ### tuple ### allow tcp 6443 0.0.0.0/0 any 10.0.0.1 in comment=...}. */
  private static FirewallRules ufw(List<String> lines) {
    var rules = new TreeSet<Opening>();
    var ours = new TreeSet<Opening>();
    for (var line : lines) {
      var words = line.split(" ");
      if (!line.startsWith("### tuple ### allow ")
          || words.length < 10
          || !words[9].equals("in")
          || !words[7].equals("any")) {
        continue;
      }
      var from = everybody(words[8]);
      for (var port : ports(words[5], words[4])) {
        rules.add(new Opening(port, from));
        if (line.endsWith(MARK)) {
          ours.add(new Opening(port, from));
        }
      }
    }
    return new FirewallRules(UFW, rules, ours);
  }

  private static String everybody(String from) {
    return from.equals("0.0.0.0/0") || from.equals("::/0") ? Opening.ANY : from;
  }

  private static List<String> ports(String port, String protocol) {
    if (port.equals("any")) {
      return protocol.equals("any") ? List.of(Opening.ANY) : List.of();
    }
    return protocol.equals("any")
        ? List.of(port + "/tcp", port + "/udp")
        : List.of(port + "/" + protocol);
  }

  /**
   * Two answers of {@code --list-all-zones}, each after a line {@code == now} or {@code == boot}.
   * What counts is let in by each zone that has interfaces, and by the one that all others get, now
   * and after a boot; a source of the zone trusted is let in whole.
   */
  private static FirewallRules firewalld(List<String> lines) {
    var usual = lines.size() > 1 ? lines.get(1) : "";
    var zones = new HashMap<String, Map<String, Set<Opening>>>();
    var used = new TreeSet<>(List.of(usual));
    var when = "";
    var zone = "";
    for (var line : lines) {
      if (line.startsWith("== ")) {
        when = line;
      } else if (line.matches("[A-Za-z0-9_-]+( \\(.*\\))?")) {
        zone = line.split(" ")[0];
      } else if (!when.isEmpty()) {
        var of = zones.computeIfAbsent(when, _ -> new HashMap<>());
        zone(line.strip(), of.computeIfAbsent(zone, _ -> new TreeSet<>()));
        if (line.strip().matches("interfaces: .+")) {
          used.add(zone);
        }
      }
    }
    var all = new ArrayList<Set<Opening>>();
    for (var of :
        List.of(zones.getOrDefault("== now", Map.of()), zones.getOrDefault("== boot", Map.of()))) {
      var trusted = new TreeSet<>(of.getOrDefault("trusted", Set.of()));
      trusted.removeIf(it -> !it.port().equals(Opening.ANY));
      for (var each : used) {
        var let = new TreeSet<>(of.getOrDefault(each, Set.of()));
        let.removeIf(it -> it.port().equals(Opening.ANY) && !each.equals("trusted"));
        let.addAll(trusted);
        all.add(let);
      }
    }
    var rules = new TreeSet<>(all.getFirst());
    all.forEach(rules::retainAll);
    var ours = new TreeSet<Opening>();
    all.forEach(ours::addAll);
    ours.removeIf(it -> !it.isToAll() || !Openings.onceOpenedToAll().contains(it.port()));
    return new FirewallRules(FIREWALLD, rules, ours);
  }

  private static void zone(String line, Set<Opening> into) {
    var rich = RICH.matcher(line);
    if (line.startsWith("ports: ")) {
      for (var port : line.substring("ports: ".length()).split(" ")) {
        into.add(Opening.toAll(port.replace('-', ':')));
      }
    } else if (line.startsWith("sources: ")) {
      for (var source : line.substring("sources: ".length()).split(" ")) {
        into.add(new Opening(Opening.ANY, source));
      }
    } else if (rich.matches() && rich.group(3) != null) {
      into.add(new Opening(rich.group(3).replace('-', ':') + "/" + rich.group(4), rich.group(1)));
    }
  }

  /** Whether this is let in without those rules. */
  boolean lets(Opening opening, Set<Opening> without) {
    return rules.stream()
        .filter(rule -> !without.contains(rule))
        .filter(rule -> rule.port().equals(opening.port()) || rule.port().equals(Opening.ANY))
        .anyMatch(rule -> rule.isToAll() || covers(rule.from(), opening.from()));
  }

  private static boolean covers(String from, String address) {
    if (from.equals(address)) {
      return true;
    }
    try {
      return from.contains("/")
          && (address.contains("/")
              ? Cidr.parse(from).holds(Cidr.parse(address))
              : Cidr.parse(from).contains(NodeAddress.parse(address)));
    } catch (IllegalArgumentException _) {
      return false; // something that only the firewall understands
    }
  }
}

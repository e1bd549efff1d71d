package io.provision.steps.gluster.pool;

import io.provision.model.HostName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Members of one pool whose records of its volumes are not the same. Who is wrong is the minority
 * by version and checksum, as {@code glusterd} compares them (glusterd_compare_friend_volume); a
 * majority is more than half of all members, also of those that were not reached. Where there is
 * none nobody is called wrong.
 *
 * @param camps members that agree, the largest first
 * @param members of the pool, as the host says that knows most
 */
record Dissent(PoolView view, List<List<HostName>> camps, int members) {

  static Dissent of(PoolView view) {
    var camps = new LinkedHashMap<Object, List<HostName>>();
    var members = 0;
    for (var entry : view.nodes().entrySet()) {
      var node = entry.getValue();
      if (node.isSettled()) {
        camps.computeIfAbsent(node.records(), _ -> new ArrayList<>()).add(entry.getKey());
        members = Math.max(members, node.pool().peers().size());
      }
    }
    var sorted = new ArrayList<>(camps.values());
    sorted.sort((one, other) -> other.size() - one.size());
    return new Dissent(view, List.copyOf(sorted), members);
  }

  /** Those whose records count; empty where too few agree, or all do. */
  Optional<List<HostName>> majority() {
    return camps.size() > 1 && 2 * camps.getFirst().size() > members
        ? Optional.of(camps.getFirst())
        : Optional.empty();
  }

  /** Those whose records do not; empty where there is no majority. */
  List<HostName> odd() {
    return majority().isEmpty()
        ? List.of()
        : camps.stream().skip(1).flatMap(List::stream).sorted().toList();
  }

  /** What differs, a volume each, by who has it. */
  String facts() {
    var names = new TreeSet<String>();
    view.nodes().values().forEach(node -> names.addAll(node.records().keySet()));
    var facts = new ArrayList<String>();
    for (var name : names) {
      var said =
          camps.stream()
              .map(camp -> "%s on %s".formatted(record(name, camp.getFirst()), joined(camp)))
              .toList();
      var kinds = camps.stream().map(camp -> record(name, camp.getFirst())).distinct().count();
      if (kinds > 1) {
        facts.add("volume %s is %s".formatted(name, String.join(", ", said)));
      }
    }
    return String.join("; ", facts);
  }

  private String record(String volume, HostName host) {
    return Optional.ofNullable(view.node(host).records().get(volume)).orElse("unknown");
  }

  /** Volumes that nobody else has a record of, which the pool would not know without these. */
  List<String> knownOnlyTo(List<HostName> hosts) {
    return hosts.stream()
        .flatMap(host -> view.node(host).records().keySet().stream())
        .distinct()
        .filter(name ->
            view.nodes().entrySet().stream()
                .filter(entry -> !hosts.contains(entry.getKey()))
                .noneMatch(entry -> entry.getValue().records().containsKey(name)))
        .sorted()
        .toList();
  }

  static String joined(List<HostName> hosts) {
    return hosts.stream().map(HostName::value).collect(Collectors.joining(", "));
  }
}

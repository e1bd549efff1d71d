package io.provision.steps.kubeadm.etcd;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.steps.kubernetes.Nodes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The members of a cluster's etcd, as all those say together that were asked.
 *
 * @param servers control planes of the inventory, each of which has a member
 * @param leaving hosts that the inventory has as leaving
 * @param seen what control planes said, in their order
 */
record Membership(Set<String> servers, Set<String> leaving, Map<HostName, SeenMember> seen) {
  /** Of its quota: from here on it is time to act. */
  private static final int MUCH_OF_QUOTA = 80;

  /** From here on etcd refuses what it is asked (etcd: server/etcdserver/v3_server.go). */
  private static final long MOST_BEHIND = 5000;

  private static final String NOSPACE = "NOSPACE";

  private static final String LOOK = "look at etcd there: /var/log/pods/kube-system_etcd-*";

  /**
   * Something that is not as it should be.
   *
   * @param shuts whether no member may be taken out of use, for a moment, until it is
   */
  record Finding(String what, boolean shuts) {}

  Membership {
    servers = Set.copyOf(servers);
    leaving = Set.copyOf(leaving);
  }

  static Membership of(Inventory inventory, Map<HostName, SeenMember> seen) {
    var inOrder = new LinkedHashMap<HostName, SeenMember>();
    for (var server : Nodes.servers(inventory)) {
      var own = seen.get(server.name());
      if (own != null) {
        inOrder.put(server.name(), own);
      }
    }
    return new Membership(names(Nodes.servers(inventory)), names(inventory.leaving()), inOrder);
  }

  private static Set<String> names(List<Host> hosts) {
    return hosts.stream().map(host -> host.name().value()).collect(Collectors.toSet());
  }

  /** All that is wrong, in the order of the hosts and then of the members. */
  List<Finding> findings() {
    var findings = new ArrayList<Finding>();
    seen.forEach((host, member) -> findings.addAll(ofHost(host, member)));
    findings.addAll(alarms());
    listed().values().forEach(member -> ofListed(member).ifPresent(findings::add));
    findings.addAll(disagreements());
    if (voters() == 2) {
      findings.add(
          new Finding(
              "etcd has two members: where either is lost the cluster stops. three go on without one",
              false));
    }
    return List.copyOf(findings);
  }

  private static List<Finding> ofHost(HostName host, SeenMember member) {
    if (!member.present()) {
      return List.of(
          shuts(host + ": it has no member of etcd. 'provision apply' makes it a control plane"));
    }
    if (member.status().isEmpty()) {
      return List.of(
          shuts("%s: its member does not answer (%s). %s".formatted(host, member.reason(), LOOK)));
    }
    var findings = new ArrayList<Finding>();
    var status = member.status().get();
    if (status.learner()) {
      findings.add(
          shuts(
              host
                  + ": its member is a learner, which does not vote. 'provision apply' goes on with its join; or take it out: 'provision remove'"));
    }
    if (!status.knowsLeader()) {
      findings.add(
          shuts(
              host
                  + ": its member knows no leader: it does not reach a majority of the members. bring them back"));
    }
    if (status.index() - status.applied() > MOST_BEHIND) {
      findings.add(
          shuts(
              "%s: its member is %d entries behind. look at the disk there: etcd asks for a fast one"
                  .formatted(host, status.index() - status.applied())));
    }
    if (member.disk().isSlow()) {
      findings.add(
          new Finding(
              "%s: its disk is slow: one of a hundred times its member took more than %s since it started, where etcd asks for 10 ms and 25 ms. it loses its leader for that: give /var/lib/etcd a faster disk, or keep others off this one"
                  .formatted(host, member.disk().told()),
              false));
    }
    if (!status.errors().isBlank()) {
      findings.add(shuts("%s: its member says: %s. %s".formatted(host, status.errors(), LOOK)));
    }
    if (status.percentOfQuota() >= MUCH_OF_QUOTA) {
      findings.add(new Finding(quota(host, status), false));
    }
    return findings;
  }

  private static String quota(HostName host, SeenMember.Status status) {
    var free = 100 - status.percentInUse();
    return "%s: its database has %s of the %s that it may have. %s"
        .formatted(
            host,
            ByteSize.text(status.size()),
            ByteSize.text(status.quota()),
            free > 10
                ? "'provision etcd defrag' gives %d %% of it back".formatted(free)
                : "nearly all of it is in use: delete what nobody needs, or give it more, --quota-backend-bytes of etcd");
  }

  private List<Finding> alarms() {
    var findings = new ArrayList<Finding>();
    for (var alarm : raised()) {
      var who = name(alarm.member());
      findings.add(
          switch (alarm.kind()) {
            case NOSPACE ->
                new Finding(
                    who
                        + ": it has raised the alarm NOSPACE: etcd takes no writes until that is taken back. 'provision etcd defrag' makes room, and takes it back where there is some",
                    false);
            case "CORRUPT" ->
                shuts(
                    who
                        + ": it has raised the alarm CORRUPT: its data are not those of the others. take that control plane out ('provision remove'), and let it join anew ('provision apply')");
            default -> shuts("%s: it has raised the alarm %s".formatted(who, alarm.kind()));
          });
    }
    return findings;
  }

  private Set<SeenMember.Alarm> raised() {
    var raised = new LinkedHashSet<SeenMember.Alarm>();
    seen.values().forEach(member -> member.status().ifPresent(it -> raised.addAll(it.alarms())));
    return raised;
  }

  /** All that any member knows, by their ids. */
  private Map<String, SeenMember.Listed> listed() {
    var all = new TreeMap<String, SeenMember.Listed>();
    seen.values().forEach(member -> member.listed().forEach(one -> all.putIfAbsent(one.id(), one)));
    return all;
  }

  private Optional<Finding> ofListed(SeenMember.Listed member) {
    if (member.name().isEmpty()) {
      return Optional.of(
          shuts(
              "%s: a member that was added (%s) and never started; it counts in the majority. 'provision apply' goes on with a join that began there; where no host of yours is, take it out: %s"
                  .formatted(member.peers(), member.id(), removal(member))));
    }
    if (leaving.contains(member.name())) {
      return Optional.of(
          shuts(
              "%s: it leaves the cluster, and is a member of etcd still (%s). 'provision remove' takes it out"
                  .formatted(member.name(), member.id())));
    }
    if (!servers.contains(member.name())) {
      return Optional.of(
          shuts(
              "%s: a member of etcd without a control plane in the inventory (%s); it counts in the majority. write its host into the inventory; or, where that is gone, 'provision apply --remove %1$s', and where no plan names it: %s"
                  .formatted(member.name(), member.id(), removal(member))));
    }
    var own = seen.get(new HostName(member.name()));
    if (own != null && own.status().isPresent() && !own.status().get().id().equals(member.id())) {
      return Optional.of(
          shuts(
              "%s: etcd has a second member of this name (%s), of an earlier life of that host; it counts in the majority. take it out: %s"
                  .formatted(member.name(), member.id(), removal(member))));
    }
    // one that is only in the lists of others, and says itself that it votes
    return member.learner() && (own == null || own.status().isEmpty())
        ? Optional.of(
            shuts(
                "%s: its member is a learner, which does not vote (%s)"
                    .formatted(member.name(), member.id())))
        : Optional.empty();
  }

  private static String removal(SeenMember.Listed member) {
    return "'etcdctl member remove %s' in the pod of etcd on another control plane"
        .formatted(member.id());
  }

  private List<Finding> disagreements() {
    var findings = new ArrayList<Finding>();
    var views = new LinkedHashMap<HostName, String>();
    var leaders = new LinkedHashMap<HostName, String>();
    seen.forEach((host, member) ->
        member
            .status()
            .ifPresent(status -> {
              views.put(host, view(member));
              if (status.knowsLeader()) {
                leaders.put(host, name(status.leader()));
              }
            }));
    if (Set.copyOf(views.values()).size() > 1) {
      findings.add(
          shuts("the members do not see the same members: %s. %s".formatted(told(views), LOOK)));
    }
    if (Set.copyOf(leaders.values()).size() > 1) {
      findings.add(
          shuts(
              "the members do not agree who leads: %s. look again in a moment"
                  .formatted(told(leaders))));
    }
    return findings;
  }

  private static String view(SeenMember member) {
    var names = new TreeSet<String>();
    for (var one : member.listed()) {
      names.add(
          "%s (%s%s)"
              .formatted(
                  one.name().isEmpty() ? one.peers() : one.name(),
                  one.id(),
                  one.learner() ? ", a learner" : ""));
    }
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  private static String told(Map<HostName, String> views) {
    return views.entrySet().stream()
        .map(it -> "%s says %s".formatted(it.getKey(), it.getValue()))
        .collect(Collectors.joining("; "));
  }

  private long voters() {
    return listed().values().stream().filter(one -> !one.learner()).count();
  }

  /** What people call a member; its id where nobody does. */
  private String name(String id) {
    var member = listed().get(id);
    return member == null || member.name().isEmpty() ? "member " + id : member.name();
  }

  private static Finding shuts(String what) {
    return new Finding(what, true);
  }

  /** Whether an alarm says that there is no room. */
  boolean isOutOfRoom() {
    return raised().stream().anyMatch(alarm -> alarm.kind().equals(NOSPACE));
  }

  /** One row a member: those that were asked, and those that are only in the lists of these. */
  List<List<String>> rows() {
    var rows = new ArrayList<List<String>>();
    var shown = new TreeSet<String>();
    seen.forEach((host, member) -> {
      member.status().ifPresent(status -> shown.add(status.id()));
      rows.add(row(host, member));
    });
    listed().values().stream()
        .filter(one -> !shown.contains(one.id()) && !isSilent(one))
        .forEach(one ->
            rows.add(
                List.of(
                    one.name().isEmpty() ? one.peers() : one.name(),
                    one.id(),
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    state(one))));
    return rows;
  }

  /** It was asked, and has a row of its own. */
  private boolean isSilent(SeenMember.Listed one) {
    return !one.name().isEmpty()
        && seen.entrySet().stream()
            .anyMatch(
                it -> it.getKey().value().equals(one.name()) && it.getValue().status().isEmpty());
  }

  private String state(SeenMember.Listed one) {
    if (one.name().isEmpty()) {
      return "never started";
    }
    if (!servers.contains(one.name())) {
      return leaving.contains(one.name()) ? "leaves" : "no host of the inventory";
    }
    return seen.containsKey(new HostName(one.name())) ? "of an earlier life" : "not asked";
  }

  private List<String> row(HostName host, SeenMember member) {
    if (member.status().isEmpty()) {
      return List.of(
          host.value(),
          "",
          "",
          "",
          "",
          "",
          "",
          "",
          member.present() ? "does not answer" : "no member");
    }
    var status = member.status().get();
    return List.of(
        host.value(),
        status.id(),
        status.version(),
        ByteSize.text(status.size()),
        ByteSize.text(status.inUse()),
        100 - status.percentInUse() + " %",
        status.isLeader() ? "yes" : "no",
        Long.toString(status.index()),
        state(status, member.disk()));
  }

  private String state(SeenMember.Status status, DiskTimes disk) {
    var states = new ArrayList<String>();
    if (status.learner()) {
      states.add("learner");
    }
    if (!status.knowsLeader()) {
      states.add("no leader");
    }
    raised().stream()
        .filter(alarm -> alarm.member().equals(status.id()))
        .forEach(alarm -> states.add(alarm.kind()));
    if (disk.isSlow()) {
      states.add("slow disk");
    }
    return states.isEmpty() ? "well" : String.join(", ", states);
  }
}

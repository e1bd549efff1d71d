package io.provision.steps.kubeadm.etcd;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.step.datastore.Defragmentation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One member after another, the leader last, each only while all are well.
 *
 * @param ready waits until the API server of a host answers
 */
public record MemberDefragmentation(Script ready) implements Defragmentation {
  /** Where more than this, of a hundred, is in use there is nothing worth the while. */
  private static final long IN_USE = 90;

  /** An alarm that is taken back comes again where more than this, of a hundred, is taken. */
  private static final long ROOM = 95;

  /** What is left free beside the new file: etcd stops where its disk is full. */
  private static final long SPARE = 100L << 20;

  private static final Duration LIMIT = Duration.ofMinutes(9);

  @Override
  public Call look(HostName server) {
    return Call.of(MemberScripts.LOOK, server.value());
  }

  @Override
  public Course course(Inventory inventory, Map<HostName, Frame> answers) {
    var seen = new HashMap<HostName, SeenMember>();
    answers.forEach((host, frame) -> seen.put(host, SeenMember.read(frame)));
    var members = Membership.of(inventory, seen);
    var obstacles = new ArrayList<String>();
    members.findings().stream()
        .filter(Membership.Finding::shuts)
        .map(Membership.Finding::what)
        .forEach(obstacles::add);
    members.seen().forEach((host, member) -> disk(host, member).ifPresent(obstacles::add));
    if (obstacles.isEmpty()
        && members.seen().values().stream()
            .noneMatch(it -> it.status().filter(SeenMember.Status::isLeader).isPresent())) {
      obstacles.add("none of the control planes leads etcd. look again in a moment");
    }
    return obstacles.isEmpty()
        ? new Course(List.of(), turns(members), members.isOutOfRoom(), full(members))
        : new Course(obstacles, List.of(), members.isOutOfRoom(), Optional.empty());
  }

  /** The new file lies beside the old one until it is whole. */
  private static Optional<String> disk(HostName host, SeenMember member) {
    if (member.status().isEmpty()
        || member.room().isEmpty()
        || !isWorthwhile(member.status().get())) {
      return Optional.empty();
    }
    var needs = member.status().get().inUse() + SPARE;
    return member.room().get() > needs
        ? Optional.empty()
        : Optional.of(
            "%s: /var/lib/etcd has %s left, and the new file beside the old one needs %s: etcd stops where its disk is full. make room there"
                .formatted(host, ByteSize.text(member.room().get()), ByteSize.text(needs)));
  }

  private static boolean isWorthwhile(SeenMember.Status status) {
    return status.percentInUse() <= IN_USE;
  }

  private static List<Turn> turns(Membership members) {
    var turns = new ArrayList<Turn>();
    var last = new ArrayList<Turn>();
    members
        .seen()
        .forEach((host, member) -> {
          var status = member.status().orElseThrow();
          var size =
              "%s, of which %s (%d %%) are in use"
                  .formatted(
                      ByteSize.text(status.size()),
                      ByteSize.text(status.inUse()),
                      status.percentInUse());
          (status.isLeader() ? last : turns).add(new Turn(host, size, isWorthwhile(status)));
        });
    turns.addAll(last);
    return turns;
  }

  private static Optional<String> full(Membership members) {
    for (var entry : members.seen().entrySet()) {
      var status = entry.getValue().status().orElseThrow();
      if (status.percentOfQuota() >= ROOM) {
        return Optional.of(
            "%s still has %s of the %s that it may have: delete what nobody needs, or have its history forgotten ('etcdctl compact REVISION' in the pod of etcd, with the revision that 'etcdctl endpoint status -w fields' names), then run this again; or give it more, --quota-backend-bytes"
                .formatted(
                    entry.getKey(), ByteSize.text(status.size()), ByteSize.text(status.quota())));
      }
    }
    return Optional.empty();
  }

  @Override
  public List<Script> defragment(HostName server) {
    return List.of(Script.of(MemberScripts.DEFRAGMENT, server.value()).within(LIMIT), ready);
  }

  @Override
  public Script disarm(HostName server) {
    return Script.of(MemberScripts.DISARM, server.value());
  }
}

package io.provision.steps.kubeadm.etcd;

import io.provision.model.HostName;
import io.provision.remote.Frame;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a control plane says of its member of etcd.
 *
 * @param present whether it has one, or was to have one
 * @param status empty where the member does not answer
 * @param reason why it does not answer, in its own words
 * @param listed the members that it knows, itself among them
 * @param room bytes that are free where its data lie; empty where nobody says
 * @param disk how long its writes take
 */
record SeenMember(
    boolean present,
    Optional<Status> status,
    String reason,
    List<Listed> listed,
    Optional<Long> room,
    DiskTimes disk) {
  /** What etcd takes where nothing is set (etcd: server/storage/quota.go). */
  private static final long USUAL_QUOTA = 2L << 30;

  private static final int LONGEST_REASON = 300;

  private static final String STATUS = "status=";
  private static final String LISTED = "listed=";
  private static final String QUOTA = "quota=";
  private static final String ROOM = "room=";

  /** As etcdctl's printer of fields has it (etcdctl/ctlv3/command/printer_fields.go). */
  private static final Pattern FIELD = Pattern.compile("\"([A-Za-z]+)\" : (.*)");

  private static final Pattern ALARM = Pattern.compile("memberID:(\\d{1,20}) alarm:([A-Z_]+) ?");
  private static final Pattern ID = Pattern.compile("[0-9a-f]{1,16}");

  /** What etcdctl and kubectl say besides the reason. */
  private static final Pattern BESIDES =
      Pattern.compile("|command terminated with exit code \\d+|etcdctl failed in the pod .*");

  /** {@code look_etcd_member}, whose sizes and indexes are others each time. */
  private static final Kind<SeenMember> KIND =
      Kind.volatileSingle(MemberScripts.LOOK, SeenMember::read);

  /**
   * What a member says of itself (etcd: api/etcdserverpb/rpc.proto, StatusResponse).
   *
   * @param id in the way in which member lists have it
   * @param size bytes of its database
   * @param inUse bytes of it that hold anything
   * @param quota bytes that it may have
   * @param leader whom it takes for the leader; {@code 0} where it knows of none
   * @param index of the last entry that the members have agreed upon, as it knows
   * @param applied of the last one that it has carried out
   * @param alarms of all members
   * @param errors what else it finds wrong; blank where nothing
   */
  record Status(
      String id,
      String version,
      long size,
      long inUse,
      long quota,
      String leader,
      boolean learner,
      long index,
      long applied,
      List<Alarm> alarms,
      String errors) {
    Status {
      alarms = List.copyOf(alarms);
    }

    boolean isLeader() {
      return id.equals(leader);
    }

    boolean knowsLeader() {
      return !leader.equals("0");
    }

    /** Of a hundred, how much of its database holds anything. */
    long percentInUse() {
      return size <= 0 ? 100 : Math.min(100, inUse * 100 / size);
    }

    long percentOfQuota() {
      return quota <= 0 ? 0 : size * 100 / quota;
    }
  }

  /**
   * @param member its id
   * @param kind {@code NOSPACE}, {@code CORRUPT}
   */
  record Alarm(String member, String kind) {}

  /**
   * A member as another one, or itself, has it in its list.
   *
   * @param name empty where it has never started
   * @param peers where other members reach it
   */
  record Listed(String id, String name, String peers, boolean learner) {}

  SeenMember {
    listed = List.copyOf(listed);
  }

  static Question<SeenMember> of(HostName node) {
    return Question.of(KIND, node.value());
  }

  static SeenMember read(Frame frame) {
    var status = new ArrayList<String>();
    var listed = new ArrayList<Listed>();
    var quota = USUAL_QUOTA;
    var room = Optional.<Long>empty();
    var present = false;
    for (var line : frame.output().split("\n")) {
      if (line.startsWith(STATUS)) {
        status.add(line.substring(STATUS.length()).strip());
      } else if (line.startsWith(LISTED)) {
        listed(line.substring(LISTED.length())).ifPresent(listed::add);
      } else if (line.startsWith(QUOTA)) {
        quota = number(line.substring(QUOTA.length())).filter(it -> it > 0).orElse(quota);
      } else if (line.startsWith(ROOM)) {
        room = number(line.substring(ROOM.length())).map(kilobytes -> kilobytes << 10);
      } else {
        present |= line.equals("member");
      }
    }
    var said = status(status, quota);
    return new SeenMember(
        present,
        said,
        said.isEmpty() ? reason(status) : "",
        said.isEmpty() ? List.of() : listed,
        room,
        DiskTimes.read(frame.output().lines().toList()));
  }

  private static Optional<Status> status(List<String> lines, long quota) {
    var fields = new HashMap<String, String>();
    for (var line : lines) {
      var field = FIELD.matcher(line);
      if (field.matches()) {
        fields.putIfAbsent(field.group(1), field.group(2));
      }
    }
    var id = hexadecimal(fields, "MemberID");
    var leader = hexadecimal(fields, "Leader");
    var size = number(fields.getOrDefault("DBSize", ""));
    var inUse = number(fields.getOrDefault("DBSizeInUse", ""));
    var index = number(fields.getOrDefault("RaftIndex", ""));
    var applied = number(fields.getOrDefault("RaftAppliedIndex", ""));
    if (id.isEmpty()
        || leader.isEmpty()
        || size.isEmpty()
        || inUse.isEmpty()
        || index.isEmpty()
        || applied.isEmpty()) {
      return Optional.empty();
    }
    var errors = fields.getOrDefault("Errors", "[]").replaceAll("^\\[|]$", "");
    var alarms =
        ALARM
            .matcher(errors)
            .results()
            .map(it -> new Alarm(hexadecimal(it.group(1)).orElse("?"), it.group(2)))
            .toList();
    return Optional.of(
        new Status(
            id.get(),
            fields.getOrDefault("Version", "").replace("\"", ""),
            size.get(),
            inUse.get(),
            number(fields.getOrDefault("DBSizeQuota", "")).filter(it -> it != 0).orElse(quota),
            leader.get(),
            fields.getOrDefault("IsLearner", "").equals("true"),
            index.get(),
            applied.get(),
            alarms,
            ALARM.matcher(errors).replaceAll("").replace("etcdserver: no leader", "").strip()));
  }

  /** As {@code member list} prints it: addresses of one kind have no space between them. */
  private static Optional<Listed> listed(String line) {
    var words = line.strip().split(", ", -1);
    return words.length == 6 && ID.matcher(words[0]).matches()
        ? Optional.of(
            new Listed(
                words[0],
                words[1].equals("started") ? words[2] : "",
                words[3],
                words[5].equals("true")))
        : Optional.empty();
  }

  private static String reason(List<String> lines) {
    var reason =
        lines.reversed().stream()
            .filter(line -> !BESIDES.matcher(line).matches())
            .findFirst()
            .orElse("it said nothing within 20 s");
    return reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + "…" : reason;
  }

  private static Optional<String> hexadecimal(Map<String, String> fields, String name) {
    return hexadecimal(fields.getOrDefault(name, ""));
  }

  /** A number of 64 bits without a sign. */
  private static Optional<String> hexadecimal(String decimal) {
    try {
      return Optional.of(Long.toHexString(Long.parseUnsignedLong(decimal)));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static Optional<Long> number(String text) {
    return text.matches("-?\\d{1,15}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }
}

package io.provision.simulated;

import io.provision.model.Host;
import io.provision.remote.Frame;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.resource.kernel.AskedFromHere;
import io.provision.resource.kernel.RebootWanted;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.steps.gluster.Recorded;
import io.provision.steps.rotation.OutOfUse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the hosts of a world say when they are asked, as their own programs would. */
final class Answers {
  private static final FileState THERE =
      new FileState(
          FileState.Type.FILE,
          false,
          FileMode.PRIVATE,
          new FileState.Owner("root", "root", "0", "0"),
          0,
          Optional.empty(),
          Optional.empty());

  private static final List<String> UUIDS =
      List.of(
          "bc8e15e7-b17f-4725-9317-4213117ec61e",
          "3033df1a-858c-4f59-80d6-b57ae9f0869f",
          "7c27c772-8419-42a7-b3d4-2b1bdb4ea898");

  private static final String POOL = Recorded.answer("pool-3.xml");

  /** One of its peers; whoever is asked is called localhost, and says no more of itself. */
  private static final String PEER =
      """
          <peer>
            <uuid>%s</uuid>
            <hostname>%s</hostname>
            <connected>%s</connected>%s
          </peer>
      """;

  private static final String MEMBER = "<state>3</state><stateStr>Peer in Cluster</stateStr>";
  private static final String INFO = Recorded.answer("info-started.xml");
  private static final String STATUS = Recorded.answer("status.xml");
  private static final String HEAL = Recorded.answer("heal.xml");
  private static final String NO_BRICK =
      "<status>Failed to process entries completely. (Transport endpoint is not connected)"
          + "totalNumberOfEntries0</status>";

  /** The same answer is read once. */
  private static final Map<List<Object>, Object> READ = new HashMap<>();

  private final World world;

  Answers(World world) {
    this.world = world;
  }

  /**
   * What one host says.
   *
   * @param wants whether it wants a reboot, as whoever asks sees it
   */
  Observations of(Host host, Probes probes, boolean wants) {
    var it = world.of(host.name().value());
    var answers = new Observations.Builder();
    for (var question : probes.questions()) {
      if (question.equals(Files.at(OutOfUse.MARKER))) {
        answers.put(Files.at(OutOfUse.MARKER), it.marked ? THERE : FileState.ABSENT);
      } else if (question.equals(RebootWanted.QUESTION)) {
        answers.put(
            RebootWanted.QUESTION,
            wants ? new RebootWanted.Yes(List.of("linux-image")) : new RebootWanted.No());
      } else if (question.equals(AskedFromHere.QUESTION)) {
        answers.put(AskedFromHere.QUESTION, false);
      } else {
        put(question, text(question.kind().function().name(), it), answers);
      }
    }
    return answers.build();
  }

  @SuppressWarnings("unchecked") // it was read by this question
  private static <A> void put(Question<A> question, String text, Observations.Builder into) {
    synchronized (READ) {
      var read =
          READ.computeIfAbsent(
              List.of(question, text),
              _ -> question.kind().read(List.of(question), new Frame(0, text)).getFirst());
      into.put(question, (A) read);
    }
  }

  private String text(String function, Machine it) {
    return switch (function) {
      case "ask_gluster_health" -> health(it);
      case "look_gluster_mount" ->
          it.mounted ? "type=fuse.glusterfs\nsentinel=x\nanswer=ok\n" : "type=autofs\n";
      case "look_running_kernel" -> "6.1.0-40-amd64";
      case "look_brick_space" -> "1048576 4194304";
      case "look_gluster_identity" -> UUIDS.get(it.number - 1);
      case "look_away" -> {
        var lines = new StringBuilder();
        new TreeMap<>(it.away).forEach((host, note) -> lines.append(host + " " + note + "\n"));
        yield lines.toString();
      }
      default -> throw new IllegalStateException(function);
    };
  }

  /** Three looks, each of the same. */
  private String health(Machine asked) {
    var key = new StringBuilder("health ");
    world
        .machines()
        .forEach(it -> key.append(it.up).append(it.brick).append(world.isPending(it.name)));
    key.append(asked.name);
    synchronized (READ) {
      return (String) READ.computeIfAbsent(List.of(key.toString()), _ -> look(asked).repeat(3));
    }
  }

  private String look(Machine asked) {
    var status = STATUS;
    var heal = HEAL;
    for (var it : world.machines()) {
      var uuid = UUIDS.get(it.number - 1);
      if (!it.up) {
        status =
            status.replaceAll(
                "(?s)<node>\\s*<hostname>[^<]*</hostname>\\s*<path>[^<]*</path>\\s*<peerid>%s.*?</node>"
                    .formatted(uuid),
                "");
      }
      if (!it.brick) {
        status =
            status.replaceFirst(
                "(?s)(<hostname>%s</hostname>.*?<status>)1(</status>\\s*<port>)[0-9]+(.*?<tcp>)[0-9]+(.*?<pid>)[0-9]+"
                    .formatted(it.name),
                "$10$2N/A$3N/A$4-1");
        heal =
            heal.replaceFirst(
                "(?s)<brick hostUuid=\"%s\">(\\s*<name>%s:[^<]*</name>\\s*).*?</brick>"
                    .formatted(uuid, it.name),
                "<brick hostUuid=\"-\">$1" + NO_BRICK + "</brick>");
      }
      if (world.isPending(it.name)) {
        heal = heal.replaceAll("<totalNumberOfEntries>0<", "<totalNumberOfEntries>4<");
      }
    }
    return "@sample\n@pool\n%s\n@volumes\n%s\n@whole\n@status shared\n%s\n@heal shared\n%s\n"
        .formatted(pool(asked), INFO, status, heal);
  }

  private String pool(Machine asked) {
    var peers = new StringBuilder();
    for (var it : world.machines()) {
      var self = it == asked;
      peers.append(
          PEER.formatted(
              UUIDS.get(it.number - 1),
              self ? "localhost" : it.name,
              it.up ? "1" : "0",
              self ? "" : MEMBER));
    }
    var begin = POOL.indexOf("<peerStatus>") + "<peerStatus>".length();
    return POOL.substring(0, begin) + peers + POOL.substring(POOL.indexOf("</peerStatus>"));
  }
}

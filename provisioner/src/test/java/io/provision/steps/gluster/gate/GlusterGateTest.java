package io.provision.steps.gluster.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.remote.Frame;
import io.provision.steps.gluster.Recorded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class GlusterGateTest {
  private static final HostName N1 = new HostName("n1");
  private static final HostName N2 = new HostName("n2");
  private static final HostName N3 = new HostName("n3");
  private static final String U1 = "bc8e15e7-b17f-4725-9317-4213117ec61e";
  private static final String U2 = "3033df1a-858c-4f59-80d6-b57ae9f0869f";
  private static final String U3 = "7c27c772-8419-42a7-b3d4-2b1bdb4ea898";

  /** What repeats something else, or is for people. */
  private static final Set<String> DECIDES_NOTHING =
      Set.of(
          "info opErrno",
          "info status",
          "info snapshotCount",
          "info distCount",
          "info type",
          "info typeStr",
          "info transport",
          "info optCount",
          "pool opErrno",
          "pool hostname",
          "pool stateStr",
          "status opErrno",
          "status port",
          "status tcp",
          "status rdma",
          "status pid",
          "heal opErrno");

  private String pool = Recorded.answer("pool-3.xml");
  private String info = Recorded.answer("info-started.xml");
  private String status = Recorded.answer("status.xml");
  private String heal = Recorded.answer("heal.xml");
  private String split = "";
  private String infoOfOne = "";
  private Set<String> declared = Set.of("shared");
  private int times = 3;
  private List<HostName> hosts = List.of(N1, N2, N3);
  private Map<HostName, String> uuids = Map.of(N1, U1, N2, U2, N3, U3);
  private Function<HostName, String> pools =
      host -> host.equals(N1) ? pool : Recorded.answer("pool-3.xml");
  private final Map<HostName, String> never = new HashMap<>();

  @Test
  void isHealthyWhereAllIsWhole() {
    assertThat(gate(Optional.empty()).reasons()).isEmpty();
    assertThat(gate(Optional.of(N2)).reasons()).isEmpty();
  }

  @Test
  void isNotHealthyWhereAllIsWholeButWasNotSeenSoOftenEnough() {
    times = 2;
    assertThat(gate(Optional.empty()).reasons())
        .hasSize(3)
        .allSatisfy(it -> assertThat(it).contains("looked 2 times"));
  }

  @Test
  void isNotHealthyWhereOneOfSeveralLooksIsNotWhole() {
    var seen = new HashMap<HostName, GlusterHealth.Seen>();
    var good = samples(pool, info, 1).getFirst();
    status = Recorded.answer("status-brick-dead.xml");
    var bad = samples(pool, info, 1).getFirst();
    Map.of(N1, U1, N2, U2, N3, U3)
        .forEach((host, uuid) ->
            seen.put(host, new GlusterHealth.Seen(uuid, List.of(good, bad, good), Map.of())));
    var view = new GlusterGate.View(List.of(N1, N2, N3), Set.of("shared"), seen, Map.of());
    assertThat(GlusterGate.check(view, Optional.empty()).reasons())
        .containsExactly(
            "brick n2:/data/gluster/shared of volume shared is down: 'provision apply' starts it");
  }

  @Test
  void namesTheFilesWhoseCopiesDisagreeAndWhatToType() {
    heal = heal.replaceFirst("<numberOfEntriesInSplitBrain>0<", "<numberOfEntriesInSplitBrain>1<");
    split =
        """
        @split shared
        <cliOutput><healInfo><bricks><brick><name>n1:/data/gluster/shared</name>
        <file gfid="1">/it's a file</file><numberOfEntries>1</numberOfEntries></brick></bricks></healInfo>
        <opRet>0</opRet></cliOutput>
        """;
    assertThat(gate(Optional.empty()).reasons())
        .containsExactly(
            "1 entries of n1:/data/gluster/shared are in split-brain (volume shared)",
            "the copies of /it's a file in volume shared disagree: compare them on the bricks; where"
                + " that on n1:/data/gluster/shared is right: gluster volume heal shared split-brain"
                + " source-brick n1:/data/gluster/shared '/it'\\''s a file'");
  }

  @Test
  void isNotHealthyWhereABrickIsDownAlthoughNothingIsCountedThere() {
    heal = Recorded.answer("heal-brick-dead.xml");
    assertThat(gate(Optional.empty()).reasons())
        .singleElement()
        .satisfies(it -> assertThat(it).contains("n2:/data/gluster/shared", "not known"));
    heal = Recorded.answer("heal.xml");
    status = Recorded.answer("status-brick-dead.xml");
    assertThat(gate(Optional.empty()).reasons())
        .contains(
            "brick n2:/data/gluster/shared of volume shared is down: 'provision apply' starts it");
  }

  @Test
  void isNotHealthyWhereBricksOfAHostThatIsAwayAreNotEvenListed() {
    status = Recorded.answer("status-peer-down.xml");
    assertThat(gate(Optional.empty()).reasons())
        .contains(
            "nobody says whether brick n3:/data/gluster/shared of volume shared runs: the glusterd"
                + " there does not answer");
  }

  @Test
  void isNotHealthyWhereSomethingWaitsToBeHealedOrIsInSplitBrain() {
    heal =
        heal.replaceFirst("<totalNumberOfEntries>0<", "<totalNumberOfEntries>4<")
            .replaceFirst("<numberOfEntriesInHealPending>0<", "<numberOfEntriesInHealPending>4<");
    assertThat(gate(Optional.empty()).reasons())
        .containsExactly("4 entries of n1:/data/gluster/shared wait to be healed");
    heal = heal.replaceFirst("<numberOfEntriesInSplitBrain>0<", "<numberOfEntriesInSplitBrain>1<");
    assertThat(gate(Optional.empty()).reasons().getFirst()).contains("split-brain");
  }

  @Test
  void isNotHealthyWhereOneHostSeesAnotherDisconnectedAlthoughThatIsAMember() {
    pool = Recorded.answer("pool-peer-down.xml");
    assertThat(gate(Optional.empty()).reasons())
        .contains("n1 sees n3 (Peer in Cluster, disconnected)");
    assertThat(gate(Optional.of(N1)).reasons())
        .as("who is disconnected is no part of a quorum")
        .contains("without n1 only 1 of 3 peers are connected: no quorum");
    pool = Recorded.answer("pool-3.xml").replaceFirst("<state>3<", "<state>4<");
    assertThat(gate(Optional.empty()).isHealthy()).isFalse();
  }

  @Test
  void isNotHealthyWhereAnAnswerCannotBeRead() {
    status = "Connection failed. Please check if gluster daemon is operational.";
    assertThat(gate(Optional.empty()).reasons().getFirst()).contains("Connection failed");
    status = Recorded.answer("status.xml");
    heal = "";
    assertThat(gate(Optional.empty()).reasons().getFirst()).contains("not known");
  }

  @Test
  void isNotHealthyWhereAHostWasNotReached() {
    never.put(N3, "timed out");
    assertThat(gate(Optional.empty()).reasons()).contains("n3 was not reached (timed out)");
  }

  @Test
  void isNotHealthyWhileSomethingIsBeingMoved() {
    status =
        status.replace(
            "<tasks/>",
            "<tasks><task><type>Rebalance</type><statusStr>in progress</statusStr></task></tasks>");
    assertThat(gate(Optional.empty()).reasons())
        .containsExactly("Rebalance of volume shared is in progress");
  }

  @Test
  void isNotHealthyWithoutAHostWhoseFilesHaveNoCopies() {
    info =
        info.replace("<replicaCount>3<", "<replicaCount>1<")
            .replace("<typeStr>Replicate<", "<typeStr>Distribute<");
    assertThat(gate(Optional.empty()).isHealthy()).isTrue();
    assertThat(gate(Optional.of(N1)).reasons().getFirst()).contains("no copies");
  }

  @Test
  void isNotHealthyWithoutAHostOfTwoCopies() {
    info =
        info.replaceAll("(?m)^ *<brick uuid=\"" + U3 + ".*\n", "")
            .replace("<brickCount>3<", "<brickCount>2<")
            .replace("<replicaCount>3<", "<replicaCount>2<");
    assertThat(gate(Optional.of(N1)).reasons())
        .anySatisfy(it -> assertThat(it).contains("only 1 of 2 bricks"));
  }

  /** Two of two are a quorum, one of two is none: neither of peers nor of copies. */
  @Test
  void isNotHealthyWithoutAHostOfTwoPeers() {
    two();
    assertThat(gate(Optional.empty()).reasons()).isEmpty();
    assertThat(gate(Optional.of(N1)).reasons())
        .contains("without n1 only 1 of 2 peers are connected: no quorum");
    assertThat(gate(Optional.of(N2)).reasons())
        .contains("without n2 only 1 of 2 peers are connected: no quorum");
  }

  /** Only two hosts are left of everything. */
  private void two() {
    hosts = List.of(N1, N2);
    var others = "(?s)<peer>(?:(?!</peer>).)*" + U3 + "(?:(?!</peer>).)*</peer>";
    pools = host -> Recorded.answer("pool-3.xml").replaceAll(others, "");
    info =
        info.replaceAll("(?m)^ *<brick uuid=\"" + U3 + ".*\n", "")
            .replace("<brickCount>3<", "<brickCount>2<")
            .replace("<replicaCount>3<", "<replicaCount>2<");
    heal = heal.replaceAll("(?s)<brick [^>]*" + U3 + ".*?</brick>", "");
  }

  @Test
  void isHealthyWithoutAsManyHostsAsADispersedVolumeHasRedundancy() {
    dispersed(1);
    assertThat(gate(Optional.empty()).reasons()).isEmpty();
    assertThat(gate(Optional.of(N2)).reasons()).isEmpty();
    dispersed(0);
    assertThat(gate(Optional.of(N2)).reasons())
        .containsExactly(
            "without n2 only 2 of 3 bricks of a set of volume shared are left, and 3 are needed");
    dispersed(1);
    info = info.replace("\"" + U3 + "\"", "\"" + U2 + "\"").replace(">" + U3, ">" + U2);
    status = status.replace("<peerid>" + U3, "<peerid>" + U2);
    assertThat(gate(Optional.of(N2)).reasons())
        .as("two bricks of a set on one host")
        .containsExactly(
            "without n2 only 1 of 3 bricks of a set of volume shared are left, and 2 are needed");
  }

  private void dispersed(int redundancy) {
    info =
        Recorded.answer("info-started.xml")
            .replace("<typeStr>Replicate<", "<typeStr>Disperse<")
            .replace("<replicaCount>3<", "<replicaCount>1<")
            .replace("<disperseCount>0<", "<disperseCount>3<")
            .replace("<redundancyCount>0<", "<redundancyCount>%d<".formatted(redundancy));
  }

  @Test
  void whatWaitsToBeHealedIsCountedOverAllBricksWhereAllOfThemSayIt() {
    assertThat(GlusterGate.unhealed(view())).contains(0L);
    heal = heal.replace("<totalNumberOfEntries>0<", "<totalNumberOfEntries>7<");
    assertThat(GlusterGate.unhealed(view())).contains(21L);
    var whole = heal;
    heal = whole.replaceFirst("<status>Connected<", "<status>Transport endpoint is not connected<");
    assertThat(GlusterGate.unhealed(view())).as("a brick that is down").isEmpty();
    heal = "garbage";
    assertThat(GlusterGate.unhealed(view())).isEmpty();
    heal = whole;
    info = "garbage";
    assertThat(GlusterGate.unhealed(view())).isEmpty();
  }

  @Test
  void isNotHealthyWhereNobodyHealsOnAHost() {
    status = status.replaceFirst("(?s)(Self-heal.*?" + U2 + ".*?<status>)1<", "$10<");
    assertThat(gate(Optional.empty()).reasons())
        .containsExactly(
            "the self-heal daemon on n2 is down (volume shared): 'provision apply' starts it");
    info =
        info.replace("<replicaCount>3<", "<replicaCount>1<")
            .replace("<typeStr>Replicate<", "<typeStr>Distribute<");
    assertThat(gate(Optional.empty()).reasons()).as("where nothing has copies").isEmpty();
  }

  @Test
  void isNotHealthyWithoutAHostOfWhichNobodyKnowsWhatItHolds() {
    never.put(N3, "timed out");
    assertThat(gate(Optional.of(N3)).reasons())
        .contains("n3 was not reached: nobody knows what it holds")
        .doesNotHaveDuplicates();
    assertThat(GlusterGate.once(view(), Optional.of(N3)).reasons())
        .contains(
            "n3 was not reached (timed out)", "n3 was not reached: nobody knows what it holds");
  }

  @Test
  void isNotHealthyWhereAHostHasNoIdentityOrAnotherOneThanItsPeersKnow() {
    for (var uuid : List.of("", "00000000-0000-0000-0000-000000000000")) {
      uuids = Map.of(N1, U1, N2, U2, N3, uuid);
      assertThat(gate(Optional.empty()).reasons())
          .contains("n1 does not know n3", "n2 does not know n3");
    }
    uuids = Map.of(N1, U1, N2, U2, N3, U2);
    assertThat(gate(Optional.empty()).reasons()).contains("two hosts have the same gluster UUID");
  }

  @Test
  void namesEachFileOnceByThePathThatSomeBrickKnows() {
    split =
        """
        @split shared
        <cliOutput><healInfo><bricks>
        <brick><name>n1:/b</name><file gfid="1">&lt;gfid:1&gt;</file><file gfid="2">&lt;gfid:2&gt;</file></brick>
        <brick><name>n2:/b</name><file gfid="1">/known</file></brick>
        </bricks></healInfo><opRet>0</opRet></cliOutput>
        """;
    assertThat(gate(Optional.empty()).reasons())
        .satisfiesExactly(
            it -> assertThat(it).contains("the copies of /known", "source-brick n1:/b '/known'"),
            it -> assertThat(it).contains("the copies of gfid:2", "source-brick n1:/b 'gfid:2'"));
  }

  @Test
  void saysInOneLineHowItIs() {
    assertThat(gate(Optional.empty())).hasToString("healthy");
    assertThat(new GlusterGate(List.of("a", "b"))).hasToString("not healthy: a; b");
  }

  @Test
  void isNotHealthyWhereADeclaredVolumeDoesNotExist() {
    declared = Set.of("shared", "photos");
    assertThat(gate(Optional.empty()).reasons())
        .containsExactly(
            "volume photos is declared and does not exist: 'provision apply' creates it");
    info = Recorded.answer("info-none.xml");
    assertThat(gate(Optional.empty()).reasons()).hasSize(2);
  }

  @Test
  void isNotHealthyWhereOneHostDoesNotKnowAVolumeThatTheOthersKnow() {
    infoOfOne = Recorded.answer("info-none.xml");
    assertThat(gate(Optional.empty()).reasons()).containsExactly("n1 does not know volume shared");
    infoOfOne = Recorded.answer("glusterd-down.txt");
    assertThat(gate(Optional.empty()).reasons())
        .singleElement()
        .satisfies(it -> assertThat(it).contains("n1 does not say which volumes it knows"));
  }

  @Test
  void isNotHealthyWhereABrickIsCountedTwiceAndAnotherNotAtAll() {
    heal = heal.replace("<name>n3:/data/gluster/shared<", "<name>n2:/data/gluster/shared<");
    assertThat(gate(Optional.empty()).reasons())
        .containsExactly(
            "nobody says what waits to be healed on n3:/data/gluster/shared (volume shared)");
  }

  /** Takes every part out of every answer: nothing that is not there may count as healthy. */
  @Test
  void isNotHealthyWhateverPartOfAnAnswerIsNotThere() {
    var elements = Pattern.compile("(?s)<([a-zA-Z]+)[^>/]*>[^<]*</\\1>");
    var answers = Map.of("pool", pool, "info", info, "status", status, "heal", heal);
    var left = new ArrayList<String>();
    answers.forEach((name, whole) -> {
      for (var text : parts(elements, whole)) {
        pool = name.equals("pool") ? text.without() : answers.get("pool");
        info = name.equals("info") ? text.without() : answers.get("info");
        status = name.equals("status") ? text.without() : answers.get("status");
        heal = name.equals("heal") ? text.without() : answers.get("heal");
        if (gate(Optional.empty()).isHealthy()) {
          left.add(name + " " + text.element());
        }
      }
    });
    assertThat(left).isSubsetOf(DECIDES_NOTHING);
  }

  private record Part(String element, String without) {}

  private static List<Part> parts(Pattern elements, String whole) {
    return elements
        .matcher(whole)
        .results()
        .map(
            it -> new Part(it.group(1), whole.substring(0, it.start()) + whole.substring(it.end())))
        .toList();
  }

  private GlusterGate gate(Optional<HostName> without) {
    return GlusterGate.check(view(), without);
  }

  private GlusterGate.View view() {
    var seen = new HashMap<HostName, GlusterHealth.Seen>();
    for (var host : hosts) {
      if (!never.containsKey(host)) {
        var volumes = host.equals(N1) && !infoOfOne.isEmpty() ? infoOfOne : info;
        var samples = samples(pools.apply(host), volumes, times);
        seen.put(host, new GlusterHealth.Seen(uuids.get(host), samples, Map.of()));
      }
    }
    return new GlusterGate.View(hosts, declared, seen, never);
  }

  private List<HealthSamples.Sample> samples(String pool, String info, int times) {
    var text =
        "@sample\n@pool\n%s\n@volumes\n%s\n@whole\n@status shared\n%s\n@heal shared\n%s\n%s"
            .formatted(pool, info, status, heal, split);
    var all = HealthSamples.read(new Frame(0, text.repeat(times)));
    assertThat(all).hasSize(times);
    return all;
  }
}

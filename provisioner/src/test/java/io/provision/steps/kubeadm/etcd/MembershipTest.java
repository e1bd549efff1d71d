package io.provision.steps.kubeadm.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.datastore.Defragmentation.Course;
import io.provision.step.datastore.Defragmentation.Turn;
import io.provision.steps.kubernetes.Cases;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What three control planes say of etcd together, and who is defragmented after it. */
final class MembershipTest {
  private static final Inventory INVENTORY =
      Cases.inventory(Cases.server(1), Cases.server(2), Cases.server(3));
  private static final MemberDefragmentation HOW =
      new MemberDefragmentation(Script.of(new ShellFunction("ready", ":")));

  /** Ids of cp1, cp2 and cp3, in decimal: above what a number with a sign can be. */
  private static final List<String> DECIMAL =
      List.of("10276657743932975437", "10501334649042878790", "18249187646912138824");

  private static final List<String> HEX =
      List.of("8e9e05c52164694d", "91bc3c398fb3c146", "fd422379fda50e48");

  private final Map<String, String> answers = new HashMap<>();

  MembershipTest() {
    for (var number = 1; number <= 3; number++) {
      answers.put("cp" + number, answer(number, Map.of()));
    }
  }

  private static String answer(int number, Map<String, String> other) {
    var fields = new HashMap<String, String>();
    fields.put("MemberID", DECIMAL.get(number - 1));
    fields.put("Version", "\"3.6.8\"");
    fields.put("DBSize", "104857600");
    fields.put("DBSizeInUse", "20971520");
    fields.put("DBSizeQuota", "2147483648");
    fields.put("Leader", DECIMAL.get(1));
    fields.put("IsLearner", "false");
    fields.put("RaftIndex", "7000");
    fields.put("RaftAppliedIndex", "7000");
    fields.put("Errors", "[]");
    fields.putAll(other);
    var text = new StringBuilder("member\nroom=1000000\n");
    fields.forEach((name, value) -> {
      if (!value.isEmpty()) {
        text.append("status=\"%s\" : %s\n".formatted(name, value));
      }
    });
    return text + listed();
  }

  private static String listed() {
    var text = new StringBuilder();
    for (var number = 1; number <= 3; number++) {
      text.append(
          "listed=%s, started, cp%d, https://10.0.0.%2$d:2380, https://10.0.0.%2$d:2379, false\n"
              .formatted(HEX.get(number - 1), number));
    }
    return text.toString();
  }

  private void says(int number, Map<String, String> other) {
    answers.put("cp" + number, answer(number, other));
  }

  private void adds(String line) {
    answers.replaceAll((_, answer) -> answer + "listed=" + line + "\n");
  }

  private Membership membership() {
    var seen = new HashMap<HostName, SeenMember>();
    answers.forEach(
        (host, text) -> seen.put(new HostName(host), SeenMember.read(new Frame(0, text))));
    return Membership.of(INVENTORY, seen);
  }

  private Course course() {
    var frames = new HashMap<HostName, Frame>();
    answers.forEach((host, text) -> frames.put(new HostName(host), new Frame(0, text)));
    return HOW.course(INVENTORY, frames);
  }

  private List<String> wrong() {
    return membership().findings().stream().map(Membership.Finding::what).toList();
  }

  private void shuts(String... words) {
    assertThat(membership().findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.what()).contains(words);
          assertThat(finding.shuts()).isTrue();
        });
    assertThat(course().obstacles()).hasSize(1);
    assertThat(course().turns()).isEmpty();
  }

  private void leavesOpen(String... words) {
    assertThat(membership().findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.what()).contains(words);
          assertThat(finding.shuts()).isFalse();
        });
    assertThat(course().obstacles()).isEmpty();
    assertThat(course().turns()).isNotEmpty();
  }

  @Test
  void membersThatAreWellAreDefragmentedTheLeaderLast() {
    assertThat(wrong()).isEmpty();
    assertThat(course().turns())
        .extracting(turn -> turn.server().value())
        .containsExactly("cp1", "cp3", "cp2");
    assertThat(course().turns()).allMatch(Turn::worthwhile);
    assertThat(membership().rows())
        .contains(
            List.of("cp2", HEX.get(1), "3.6.8", "100 MB", "20 MB", "80 %", "yes", "7000", "well"));
  }

  @Test
  void aGhostIsNamedWithTheCommandThatTakesItOut() {
    adds("abc, started, old, https://10.0.0.9:2380, https://10.0.0.9:2379, false");
    shuts("old: ", "without a control plane", "--remove old", "member remove abc");
    assertThat(membership().rows())
        .contains(List.of("old", "abc", "", "", "", "", "", "", "no host of the inventory"));
  }

  @Test
  void aMemberOfAnEarlierLifeOfAHostIsAGhostToo() {
    adds("abc, started, cp3, https://10.0.0.3:2380, https://10.0.0.3:2379, false");
    shuts("cp3: ", "second member of this name (abc)", "member remove abc");
    assertThat(membership().rows())
        .contains(List.of("cp3", "abc", "", "", "", "", "", "", "of an earlier life"));
  }

  @Test
  void aMemberThatNeverStartedIsNamedByItsAddress() {
    adds("abc, unstarted, , https://10.0.0.9:2380, , true");
    shuts("https://10.0.0.9:2380: ", "never started", "member remove abc");
  }

  @Test
  void aLearnerDoesNotVote() {
    answers.replaceAll((_, answer) ->
        answer.replace("https://10.0.0.3:2379, false", "https://10.0.0.3:2379, true"));
    answers.compute(
        "cp3", (_, answer) -> answer.replace("\"IsLearner\" : false", "\"IsLearner\" : true"));
    assertThat(wrong()).anyMatch(it -> it.startsWith("cp3: its member is a learner"));
    assertThat(course().obstacles()).isNotEmpty();
    assertThat(wrong()).as("and two are left").anyMatch(it -> it.contains("two members"));
  }

  @Test
  void aLearnerIsToldByTheOthersWhereItDoesNotAnswer() {
    answers.replaceAll((_, answer) ->
        answer.replace("https://10.0.0.3:2379, false", "https://10.0.0.3:2379, true"));
    answers.remove("cp3");
    assertThat(wrong()).anyMatch(it -> it.startsWith("cp3: its member is a learner"));
  }

  @Test
  void alarmsAreSaidOnceWithWhatToDo() {
    for (var number = 1; number <= 3; number++) {
      says(number, Map.of("Errors", "[memberID:%s alarm:NOSPACE ]".formatted(DECIMAL.get(2))));
    }
    leavesOpen("cp3: ", "NOSPACE", "etcd defrag");
    assertThat(course().alarmed()).isTrue();
    assertThat(course().full()).isEmpty();
    assertThat(membership().rows().getLast()).last().isEqualTo("NOSPACE");
    says(1, Map.of("Errors", "[memberID:%s alarm:CORRUPT ]".formatted(DECIMAL.get(0))));
    assertThat(course().obstacles())
        .singleElement()
        .asString()
        .contains("cp1: ", "CORRUPT", "provision remove");
  }

  @Test
  void whatElseAMemberFindsWrongIsPassedOn() {
    says(3, Map.of("Errors", "[etcdserver: no such thing]"));
    shuts("cp3: its member says: etcdserver: no such thing");
  }

  @Test
  void aMemberThatKnowsNoLeader() {
    says(3, Map.of("Leader", "0", "Errors", "[etcdserver: no leader]"));
    shuts("cp3: its member knows no leader");
  }

  @Test
  void membersThatDoNotAgreeWhoLeads() {
    says(3, Map.of("Leader", DECIMAL.get(2)));
    shuts("do not agree who leads: cp1 says cp2; cp2 says cp2; cp3 says cp3");
  }

  @Test
  void aLeaderThatIsNoneOfThemShutsTheGateOfADefragOnly() {
    for (var number = 1; number <= 3; number++) {
      says(number, Map.of("Leader", "5"));
    }
    assertThat(wrong()).isEmpty();
    assertThat(course().obstacles())
        .containsExactly("none of the control planes leads etcd. look again in a moment");
  }

  @Test
  void membersThatDoNotSeeTheSame() {
    answers.compute("cp1", (_, answer) -> answer.replaceAll("listed=" + HEX.get(2) + ".*\n", ""));
    shuts("do not see the same members: cp1 says cp1 (" + HEX.get(0), "cp3 says");
  }

  @Test
  void aMemberThatIsBehind() {
    says(1, Map.of("RaftAppliedIndex", "1999"));
    shuts("cp1: its member is 5001 entries behind");
    says(1, Map.of("RaftAppliedIndex", "2000"));
    assertThat(wrong()).isEmpty();
  }

  /** Of 10,000 writes so many took no longer than each bound. */
  private static String writes(String what, int upTo64, int upTo128, int upTo256) {
    return """
    %1$s=0.001 0
    %1$s=0.064 %2$d
    %1$s=0.128 %3$d
    %1$s=0.256 %4$d
    %1$s=+Inf 10000
    """
        .formatted(what, upTo64, upTo128, upTo256);
  }

  private void writing(int number, String times) {
    says(number, Map.of());
    answers.compute("cp" + number, (_, answer) -> times + answer);
  }

  @Test
  void aSlowDiskIsNamedWithHowSlowItIs() {
    writing(1, writes("fsync", 9_000, 9_950, 10_000));
    leavesOpen("cp1: its disk is slow", "more than 124 ms to write its log since", "10 ms");
    assertThat(membership().rows().getFirst()).last().isEqualTo("slow disk");
    writing(1, writes("commit", 9_000, 9_000, 10_000));
    leavesOpen("cp1: its disk is slow", "more than 243 ms to write its database");
    writing(1, writes("fsync", 0, 0, 0) + writes("commit", 9_000, 9_950, 10_000));
    leavesOpen("256 ms to write its log and 124 ms to write its database");
  }

  @Test
  void aDiskIsNotCalledSlowForAFewWritesNorForLittle() {
    writing(1, writes("fsync", 9_850, 9_980, 10_000));
    assertThat(membership().seen().get(new HostName("cp1")).disk().log())
        .hasValueSatisfying(it -> assertThat(it).hasMillis(88));
    assertThat(wrong()).isEmpty();
    writing(1, writes("fsync", 0, 0, 0).replace("+Inf 10000", "+Inf 199"));
    assertThat(wrong()).as("199 writes").isEmpty();
    writing(1, writes("fsync", 0, 0, 0).replace("+Inf 10000", "+Inf 200"));
    assertThat(wrong()).as("200 writes").hasSize(1);
    writing(1, "fsync=x 5\nfsync=0.1\nfsync=+Inf 99999999999999999999999\nfsync=+Inf -1\n");
    assertThat(wrong()).as("nonsense").isEmpty();
  }

  @Test
  void aDatabaseThatFillsItsQuotaIsSaidBefore() {
    says(1, Map.of("DBSizeQuota", "131072000"));
    leavesOpen("cp1: its database has 100 MB of the 125 MB", "gives 80 % of it back");
    says(1, Map.of("DBSizeQuota", "131072000", "DBSizeInUse", "104857600"));
    leavesOpen("nearly all of it is in use", "--quota-backend-bytes");
    says(1, Map.of("DBSizeQuota", "-1"));
    assertThat(wrong()).as("without one").isEmpty();
  }

  /** etcd 3.5 does not say it: then its manifest does, or what etcd takes by itself. */
  @Test
  void theQuotaIsReadWhereTheMemberDoesNotSayIt() {
    says(1, Map.of("DBSizeQuota", ""));
    assertThat(wrong()).isEmpty();
    answers.compute("cp1", (_, answer) -> "quota=110000000\n" + answer);
    leavesOpen("cp1: its database has 100 MB of the 104 MB");
    says(1, Map.of("DBSizeQuota", "", "DBSize", "1900000000"));
    leavesOpen("cp1: its database has 1.8 GB of the 2.0 GB");
  }

  @Test
  void anAlarmWouldComeBackWhereNothingWasFreed() {
    says(1, Map.of("DBSizeQuota", "104857600", "DBSizeInUse", "104857600"));
    assertThat(course().full().orElseThrow())
        .contains("cp1 still has 100 MB of the 100 MB", "etcdctl compact");
  }

  @Test
  void twoMembersAreSaidAndNotRefused() {
    answers.remove("cp3");
    answers.replaceAll((_, answer) -> answer.replaceAll("listed=" + HEX.get(2) + ".*\n", ""));
    leavesOpen("two members");
  }

  @Test
  void aControlPlaneWithoutAMemberIsNamed() {
    answers.put("cp3", "");
    shuts("cp3: it has no member of etcd", "provision apply");
  }

  @Test
  void whoWasNotAskedIsNotSaidToBeSilent() {
    answers.remove("cp3");
    assertThat(wrong()).isEmpty();
    assertThat(membership().rows())
        .contains(List.of("cp3", HEX.get(2), "", "", "", "", "", "", "not asked"));
  }

  /** The new file lies beside the old one: so much is needed, and what etcd writes meanwhile. */
  @Test
  void aDiskWithoutRoomForTheNewFileIsRefusedByName() {
    answers.compute("cp1", (_, answer) -> answer.replace("room=1000000", "room=122880"));
    assertThat(wrong()).as("for a status nothing is wrong").isEmpty();
    assertThat(course().obstacles())
        .singleElement()
        .asString()
        .contains("cp1: /var/lib/etcd has 120 MB left", "needs 120 MB");
    answers.compute("cp1", (_, answer) -> answer.replace("room=122880", "room=122881"));
    assertThat(course().obstacles()).isEmpty();
    answers.compute("cp1", (_, answer) -> answer.replace("room=122881\n", ""));
    assertThat(course().obstacles()).as("nobody says how much there is").isEmpty();
    says(1, Map.of("DBSizeInUse", "104857600"));
    answers.compute("cp1", (_, answer) -> answer.replace("room=1000000", "room=1"));
    assertThat(course().obstacles()).as("it is left as it is").isEmpty();
  }

  @Test
  void whatUsesNearlyAllIsNotWorthTheWhile() {
    says(1, Map.of("DBSizeInUse", "95420416"));
    assertThat(course().turns().getFirst().worthwhile()).as("91 %").isFalse();
    says(1, Map.of("DBSizeInUse", "95420415"));
    assertThat(course().turns().getFirst().worthwhile()).as("90 %").isTrue();
    says(1, Map.of("DBSize", "0", "DBSizeInUse", "0"));
    assertThat(course().turns().getFirst().worthwhile()).as("nothing").isFalse();
  }

  static Stream<String> nonsense() {
    return Stream.of(
        "garbage",
        "status=garbage",
        "status=\"MemberID\" : x",
        "status=\"MemberID\" : -1\nstatus=\"Leader\" : 99999999999999999999999",
        "status=" + "x".repeat(100_000),
        "status=\"DBSize\" : 1\nlisted=zz, started",
        "listed=, , , , , \nlisted=abc",
        "quota=99999999999999999999999\nroom=x",
        "status=\"Errors\" : [memberID:99999999999999999999 alarm:NOSPACE ]",
        "\0\1\377");
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void nonsenseIsAMemberThatDoesNotAnswer(String answer) {
    answers.put("cp1", "member\n" + answer + "\n");
    shuts("cp1: its member does not answer (");
    assertThat(wrong().getFirst()).hasSizeLessThan(500);
    assertThat(membership().rows().getFirst()).last().isEqualTo("does not answer");
  }

  @Test
  void theReasonIsWhatIsSaidLastAndNotWhoFailed() {
    answers.put(
        "cp1",
        "member\nstatus=Error: context deadline exceeded\nstatus=command terminated with exit code 1\nstatus=etcdctl failed in the pod etcd-cp1\n");
    shuts("does not answer (Error: context deadline exceeded)");
    answers.put("cp1", "member\nstatus=\n");
    shuts("does not answer (it said nothing within 20 s)");
  }

  @Test
  void eachIsDefragmentedAloneAndThenItsApiServerIsAwaited() {
    var scripts = HOW.defragment(new HostName("cp1"));
    var calls = new ArrayList<Call>();
    scripts.forEach(script -> calls.add(script.call()));
    assertThat(calls)
        .extracting(call -> call.function().name())
        .containsExactly("defragment_etcd", "ready");
    assertThat(calls.getFirst().arguments()).containsExactly("cp1");
  }
}

package io.provision.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Inputs;
import io.provision.cli.run.Program;
import io.provision.cli.run.Refused;
import io.provision.cli.run.RunRequest;
import io.provision.cli.run.UnderWay;
import io.provision.console.Display;
import io.provision.console.Operator;
import io.provision.console.Problem;
import io.provision.console.text.Table;
import io.provision.desk.HeldSnapshot;
import io.provision.desk.SnapshotCopies;
import io.provision.engine.NoCluster;
import io.provision.engine.NoDesk;
import io.provision.engine.Runner;
import io.provision.engine.TaskGraphRefused;
import io.provision.engine.event.HostKeyPrompt;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.SavedPlan;
import io.provision.engine.session.Interrupt;
import io.provision.load.bind.Surroundings;
import io.provision.model.Secret;
import io.provision.remote.Interposed;
import io.provision.remote.LocalShell;
import io.provision.remote.Moved;
import io.provision.remote.Transport;
import io.provision.ssh.HostKeys;
import io.provision.step.doctor.Examined;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Three control planes of kubeadm that are directories, whose etcd is a script. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class EtcdMembersTest {
  private static final String INVENTORY =
      """
      cluster:
        name: home
        distribution: kubeadm
        version: v1.36.2
        endpoint: api.example.org
        network: { node_cidr: 192.0.2.0/24 }
      hosts:
        a: { address: 192.0.2.1, roles: [control-plane] }
        b: { address: 192.0.2.2, roles: [control-plane] }
        c: { address: 192.0.2.3, roles: [control-plane] }
        w: { address: 192.0.2.4, roles: [worker] }
      """;

  private static final String MEMBERS =
      """
      a, started, a, https://192.0.2.1:2380, https://192.0.2.1:2379, false
      b, started, b, https://192.0.2.2:2380, https://192.0.2.2:2379, false
      c, started, c, https://192.0.2.3:2380, https://192.0.2.3:2379, false
      """;

  /** Answers as etcdctl 3.6 prints, and remembers what it was asked. */
  private static final String KUBECTL =
      """
      #!/bin/sh
      own=${0%/*}
      host=${own##*/} state=${own%/*}/state
      case $* in
      *'get --raw /readyz') [ -e "$state/$host.down" ] || printf ok; exit ;;
      *"exec etcd-$host -c etcd -- etcdctl "*) ;;
      *) exit 9 ;;
      esac
      asked=$*
      echo "$host ${asked##*/healthcheck-client.key }" >>"$state/calls"
      [ ! -e "$state/$host.silent" ] || { echo 'Error: context deadline exceeded' >&2; exit 1; }
      case $host in a) id=10 ;; b) id=11 ;; c) id=12 ;; esac
      case $* in
      *'--write-out=fields endpoint status')
        [ ! -e "$state/$host.says" ] || { cat "$state/$host.says"; exit; }
        printf '"%s" : %s\\n' MemberID $id Version '"3.6.8"' DBSize "$(cat "$state/$host.size")" \\
          DBSizeInUse "$(cat "$state/$host.used")" DBSizeQuota 2147483648 \\
          Leader "$(cat "$state/leader")" IsLearner false RaftIndex 70 RaftAppliedIndex 70 \\
          Errors "[$(tr '\\n' ' ' <"$state/alarms")]" ;;
      *'member list --consistency=s' | *'member list')
        cat "$state/$host.view" 2>/dev/null || cat "$state/members" ;;
      *'endpoint health')
        [ -s "$state/alarms" ] || exit 0
        for one in 1 2 3; do
          echo "https://192.0.2.$one:2379 is unhealthy: failed to commit proposal: Active Alarm(s): NOSPACE " >&2
        done
        exit 1 ;;
      *' --command-timeout=300s defrag')
        [ ! -e "$state/$host.fails" ] || { echo 'Failed to defragment etcd member' >&2; exit 1; }
        cp "$state/$host.used" "$state/$host.size"
        [ ! -e "$state/$host.then" ] || . "$state/$host.then" ;;
      *'alarm list') cat "$state/alarms" ;;
      *'alarm disarm') : >"$state/alarms" ;;
      *) exit 9 ;;
      esac
      """;

  private static final String NOSPACE = "memberID:11 alarm:NOSPACE \n";

  @TempDir Path directory;
  private LocalShell hosts;
  private final List<String> said = new ArrayList<>();
  private final List<Table> tables = new ArrayList<>();

  @BeforeEach
  void setUp() throws IOException {
    hosts = new LocalShell(directory);
    Files.createDirectories(directory.resolve("w"));
    Files.writeString(directory.resolve("home.yml"), INVENTORY);
    state("members", MEMBERS);
    state("leader", "10");
    state("alarms", "");
    for (var name : List.of("a", "b", "c")) {
      var own = directory.resolve(name);
      Files.createDirectories(own.resolve("etc-kubernetes/manifests"));
      Files.createDirectories(own.resolve("etcd-data/member"));
      Files.writeString(own.resolve("etc-kubernetes/admin.conf"), "x");
      Files.writeString(own.resolve("etc-kubernetes/manifests/etcd.yaml"), "metadata:\n");
      Files.writeString(own.resolve("kubectl"), KUBECTL);
      assertThat(own.resolve("kubectl").toFile().setExecutable(true)).isTrue();
      state(name + ".size", "104857600");
      state(name + ".used", "20971520");
    }
  }

  @AfterEach
  void switchOff() {
    hosts.close();
  }

  @Test
  void statusShowsEveryMemberInOneExecAHost() throws Exception {
    assertThat(run("status")).as("%s", said).isEqualTo(ExitCode.DONE);
    assertThat(said).isEmpty();
    assertThat(tables.getFirst().rows())
        .contains(
            List.of("a", "a", "3.6.8", "100 MB", "20 MB", "80 %", "yes", "70", "well"),
            List.of("b", "b", "3.6.8", "100 MB", "20 MB", "80 %", "no", "70", "well"));
    assertThat(hosts.commands()).hasSize(3).noneMatch(it -> it.startsWith("w: "));
  }

  @Test
  void statusOfAGhostEndsWithTheCodeOfASafetyCheck() throws Exception {
    state(
        "members",
        MEMBERS + "d, started, old, https://192.0.2.9:2380, https://192.0.2.9:2379, false\n");
    assertThat(run("status")).isEqualTo(ExitCode.UNSAFE);
    assertThat(said).singleElement().asString().startsWith("old: ").contains("member remove d");
  }

  @Test
  void statusOfAHostThatIsNotReachedSaysWhatTheOthersKnow() throws Exception {
    hosts.takeDown("c");
    assertThat(run("status")).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(tables.getFirst().rows())
        .contains(List.of("c", "c", "", "", "", "", "", "", "not asked"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"garbage", "", "\"MemberID\" : x", "\"MemberID\" : 99999999999999999999999"})
  void statusOfAMemberThatAnswersNonsenseNamesIt(String answer) throws Exception {
    state("b.says", answer);
    assertThat(run("status")).isEqualTo(ExitCode.UNSAFE);
    assertThat(said).singleElement().asString().startsWith("b: its member does not answer (");
  }

  @Test
  void oneIsDefragmentedAfterTheOtherAndTheLeaderLast() throws Exception {
    assertThat(run("defrag")).as("%s", said).isEqualTo(ExitCode.DONE);
    assertThat(turns()).containsExactly("b", "c", "a");
    assertThat(said)
        .contains(
            "b: defragmented: it had 100 MB, of which 20 MB (20 %) are in use; now it has 20 MB, of which 20 MB (100 %) are in use");
    assertThat(calls()).noneMatch(it -> it.contains("--cluster"));
    assertThat(betweenTurns()).allMatch(it -> it.contains("endpoint health"));
    assertThat(hosts.commands()).noneMatch(it -> it.startsWith("w: "));
  }

  @Test
  void aLeaderThatIsAnotherOneMeanwhileIsLast() throws Exception {
    state("b.then", "echo 12 >\"$state/leader\"");
    assertThat(run("defrag")).as("%s", said).isEqualTo(ExitCode.DONE);
    assertThat(turns()).containsExactly("b", "a", "c");
  }

  @Test
  void whatUsesAllThatItHasIsLeftAsItIs() throws Exception {
    state("b.used", "104000000");
    assertThat(run("defrag")).isEqualTo(ExitCode.DONE);
    assertThat(turns()).containsExactly("c", "a");
    assertThat(said).anyMatch(it -> it.startsWith("b: 100 MB, of which 99 MB (99 %)"));
  }

  @Test
  void aSecondTimeNobodyGainsByIt() throws Exception {
    assertThat(run("defrag")).isEqualTo(ExitCode.DONE);
    said.clear();
    assertThat(run("defrag")).isEqualTo(ExitCode.DONE);
    assertThat(turns()).hasSize(3);
    assertThat(said).filteredOn(it -> it.endsWith("it is left as it is")).hasSize(3);
  }

  @Test
  void theFirstThatFailsIsTheLastAndTheSameCommandGoesOn() throws Exception {
    state("c.fails", "");
    assertThat(run("defrag")).isEqualTo(ExitCode.FAILED);
    assertThat(turns()).containsExactly("b", "c");
    assertThat(said)
        .last()
        .asString()
        .contains(
            "c: the member of c was not defragmented",
            "Failed to defragment etcd member",
            "No further member",
            "The same command goes on.");
    Files.delete(directory.resolve("state/c.fails"));
    assertThat(run("defrag")).isEqualTo(ExitCode.DONE);
    assertThat(turns()).containsExactly("b", "c", "c", "a");
  }

  @Test
  void aMemberThatIsLostInBetweenEndsIt() throws Exception {
    state("b.then", "echo garbage >\"$state/c.says\"");
    assertThat(run("defrag")).isEqualTo(ExitCode.UNSAFE);
    assertThat(turns()).containsExactly("b");
    assertThat(said).anyMatch(it -> it.startsWith("c: its member does not answer (garbage)"));
    assertThat(said).last().asString().contains("No further member").contains("goes on");
  }

  @Test
  void aMemberThatDoesNotAnswerAGhostALearnerAndAnotherAlarmShutTheGate() throws Exception {
    refuses("c.silent", "", "c: its member does not answer");
    refuses("members", MEMBERS + "d, unstarted, , https://192.0.2.9:2380, , true\n", "192.0.2.9");
    refuses(
        "members",
        MEMBERS.replace("2.3:2379, false", "2.3:2379, false")
            + "d, started, x, https://192.0.2.9:2380, https://192.0.2.9:2379, false\n",
        "x: ");
    refuses("b.view", MEMBERS.substring(MEMBERS.indexOf('\n') + 1), "do not see the same members");
    refuses("alarms", "memberID:12 alarm:CORRUPT \n", "c: it has raised the alarm CORRUPT");
    refuses("leader", "0", "knows no leader");
    refuses("leader", "99", "none of the control planes leads");
  }

  private void refuses(String file, String text, String says) throws Exception {
    said.clear();
    var before =
        Files.exists(directory.resolve("state/" + file))
            ? Optional.of(Files.readString(directory.resolve("state/" + file)))
            : Optional.<String>empty();
    state(file, text);
    assertThat(run("defrag")).as(says).isEqualTo(ExitCode.UNSAFE);
    assertThat(said).anyMatch(it -> it.contains(says));
    assertThat(said).last().asString().startsWith("No member was defragmented");
    assertThat(turns()).isEmpty();
    if (before.isPresent()) {
      state(file, before.get());
    } else {
      Files.delete(directory.resolve("state/" + file));
    }
  }

  @Test
  void anAlarmIsTakenBackOnceThereIsRoomAgain() throws Exception {
    state("alarms", NOSPACE);
    state("b.size", "2147483648");
    assertThat(run("defrag")).as("%s", said).isEqualTo(ExitCode.DONE);
    assertThat(turns()).containsExactly("b", "c", "a");
    assertThat(calls()).last().asString().contains("alarm list");
    assertThat(calls()).filteredOn(it -> it.contains("alarm disarm")).hasSize(1);
    assertThat(said).last().asString().contains("NOSPACE is taken back");
  }

  @Test
  void anAlarmStaysWhereThereIsNoRoom() throws Exception {
    state("alarms", NOSPACE);
    state("b.size", "2147483648");
    state("b.used", "2147400000");
    assertThat(run("defrag")).isEqualTo(ExitCode.UNSAFE);
    assertThat(calls()).noneMatch(it -> it.contains("alarm disarm"));
    assertThat(said)
        .last()
        .asString()
        .contains("NOSPACE stays", "b still has 2.0 GB of the 2.0 GB");
  }

  @Test
  void anAlarmThatNobodyRaisedIsNotTakenBack() throws Exception {
    assertThat(run("defrag")).isEqualTo(ExitCode.DONE);
    assertThat(calls()).noneMatch(it -> it.contains("alarm disarm"));
  }

  @Test
  void aHostThatIsNotReachedOrLockedIsNotGoneRound() throws Exception {
    hosts.takeDown("c");
    assertThat(run("defrag")).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(said).last().asString().contains("c: it does not answer", "No member");
    assertThat(directory.resolve("state/calls")).doesNotExist();
  }

  @Test
  void aRunAndADefragAreNeverAtOnce() throws Exception {
    Files.writeString(
        directory.resolve("b/claim"),
        "%d\nann@desk\n".formatted(Instant.now().getEpochSecond() + 3600));
    assertThat(run("defrag")).isEqualTo(ExitCode.LOCKED);
    assertThat(said).containsExactly("b: it is locked by ann@desk");
    assertThat(directory.resolve("state/calls")).doesNotExist();
  }

  @Test
  void allControlPlanesAreLockedMeanwhile() throws Exception {
    state(
        "b.then",
        "for one in a b c; do flock -n \"${own%/*}/$one/lock\" true || echo $one; done >\"$state/held\"");
    assertThat(run("defrag")).isEqualTo(ExitCode.DONE);
    assertThat(directory.resolve("state/held")).hasContent("a\nb\nc");
  }

  @Test
  void aPartOfTheControlPlanesIsNotLookedAt() {
    assertThatThrownBy(() -> run("defrag", "--limit", "a"))
        .isInstanceOfSatisfying(
            Refused.class,
            it -> assertThat(it.problems().toString()).contains("--limit", "all of them"));
  }

  @Test
  void k3sDefragmentsItsMemberByItself() throws Exception {
    k3s();
    assertThatThrownBy(() -> run("defrag"))
        .isInstanceOfSatisfying(
            Refused.class,
            it -> {
              assertThat(it.code()).isEqualTo(ExitCode.REFUSED);
              assertThat(it.problems().toString()).contains("systemctl restart k3s");
            });
    assertThat(hosts.commands()).isEmpty();
  }

  @Test
  void ofK3sIsSaidWhatItsNodesSay() throws Exception {
    k3s();
    for (var name : List.of("a", "b", "c")) {
      var kubectl = directory.resolve(name).resolve("rancher/k3s/data/current/bin/kubectl");
      Files.createDirectories(kubectl.getParent());
      Files.createDirectories(directory.resolve(name).resolve("etc-rancher/k3s"));
      Files.writeString(directory.resolve(name).resolve("etc-rancher/k3s/k3s.yaml"), "x");
      Files.writeString(
          kubectl,
          """
          #!/bin/sh
          cat "${0%%/*}/../../../../../../state/nodes"
          """
              .formatted());
      assertThat(kubectl.toFile().setExecutable(true)).isTrue();
    }
    state(
        "nodes",
        "node=a\nready=True\netcd=MemberNotLearner\nnode=b\netcd=MemberNotLearner\nnode=c\nlabel=node-role.kubernetes.io%2Fetcd=true\netcd=MemberIsLearner\n");
    assertThat(run("status")).isEqualTo(ExitCode.UNSAFE);
    assertThat(tables.getFirst().rows())
        .containsExactly(
            List.of("a", "votes"), List.of("b", "votes"), List.of("c", "MemberIsLearner"));
    assertThat(said.getFirst()).startsWith("c: its member does not vote (MemberIsLearner)");
    assertThat(hosts.commands()).hasSize(3);

    said.clear();
    state("nodes", "node=a\nnode=b\nnode=c\n");
    assertThat(run("status")).isEqualTo(ExitCode.DONE);
    assertThat(said.getFirst()).contains("SQLite");
    state("nodes", "garbage");
    assertThat(run("status")).isEqualTo(ExitCode.UNSAFE);
  }

  private void k3s() throws IOException {
    Files.writeString(
        directory.resolve("home.yml"),
        INVENTORY
            .replace("distribution: kubeadm", "distribution: k3s")
            .replace("v1.36.2", "v1.36.4+k3s1")
            .replace("api.example.org", "192.0.2.1"));
  }

  private List<String> calls() throws IOException {
    var calls = directory.resolve("state/calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  private List<String> turns() throws IOException {
    return calls().stream()
        .filter(it -> it.endsWith(" defrag"))
        .map(it -> it.substring(0, 1))
        .toList();
  }

  /** All that was asked behind one defragmentation and before the next, a text each. */
  private List<String> betweenTurns() throws IOException {
    var all = String.join("\n", calls()).split(" defrag\n", -1);
    return List.of(all).subList(1, all.length);
  }

  private void state(String file, String text) throws IOException {
    Files.createDirectories(directory.resolve("state"));
    Files.writeString(directory.resolve("state").resolve(file), text);
  }

  private ExitCode run(String verb, String... more) throws Refused {
    var words = new ArrayList<>(List.of(verb, directory.resolve("home.yml").toString()));
    words.addAll(List.of(more));
    var command = new EtcdCommand();
    var _ = new CommandLine(command).parseArgs(words.toArray(String[]::new));
    tables.clear();
    return command
        .run(new Context(new Telling(), Below::new, new Interrupt(), new UnderWay(), "1.2.3"))
        .code();
  }

  /** Looks by the engine itself. */
  private final class Below implements Program {
    @Override
    public Inputs inputs() {
      return new Inputs(new Surroundings(Map.of(), Path.of("/home/someone")));
    }

    @Override
    public RunResult plan(RunRequest request) {
      try {
        return new Runner(
                transport(new HostKeys()),
                new NoDesk(),
                NoCluster.NONE,
                _ -> {},
                new Interrupt(),
                HostKeyPrompt.REFUSE)
            .plan(request.id(), request.inventory(), request.playbook(), request.options());
      } catch (TaskGraphRefused | InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public RunResult apply(RunRequest request, Optional<SavedPlan> saved) {
      throw new IllegalStateException("nothing is applied");
    }

    @Override
    public Transport transport(HostKeys hostKeys) {
      return new Interposed(hosts, new Moved(directory));
    }

    @Override
    public Optional<SnapshotCopies> snapshots(Path folder, String cluster) {
      throw new IllegalStateException("none is taken");
    }

    @Override
    public io.provision.desk.Prometheus prometheus() {
      throw new AssertionError("nobody asks for metrics");
    }

    @Override
    public io.provision.desk.PowerSwitch power(
        io.provision.model.Inventory inventory, io.provision.model.power.Power power) {
      throw new IllegalStateException("nothing is switched off or on here");
    }

    @Override
    public io.provision.desk.Webhooks webhooks() {
      throw new IllegalStateException("nobody is told anything here");
    }

    @Override
    public io.provision.desk.Timers timers() {
      throw new IllegalStateException("nothing is started by a timer here");
    }

    @Override
    public HeldSnapshot snapshot(Path archive, HeldSnapshot.Expected expected) {
      throw new IllegalStateException("none is read");
    }
  }

  /** Remembers what is said and shown. */
  private final class Telling implements Display, Operator {
    @Override
    public RunListener listener() {
      return _ -> {};
    }

    @Override
    public Operator operator() {
      return this;
    }

    @Override
    public void say(String line) {
      said.add(line);
    }

    @Override
    public void raw(String text) {}

    @Override
    public void table(String title, Table table) {
      tables.add(table);
    }

    @Override
    public void examined(List<Examined> all) {}

    @Override
    public void problems(List<Problem> problems) {}

    @Override
    public void remark(String line) {}

    @Override
    public void onlyCounts() {}

    @Override
    public int end(Optional<Report> report, int exit, int lost) {
      return exit;
    }

    @Override
    public void abandon(int exit) {}

    @Override
    public boolean present() {
      return false;
    }

    @Override
    public boolean agrees(List<String> shown, String question) {
      return false;
    }

    @Override
    public Optional<String> answer(List<String> shown, String question) {
      return Optional.empty();
    }

    @Override
    public Optional<Secret> password(String prompt) {
      return Optional.empty();
    }
  }
}

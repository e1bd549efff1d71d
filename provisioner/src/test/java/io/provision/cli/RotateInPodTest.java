package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.cli.run.OwnPod;
import io.provision.engine.event.Report;
import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterChange;
import io.provision.kube.FakeNodes;
import io.provision.kube.ObjectRef;
import io.provision.kube.RawObject;
import io.provision.model.HostName;
import io.provision.model.rotation.Fact;
import io.provision.model.rotation.Rotation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rotation that runs in a pod of its own cluster: its own node goes last, and by another pod. */
final class RotateInPodTest {
  private static final ObjectRef CRON_JOB =
      new ObjectRef("batch/v1", "CronJob", Optional.of("there"), "provision-rotate-home");
  private static final String OPEN = "rotation: { windows: ['cron 0 0 * * * for 24h UTC'] }";
  private static final String SHUT =
      "rotation: { windows: ['last Sun of the month 02:00-05:00 UTC'] }";

  @TempDir Path directory;
  private final FakeProgram program = new FakeProgram();
  private final FakeNodes nodes = new FakeNodes();

  private Session run(String windows, Optional<HostName> from, String... options) {
    program.pod =
        Optional.of(new OwnPod("there", "provision-rotate-home", new HostName("w1"), from));
    program.ownCluster = new Own(nodes);
    var container =
        Map.of("name", "rotation", "env", List.of(Map.of("name", "HOME", "value", "/home/op")));
    nodes.object(
        CRON_JOB,
        Map.of(
            "metadata",
            Map.of("uid", "u-1"),
            "spec",
            Map.of(
                "jobTemplate",
                Map.of(
                    "metadata",
                    Map.of("labels", Map.of("a", "b")),
                    "spec",
                    Map.of(
                        "backoffLimit",
                        3,
                        "template",
                        Map.of("spec", Map.of("containers", List.of(container))))))));
    var _ =
        FakeProgram.write(
            directory.resolve("w.yml"),
            """
            cluster: { name: home, distribution: k3s, version: v1.36.4+k3s1, %s }
            hosts:
              w1: { address: 192.0.2.1, roles: [control-plane] }
              w2: { address: 192.0.2.2, roles: [worker] }
            """
                .formatted(windows));
    var line = new ArrayList<>(List.of("rotate", "w.yml"));
    line.addAll(List.of(options));
    return Session.type(program, directory, line.toArray(String[]::new));
  }

  private void wantsReboot() {
    program.learnt.add(new Fact.RunsThis());
    program.learnt.add(new Fact.Wanted(List.of("linux-image")));
  }

  private List<String> created() {
    return nodes.requests().stream().filter(it -> it.startsWith("create")).toList();
  }

  @Test
  void itsOwnNodeIsHandedOverToAPodElsewhere() {
    wantsReboot();
    var typed = run(OPEN, Optional.empty());
    assertThat(typed.exit()).as(typed.err()).isZero();
    assertThat(typed.out())
        .contains("w1 is the last that wants a reboot", "handed over to job there/");
    var name = created().getFirst().substring("create Job there/".length());
    assertThat(name).startsWith("provision-rotate-home-over-");
    var job = nodes.object(new ObjectRef("batch/v1", "Job", Optional.of("there"), name));
    assertThat(job.get("metadata").toString()).contains("uid=u-1", "a=b");
    var spec = RawObject.map(job.get("spec"));
    assertThat(spec).containsEntry("backoffLimit", 3);
    assertThat(spec.get("template").toString())
        .contains("matchFields", "operator=NotIn", "values=[w1]")
        .contains("PROVISION_POD_HANDED_OVER", "/home/op");
    assertThat(Rotation.of(program.requests.getLast().inventory()).runsOn(new HostName("w1")))
        .isTrue();
  }

  @Test
  void whereItsOwnNodeWantsNoneNobodyIsAsked() {
    program.learnt.add(new Fact.RunsThis());
    program.learnt.add(new Fact.Wanted(List.of()));
    assertThat(run(OPEN, Optional.empty()).exit()).isZero();
    assertThat(created()).isEmpty();
  }

  /** The first that fails stops those behind it. */
  @Test
  void behindAFailureNobodyGoes() {
    wantsReboot();
    program.interrupted = true;
    assertThat(run(OPEN, Optional.empty()).exit()).isEqualTo(130);
    assertThat(created()).isEmpty();
  }

  @Test
  void onceIsEnough() {
    wantsReboot();
    var typed = run(OPEN, Optional.of(new HostName("w2")));
    assertThat(typed.exit()).isZero();
    assertThat(typed.out()).contains("to which w2 has handed over", "the next window");
    assertThat(created()).isEmpty();
  }

  @Test
  void aHandOverThatCannotBeBegunIsAFailure() {
    wantsReboot();
    nodes.silent("read", 1);
    var typed = run(OPEN, Optional.empty());
    assertThat(typed.exit()).isEqualTo(1);
    assertThat(typed.err()).contains("could not be handed over");
  }

  @Test
  void whereNoWindowIsOpenItEndsAtOnce() {
    var typed = run(SHUT, Optional.empty());
    assertThat(typed.exit()).isZero();
    assertThat(typed.out()).contains("no window is open before", "nothing is done");
    assertThat(program.requests).isEmpty();
  }

  /** By a look at its lock, which a run holds that is alive. */
  @Test
  void whoGivesBackLeavesARunAloneThatIsUnderWay() {
    program.stop = Optional.of(new Report.Stop.Locked("w1 is locked", "wait"));
    var typed = run(SHUT, Optional.empty(), "--resume");
    assertThat(typed.exit()).isZero();
    assertThat(typed.out()).contains("a run is under way");
    assertThat(Rotation.of(program.requests.getLast().inventory()).course().begins()).isFalse();
  }

  /** Without one, the section that says so would be nowhere, and hosts would be rebooted. */
  @Test
  void whereThereIsNoClusterToSayThatNothingBeginsItIsRefused() {
    var _ =
        FakeProgram.write(
            directory.resolve("plain.yml"), "hosts: { s1: { address: 192.0.2.1 } }\n");
    var typed = Session.type(program, directory, "rotate", "plain.yml", "--resume");
    assertThat(typed.exit()).as(typed.out()).isEqualTo(2);
    assertThat(typed.err()).contains("--resume", "has no 'cluster'");
    assertThat(program.requests).isEmpty();
  }

  /** An API of which only the requests count. */
  private record Own(FakeNodes nodes) implements ClusterApi {
    @Override
    public String server() {
      return "https://own";
    }

    @Override
    public View view() {
      throw new IllegalStateException("nobody looks");
    }

    @Override
    public Work work() {
      return nodes;
    }

    @Override
    public void change(ClusterChange change) {
      throw new IllegalStateException("nobody applies anything");
    }

    @Override
    public void close() {}
  }
}

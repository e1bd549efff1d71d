package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.provision.cli.run.RunRequest;
import io.provision.desk.DeskException;
import io.provision.desk.PowerSwitch;
import io.provision.engine.Runner;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.playbook.Play;
import io.provision.model.power.Power;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code stop} and {@code start} make of an inventory. */
final class StopStartTest {
  private static final List<String> SHIPPED = List.of("home.yml", "ha.yml");

  @TempDir Path directory;
  private final FakeProgram program = new FakeProgram();

  private Session type(String... line) {
    return Session.type(program, directory, line);
  }

  private static String shipped(String name) {
    return Path.of("..", "inventories", name).toString();
  }

  private RunRequest request() {
    assertThat(program.requests).hasSize(1);
    return program.requests.getFirst();
  }

  private static Play.OnHosts play(RunRequest request) {
    return (Play.OnHosts) request.playbook().plays().getFirst();
  }

  private static List<String> steps(RunRequest request) {
    return play(request).items().stream().map(item -> item.ref().name()).toList();
  }

  /** All at once: none is begun with before all have answered and are locked. */
  @Test
  void stopDoesAllHostsInOneBatchAndSaysHowAllComesUpAgain() {
    var typed = type("stop", "a.yml");
    assertThat(typed.exit()).isZero();
    assertThat(typed.out()).contains("Stopped. 'provision start STATE/a.yml'");
    assertThat(steps(request()))
        .containsExactly(
            "shutdown-look",
            "shutdown-claimed",
            "shutdown-emptied",
            "shutdown-down",
            "shutdown-stopped");
    assertThat(play(request()).serial()).isEqualTo(3);
    assertThat(play(request()).hosts()).hasSize(3);
    assertThat(request().options().arrival()).isEqualTo(Duration.ZERO);
  }

  @Test
  void startWaitsForHostsThatAreSwitchedOnAndADryRunDoesNot() {
    assertThat(type("start", "a.yml").exit()).isZero();
    assertThat(steps(request()))
        .containsExactly("shutdown-look", "start-storage", "start-up", "start-released");
    assertThat(request().options().arrival()).isEqualTo(Duration.ofMinutes(15));

    program.requests.clear();
    assertThat(type("start", "a.yml", "--dry-run").exit()).isZero();
    assertThat(request().options().arrival()).isEqualTo(Duration.ZERO);
  }

  /** Of each host that has it, how it is, and what it was told. */
  private static final class Noted implements PowerSwitch {
    private final State state;
    private final List<String> told = new ArrayList<>();

    private Noted(State state) {
      this.state = state;
    }

    @Override
    public State state() {
      return state;
    }

    @Override
    public void off() {
      told.add("off");
    }

    @Override
    public void on() throws DeskException {
      told.add("on");
      if (told.size() > 1) {
        throw new DeskException("it is broken", "look at it", null);
      }
    }
  }

  @Test
  void startSwitchesOnWhatIsOffAndLeavesToPeopleWhatItCannot() {
    var off = new Noted(PowerSwitch.State.OFF);
    var on = new Noted(PowerSwitch.State.ON);
    program.powers.put(new Power.Libvirt("qemu:///system", "off"), off);
    program.powers.put(new Power.Libvirt("qemu:///system", "on"), on);
    var _ =
        FakeProgram.write(
            directory.resolve("p.yml"),
            """
            cluster: { name: home, distribution: k3s, version: v1.36.4+k3s1, endpoint: 192.0.2.1 }
            hosts:
              w1:
                address: 192.0.2.1
                roles: [control-plane]
                power: { libvirt: "qemu:///system", domain: "off" }
              w2: { address: 192.0.2.2, power: { libvirt: "qemu:///system", domain: "on" } }
              w3: { address: 192.0.2.3 }
            """);
    var dry = type("start", "p.yml", "--dry-run");
    assertThat(dry.out()).as(dry.err()).contains("w1: is off, and would be switched on");
    assertThat(off.told).isEmpty();

    var typed = type("start", "p.yml");
    assertThat(typed.exit()).isZero();
    assertThat(typed.out()).contains("w1: switched on").doesNotContain("w2: switched");
    assertThat(off.told).containsExactly("on");
    assertThat(on.told).isEmpty();

    var broken = type("start", "p.yml");
    assertThat(broken.exit()).isZero();
    assertThat(broken.err()).contains("w1", "switch it on yourself", "it is broken");
  }

  /** Left off it would be missed for good: it was just told to go off. */
  @Test
  void startWaitsForWhatIsJustGoingOffAndSwitchesItOnThen() {
    var asked = new ArrayList<String>();
    var going =
        new PowerSwitch() {
          @Override
          public State state() {
            asked.add("state");
            return asked.size() < 3 ? State.BETWEEN : State.OFF;
          }

          @Override
          public void off() {
            throw new IllegalStateException("nothing is cut");
          }

          @Override
          public void on() {
            asked.add("on");
          }
        };
    program.powers.put(new Power.Libvirt("qemu:///system", "w1"), going);
    var _ =
        FakeProgram.write(
            directory.resolve("b.yml"),
            """
            cluster: { name: home, distribution: k3s, version: v1.36.4+k3s1, endpoint: 192.0.2.1 }
            hosts:
              w1:
                address: 192.0.2.1
                roles: [control-plane]
                power: { libvirt: "qemu:///system", domain: w1 }
              w2: { address: 192.0.2.2 }
            """);
    var dry = type("start", "b.yml", "--dry-run");
    assertThat(dry.out())
        .as(dry.err())
        .contains("w1: its power is neither on nor off, and would be waited for");
    var typed = type("start", "b.yml");
    assertThat(typed.exit()).as(typed.err()).isZero();
    assertThat(typed.out())
        .contains(
            "w1: its power is neither on nor off: waiting until it is one of them (300 s at most)",
            "w1: switched on");
    assertThat(asked).endsWith("on");
  }

  @Test
  void whatCannotBeWaitedForInACircleIsInNoInventoryThatIsShipped() {
    for (var name : SHIPPED) {
      for (var verb : List.of("stop", "start")) {
        program.requests.clear();
        assertThat(type(verb, shipped(name)).exit()).as("%s %s", verb, name).isZero();
        var it = request();
        assertThatCode(() -> Runner.validate(it.playbook(), it.inventory(), it.options()))
            .as("%s %s", verb, name)
            .doesNotThrowAnyException();
      }
    }
  }

  @Test
  void whatFailedIsNotStoppedAndNoHostIsSwitchedOff() {
    program.outcome = new Outcome.Failed(Failure.unsafe("a brick is down", "look"));
    var typed = type("stop", "a.yml", "--power-off");
    assertThat(typed.exit()).isEqualTo(7);
    assertThat(typed.out() + typed.err()).doesNotContain("Stopped", "switch");
  }

  @Test
  void hostsAreSwitchedOffWithThoseThatHaveBricksLastAndOneThatCannotBeKeepsNoOther() {
    var typed = type("stop", "a.yml", "--power-off");
    assertThat(typed.exit()).isEqualTo(4);
    assertThat(typed.err())
        .containsSubsequence("w2", "no route", "w3", "no route", "w1", "no route")
        .contains("The cluster is stopped; switch this host off yourself");
  }

  @Test
  void aDryRunStopsAndSwitchesOffNothing() {
    var typed = type("stop", "a.yml", "--power-off", "--dry-run");
    assertThat(typed.exit()).isZero();
    assertThat(typed.out() + typed.err()).doesNotContain("Stopped", "switch");
    assertThat(program.requests).hasSize(1);
  }

  @Test
  void aClusterGoesAsAWholeAndOnlyWhereThereIsOne() {
    for (var verb : List.of("stop", "start")) {
      var part = type(verb, "a.yml", "--limit", "w2");
      assertThat(part.exit()).isEqualTo(2);
      assertThat(part.err()).contains("--limit", "all hosts of a cluster");
      var none = type(verb, shipped("hosts-only.yml"));
      assertThat(none.exit()).isEqualTo(2);
      assertThat(none.err()).contains("neither Kubernetes nor volumes");
    }
    assertThat(program.requests).isEmpty();
  }

  @Test
  void hostsWithVolumesAloneGoTheSameWay() {
    var _ =
        FakeProgram.write(
            directory.resolve("g.yml"),
            """
            cluster:
              name: pool
              distribution: none
              storage:
                gluster:
                  volumes:
                    - { name: v, replica: 3, brick: /data/v, mount: /mnt/v }
            hosts:
              s1: { address: 192.0.2.1, roles: [storage] }
              s2: { address: 192.0.2.2, roles: [storage] }
              s3: { address: 192.0.2.3, roles: [storage] }
            """);
    for (var verb : List.of("stop", "start")) {
      program.requests.clear();
      assertThat(type(verb, "g.yml").exit()).isZero();
      var it = request();
      assertThatCode(() -> Runner.validate(it.playbook(), it.inventory(), it.options()))
          .doesNotThrowAnyException();
    }
  }
}

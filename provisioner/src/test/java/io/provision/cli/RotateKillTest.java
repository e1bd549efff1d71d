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
import io.provision.model.Host;
import io.provision.model.power.Power;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code rotate --kill} refuses before anything stops, and what it begins. */
final class RotateKillTest {
  private static final String INVENTORY =
      """
      cluster: { name: home, distribution: k3s, version: v1.36.4+k3s1, endpoint: 192.0.2.1 }
      hosts:
        w1: { address: 192.0.2.1, roles: [control-plane] }
        w2: { address: 192.0.2.2, power: { libvirt: "qemu:///system", domain: w2 } }
        w3: { address: 192.0.2.3 }
        s1: { address: 192.0.2.4, roles: [storage] }
      """;

  @TempDir Path directory;
  private final FakeProgram program = new FakeProgram();
  private final List<String> told = new ArrayList<>();

  private void power(Optional<PowerSwitch.State> state) {
    program.powers.put(
        new Power.Libvirt("qemu:///system", "w2"),
        new PowerSwitch() {
          @Override
          public State state() throws DeskException {
            return state.orElseThrow(() -> new DeskException("no route", "look", null));
          }

          @Override
          public void off() {
            told.add("off");
          }

          @Override
          public void on() {
            told.add("on");
          }
        });
  }

  private Session type(String... options) {
    var _ = FakeProgram.write(directory.resolve("k.yml"), INVENTORY);
    var line = new ArrayList<>(List.of("rotate", "k.yml"));
    line.addAll(List.of(options));
    return Session.type(program, directory, line.toArray(String[]::new));
  }

  private void refused(int exit, String why, String... options) {
    var typed = type(options);
    assertThat(typed.exit()).as(typed.err()).isEqualTo(exit);
    assertThat(typed.err()).contains(why);
    assertThat(program.requests).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void whatCannotBeGivenPowerAgainIsNotCut() {
    refused(2, "w3 has no 'power' in the inventory", "--kill", "w3", "--yes");
    refused(2, "there is no node 'w4'", "--kill", "w4", "--yes");
    refused(2, "there is no node 's1'", "--kill", "s1", "--yes");
  }

  @Test
  void aPowerThatDoesNotSayThatItIsOnIsNotCut() {
    power(Optional.empty());
    refused(7, "could not be asked, and nothing was cut: no route", "--kill", "w2", "--yes");
    power(Optional.of(PowerSwitch.State.BETWEEN));
    refused(7, "neither on nor off: nothing was cut", "--kill", "w2", "--yes");
  }

  @Test
  void nobodyWhoCouldBeAskedIsARefusalWithoutYes() {
    power(Optional.of(PowerSwitch.State.ON));
    refused(2, "In scripts add --yes", "--kill", "w2");
  }

  @Test
  void whatNothingWouldCarryOutIsRefused() {
    power(Optional.of(PowerSwitch.State.ON));
    for (var other : List.of("--dry-run", "--now", "--advise", "--install-timer")) {
      refused(2, "--kill goes with --for and --yes", "--kill", "w2", "--yes", other);
    }
    refused(2, "--kill goes with", "--for", "5m");
    refused(2, "--kill goes with", "--yes");
    refused(2, "length of time", "--kill", "w2", "--yes", "--for", "soon");
    refused(2, "the other nodes have to be there", "--kill", "w2", "--yes", "--limit", "w2");
  }

  private static List<String> plays(RunRequest request) {
    return request.playbook().plays().stream()
        .filter(Play.OnHosts.class::isInstance)
        .map(Play.OnHosts.class::cast)
        .filter(play -> List.of("self reboots", "outage").contains(play.name()))
        .map(play ->
            play.hosts().stream().map(Host::toString).toList()
                + " "
                + play.items().stream().map(it -> it.ref().name()).toList())
        .toList();
  }

  private static void canBeRun(RunRequest request) {
    assertThatCode(
            () -> Runner.validate(request.playbook(), request.inventory(), request.options()))
        .doesNotThrowAnyException();
  }

  @Test
  void oneStepIsDoneOnThatNodeAloneWhichCutsNothingItself() {
    power(Optional.of(PowerSwitch.State.ON));
    var typed = type("--kill", "w2", "--yes");
    assertThat(typed.exit()).as(typed.err()).isZero();
    assertThat(program.requests).hasSize(1);
    assertThat(plays(program.requests.getFirst()))
        .containsExactly("[w1, w2, w3] [self-reboots]", "[w2] [node-outage]");
    assertThat(program.requests.getFirst().options().only()).containsExactly("node-outage");
    assertThat(told).as("the run does, once its gates are open").isEmpty();
    canBeRun(program.requests.getFirst());
  }

  @Test
  void aGateThatIsShutIsSevenAndShowsNoTable() {
    power(Optional.of(PowerSwitch.State.ON));
    program.outcome = new Outcome.Failed(Failure.unsafe("a brick is down", "look"));
    var typed = type("--kill", "w2", "--yes");
    assertThat(typed.exit()).isEqualTo(7);
    assertThat(typed.out()).doesNotContain("workloads that had pods");
  }

  /** By a run that was killed. */
  @Test
  void whatWeHaveLeftWithoutPowerIsGivenItAndTakenBackWithoutAsking() {
    power(Optional.of(PowerSwitch.State.OFF));
    program.cordonedByUs = Optional.of(true);
    var typed = type("--kill", "w2");
    assertThat(typed.exit()).as(typed.err()).isZero();
    assertThat(told).containsExactly("on");
    assertThat(program.requests).hasSize(2);
    var look = program.requests.getFirst();
    assertThat(look.options().only()).containsExactly("cordoned-by-us");
    assertThat(look.inventory().hosts()).extracting(Host::toString).doesNotContain("w2");
    assertThat(program.requests.getLast().options().arrival()).isEqualTo(Duration.ofMinutes(15));
    program.requests.forEach(RotateKillTest::canBeRun);
  }

  @Test
  void whatSomebodyElseHasSwitchedOffStaysOff() {
    power(Optional.of(PowerSwitch.State.OFF));
    program.cordonedByUs = Optional.of(false);
    var typed = type("--kill", "w2", "--yes");
    assertThat(typed.exit()).isEqualTo(7);
    assertThat(typed.err()).contains("it is off, and not by us");
    assertThat(told).isEmpty();

    program.cordonedByUs = Optional.empty();
    var unheard = type("--kill", "w2", "--yes");
    assertThat(unheard.exit()).isEqualTo(7);
    assertThat(unheard.err()).contains("could not be asked whether by us");
    assertThat(told).isEmpty();
  }
}

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
        s1: { address: 192.0.2.4, roles: [storage], power: { libvirt: "qemu:///system", domain: s1 } }
      """;

  @TempDir Path directory;
  private String inventory = INVENTORY;
  private final FakeProgram program = new FakeProgram();
  private final List<String> told = new ArrayList<>();

  private void power(Optional<PowerSwitch.State> state) {
    var power =
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
        };
    List.of("w2", "s1")
        .forEach(it -> program.powers.put(new Power.Libvirt("qemu:///system", it), power));
  }

  private Session type(String... options) {
    var _ = FakeProgram.write(directory.resolve("k.yml"), inventory);
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
    refused(2, "there is no host 'w4'", "--kill", "w4", "--yes");
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
    refused(2, "longer than a day", "--kill", "w2", "--yes", "--for", "25h");
    refused(2, "length of time", "--kill", "w2", "--yes", "--for", "soon");
    refused(2, "the other hosts have to be there", "--kill", "w2", "--yes", "--limit", "w2");
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

  @Test
  void aHostThatIsNoNodeIsCutAsWellBehindTheGatesOfHosts() {
    power(Optional.of(PowerSwitch.State.ON));
    var typed = type("--kill", "s1", "--yes");
    assertThat(typed.exit()).as(typed.err()).isZero();
    assertThat(program.requests).hasSize(1);
    assertThat(plays(program.requests.getFirst()))
        .containsExactly("[w1, w2, w3, s1] [self-reboots]", "[s1] [host-outage]");
    assertThat(program.requests.getFirst().options().only()).containsExactly("host-outage");
    assertThat(told).isEmpty();
    canBeRun(program.requests.getFirst());
  }

  @Test
  void whereNobodyWouldBeLeftNothingIsCut() {
    power(Optional.of(PowerSwitch.State.ON));
    inventory =
        "hosts:\n"
            + "  s1: { address: 192.0.2.4, power: { libvirt: \"qemu:///system\", domain: w2 } }\n";
    refused(2, "there is one host", "--kill", "s1", "--yes");
  }

  @Test
  void whereNobodyWouldTakeItsPodsOverNothingIsCut() {
    power(Optional.of(PowerSwitch.State.ON));
    inventory =
        """
        cluster: { name: home, distribution: k3s, version: v1.36.4+k3s1 }
        hosts:
          w2: { address: 192.0.2.1, roles: [control-plane], power: { libvirt: "qemu:///system", domain: w2 } }
          s1: { address: 192.0.2.4, roles: [storage] }
        """;
    refused(2, "there is one node", "--kill", "w2", "--yes");
  }

  /** By a drill that was killed; whoever is not asked says so with --yes. */
  @Test
  void whatADrillOfOursHasLeftWithoutPowerIsGivenItOnceThatIsAgreedTo() {
    power(Optional.of(PowerSwitch.State.OFF));
    program.cutByUs = Optional.of(true);
    var asked = type("--kill", "w2");
    assertThat(asked.exit()).isEqualTo(2);
    assertThat(asked.err()).contains("In scripts add --yes");
    assertThat(told).isEmpty();
    program.requests.clear();

    var typed = type("--kill", "w2", "--yes");
    assertThat(typed.exit()).as(typed.err()).isZero();
    assertThat(told).containsExactly("on");
    assertThat(program.requests).hasSize(2);
    var look = program.requests.getFirst();
    assertThat(look.options().only()).containsExactly("power-cut-by-us");
    assertThat(look.inventory().hosts()).extracting(Host::toString).doesNotContain("w2");
    assertThat(program.requests.getLast().options().arrival()).isEqualTo(Duration.ofMinutes(15));
    program.requests.forEach(RotateKillTest::canBeRun);
  }

  @Test
  void ofAHostThatIsNoNodeTheOthersTell() {
    power(Optional.of(PowerSwitch.State.OFF));
    program.cutNoted = Optional.of("it is away for a drill that cuts its power since 10:00, by me");
    var typed = type("--kill", "s1", "--yes");
    assertThat(typed.exit()).as(typed.err()).isZero();
    assertThat(typed.out()).contains("away for a drill that cuts its power since 10:00, by me");
    assertThat(told).containsExactly("on");
    assertThat(program.requests.getFirst().options().only()).containsExactly("power-cut-noted");
    assertThat(program.requests.getFirst().inventory().hosts())
        .extracting(Host::toString)
        .doesNotContain("s1");
    assertThat(program.requests.getLast().options().only()).containsExactly("host-outage");
    program.requests.forEach(RotateKillTest::canBeRun);
    told.clear();

    program.cutNoted = Optional.of("");
    var foreign = type("--kill", "s1", "--yes");
    assertThat(foreign.exit()).isEqualTo(7);
    assertThat(foreign.err()).contains("it is off, and not by a drill of ours");
    program.cutNoted = Optional.empty();
    var unheard = type("--kill", "s1", "--yes");
    assertThat(unheard.exit()).isEqualTo(7);
    assertThat(unheard.err()).contains("no other host could be asked");
    assertThat(told).isEmpty();
  }

  @Test
  void whatSomebodyElseHasSwitchedOffStaysOff() {
    power(Optional.of(PowerSwitch.State.OFF));
    program.cutByUs = Optional.of(false);
    var typed = type("--kill", "w2", "--yes");
    assertThat(typed.exit()).isEqualTo(7);
    assertThat(typed.err()).contains("it is off, and not by a drill of ours");
    assertThat(told).isEmpty();

    program.cutByUs = Optional.empty();
    var unheard = type("--kill", "w2", "--yes");
    assertThat(unheard.exit()).isEqualTo(7);
    assertThat(unheard.err()).contains("could not be asked whether by us");
    assertThat(told).isEmpty();
  }
}

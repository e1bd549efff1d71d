package io.provision.steps.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.model.rotation.HostUpdate;
import io.provision.model.rotation.RotationChoice;
import io.provision.remote.Script;
import io.provision.resource.LocalHost;
import io.provision.resource.kernel.AskedFromHere;
import io.provision.resource.kernel.RebootWanted;
import io.provision.step.Absences;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.steps.kubernetes.Cases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is run on a host between its drain and its reboot. */
final class HostUpdatingTest {
  private static final Repair GIVEN_UP = new Repair.OnHost(OutOfUse.unmarked(OutOfUse.MARKER));

  private static final Observations NOTHING = new Observations.Builder().build();

  @TempDir Path directory;

  private static RotationChoice choice(String command, String plan) {
    return new RotationChoice(
        false, false, Optional.of(new HostUpdate.Command(command, Optional.ofNullable(plan))));
  }

  private LocalHost host(String shell) {
    return new LocalHost(directory).in(shell.split(" "));
  }

  private Observations seen(String shell, RotationChoice choice) {
    return host(shell).look(new HostUpdating(choice).probes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void aPlanIsWhatItPrintsWhateverItsExitCode(String shell) {
    for (var plan : List.of("echo one; echo; echo two; exit 3", "printf 'one\\ntwo'")) {
      var choice = choice("true", plan);
      assertThat(new HostUpdating(choice).reasons(seen(shell, choice)))
          .as(plan)
          .containsExactly("to update: one, two");
    }
    for (var plan : List.of("true", "false", "echo; echo", "grep x /dev/null", "echo no >&2")) {
      var updating = new HostUpdating(choice("true", plan));
      var seen = host(shell).look(updating.probes());
      assertThat(updating.reasons(seen)).as(plan).isEmpty();
      assertThat(updating.refusal(seen)).as(plan).isEmpty();
    }
    var many = choice("true", "yes update | head -c 3000000");
    assertThat(new HostUpdating(many).reasons(seen(shell, many)).getFirst())
        .startsWith("to update: update, update, update, and ");
  }

  /** One that says nothing because it cannot is not one of a host with nothing to do. */
  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void aPlanThatDoesNotRunRefusesTheHost(String shell) {
    for (var plan :
        List.of("no-such-program", "/", "kill -9 $$", "exit 124", "(", "echo half; exit 124")) {
      var updating = new HostUpdating(choice("true", plan));
      var seen = host(shell).look(updating.probes());
      assertThat(updating.refusal(seen))
          .as(plan)
          .containsInstanceOf(Check.Refused.class)
          .get()
          .asString()
          .contains(plan);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void aCommandIsRunByAShellOfTheHostAndTold(String shell) throws IOException {
    var update =
        choice(
            "echo \"$PROVISION_HOST $PROVISION_PHASE\" > '" + directory + "/it was'; echo done >&2",
            null);
    var target = Plain.on("s1", Plain.hosts());
    var repair = new HostUpdating(update).run(target, NOTHING, GIVEN_UP).getFirst();
    var guarded = (Repair.Guarded) repair;
    assertThat(guarded.otherwise()).containsExactly(GIVEN_UP);
    var on = (Repair.OnHost) guarded.parts().getFirst();
    assertThat(on.bringsFiles()).isTrue();
    var host = host(shell);
    assertThat(host.attempt(on.scripts().getFirst()).ok()).as(host.said()).isTrue();
    assertThat(Files.readString(directory.resolve("it was"))).isEqualTo("s1 before_reboot\n");
    assertThat(host.said()).contains("say running the command before its reboot", "done");
    var failing = choice("echo broken >&2; exit 7", null);
    var failed =
        host(shell).attempt(script(new HostUpdating(failing).run(target, NOTHING, GIVEN_UP)));
    assertThat(failed.status()).isEqualTo(7);
    assertThat(failed.output()).contains("broken");
  }

  private static Script script(List<Repair> run) {
    var guarded = (Repair.Guarded) run.getFirst();
    return ((Repair.OnHost) guarded.parts().getFirst()).scripts().getFirst();
  }

  private static Check check(RotationChoice choice, RebootWanted wanted, LocalHost host) {
    var inventory = Plain.hosts();
    var known = new Cases.Settled();
    for (var each : inventory.otherThanNodes()) {
      known = known.has(each, HostInUse.IN_USE, true);
    }
    var asked =
        new Observations.Builder()
            .put(RebootWanted.QUESTION, wanted)
            .put(AskedFromHere.QUESTION, false)
            .build();
    var step = new HostReboot(new Absences(List.of(new Plain.Guarded())), new GivenChoice(choice));
    return step.check(
        Plain.on("s1", inventory),
        host.look(new HostUpdating(choice).probes()).updated(asked),
        known);
  }

  @Test
  void itIsRunOnceTheHostIsOutOfUseAndAllIsAskedOnceMoreBehindIt() {
    var check = check(choice("update it", "echo libc"), new RebootWanted.No(), host("dash"));
    assertThat(Plain.actions(check))
        .startsWith(
            "leave to go, 30 minutes",
            "mark_out_of_use",
            "[run_update] or: mark_in_use",
            "leave to go, 10 minutes, or mark_in_use");
    assertThat(((Check.Drift) check).changes())
        .containsExactly(
            Change.of(Change.Action.RUN, "update it", "libc", "run"),
            Change.of(Change.Action.RESTART, "host", "to update: libc", "rebooted"));
    assertThat(new HostReboot(new Absences(List.of()), GivenChoice.NONE).mayDo())
        .containsAll(((Check.Drift) check).changes().stream().map(Change::action).toList());
  }

  @Test
  void aHostOnWhichItHasNothingToDoGoesWhereItsSystemWantsThat() {
    var nothing = choice("update it", "true");
    assertThat(check(nothing, new RebootWanted.No(), host("dash")))
        .isInstanceOf(Check.InSync.class);
    assertThat(check(choice("update it", null), new RebootWanted.No(), host("dash")))
        .as("nobody knows what it would do")
        .isInstanceOf(Check.InSync.class);
    var wanted = check(nothing, new RebootWanted.Yes(List.of("libc6")), host("dash"));
    assertThat(Plain.actions(wanted)).contains("[run_update] or: mark_in_use");
    assertThat(
            check(choice("it", "no-such-program"), new RebootWanted.Yes(List.of()), host("dash")))
        .isInstanceOf(Check.Refused.class);
  }

  /** What is done is what was shown: nothing where there was nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void packagesAreUpgradedWhereThereAreAny(String shell) {
    var choice = new RotationChoice(false, false, Optional.of(new HostUpdate.Packages()));
    var updating = new HostUpdating(choice);
    var target = Plain.on("s1", Plain.hosts());
    var none = "echo '0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.'";
    var nothing = host(shell).program("apt-get", none).look(updating.probes());
    assertThat(updating.reasons(nothing)).isEmpty();
    assertThat(updating.changes(nothing)).isEmpty();
    assertThat(updating.run(target, nothing, GIVEN_UP)).isEmpty();
    var one =
        "echo '1 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.'\n"
            + "echo 'Inst libc6 [2.36-9] (2.36-10 Debian:12/stable [amd64])'";
    var some = host(shell).program("apt-get", one).look(updating.probes());
    assertThat(updating.reasons(some)).containsExactly("to update: libc6 2.36-9 to 2.36-10");
    assertThat(updating.changes(some))
        .containsExactly(
            Change.of(Change.Action.UPGRADE, "packages", "libc6 2.36-9 to 2.36-10", "upgraded"));
    assertThat(updating.run(target, some, GIVEN_UP)).hasSize(1);
    var broken = host(shell).program("apt-get", "exit 100").look(updating.probes());
    assertThat(updating.refusal(broken)).containsInstanceOf(Check.Refused.class);
  }

  @Test
  void aCommandThatSaysNothingIsNone() {
    assertThatThrownBy(() -> choice(" ", null)).hasMessageContaining("empty");
    assertThatThrownBy(() -> choice("it", "")).hasMessageContaining("empty");
  }
}

package io.provision.steps.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.Outside;
import io.provision.model.Inventory;
import io.provision.model.rotation.Hook;
import io.provision.model.rotation.OwnCheck;
import io.provision.model.rotation.OwnSteps;
import io.provision.model.rotation.Reporting;
import io.provision.model.rotation.Rotation;
import io.provision.model.window.Days;
import io.provision.model.window.Length;
import io.provision.model.window.Window;
import io.provision.model.window.Windows;
import io.provision.resource.Files;
import io.provision.resource.kernel.AskedFromHere;
import io.provision.resource.kernel.RebootWanted;
import io.provision.step.Absences;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.step.Repair.HookRun;
import io.provision.steps.Walked;
import io.provision.steps.kubernetes.Cases;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a user wants asked and run around the reboot of a host without Kubernetes. */
final class OwnCourseTest {
  private static final OwnCheck SHOP =
      new OwnCheck("shop", new OwnCheck.Program(List.of("./shop.sh")), Duration.ofSeconds(10));
  private static final Hook PAUSE = hook("pause", Hook.Place.HERE);
  private static final Hook QUIET = hook("quiet", Hook.Place.HOST);
  private static final Hook RESUME = hook("resume", Hook.Place.HERE);

  private static final OwnSteps ALL =
      new OwnSteps(List.of(SHOP), List.of(PAUSE, QUIET), List.of(RESUME));

  private static final Instant NIGHT = Instant.parse("2026-12-04T02:30:00Z");
  private static final Windows EACH_NIGHT =
      new Windows(
          List.of(
              new Window(
                  "daily 02:00-05:00 UTC",
                  new Days.OfWeek(EnumSet.allOf(DayOfWeek.class)),
                  List.of(LocalTime.of(2, 0)),
                  new Length.Until(LocalTime.of(5, 0)),
                  ZoneOffset.UTC)));

  private static final String IN_USE = "mark_in_use, tell InUse";

  private static Hook hook(String name, Hook.Place place) {
    return new Hook(name, List.of("./" + name + ".sh", "x y"), place, Duration.ofMinutes(5));
  }

  private static Inventory with(OwnSteps own) {
    return Plain.hosts()
        .with(new Rotation(Optional.empty(), Optional.empty(), false, own, Reporting.NONE));
  }

  private static Repair rebooted(OwnSteps own) {
    return rebooted(with(own));
  }

  private static Repair rebooted(Inventory inventory) {
    var known = new Cases.Settled().at(NIGHT);
    for (var host : inventory.otherThanNodes()) {
      known = known.has(host, HostInUse.IN_USE, true);
    }
    var seen =
        new Observations.Builder()
            .put(RebootWanted.QUESTION, new RebootWanted.Yes(List.of("linux-image")))
            .put(AskedFromHere.QUESTION, false)
            .build();
    var step = new HostReboot(new Absences(List.of(new Plain.Guarded())), GivenChoice.NONE);
    return ((Check.Drift) step.check(Plain.on("s1", inventory), seen, known)).repair();
  }

  private static Repair takenBack(OwnSteps own) {
    var seen = new Observations.Builder().put(Files.at(OutOfUse.MARKER), Plain.THERE).build();
    var step = new HostInUse(new Absences(List.of(new Plain.Guarded())));
    var check = step.check(Plain.on("s1", with(own)), seen, Known.NOTHING);
    return ((Check.Drift) check).repair();
  }

  @Test
  void checksPassThreeTimesAndHooksStandAroundItAndEndWithTheHostInUse() {
    var back = "[, all hooks [resume], ] or: %1$s, %1$s".formatted(IN_USE);
    assertThat(Walked.of(rebooted(ALL)))
        .containsExactly(
            "leave to go",
            "checks [shop] before_drain, 30 minutes",
            "mark_out_of_use",
            "tell OutOfUse",
            "[",
            "hooks [pause, quiet there]",
            "] or: " + back,
            "leave to go",
            "[",
            "checks [shop] before_reboot, 10 minutes",
            "] or: " + back,
            "[",
            "checks [shop] before_reboot, 0 minutes",
            "] or: " + back,
            "leave to go",
            "bricks_end",
            "reboot",
            "bricks_begin",
            "all of its data",
            "[",
            "checks [shop] after_return, 30 minutes",
            "] or: " + back,
            "[",
            "all hooks [resume]",
            "] or: " + IN_USE,
            "mark_in_use",
            "tell InUse");
  }

  /** What a hook has taken away is brought back, whoever finds the host. */
  @Test
  void aHostThatAKilledRunHasLeftIsAskedAboutAndItsHooksRun() {
    assertThat(Walked.of(takenBack(ALL)))
        .containsExactly(
            "bricks_begin",
            "all of its data",
            "[",
            "checks [shop] after_return, 30 minutes",
            "] or: [, all hooks [resume], ] or: %1$s, %1$s".formatted(IN_USE),
            "[",
            "all hooks [resume]",
            "] or: " + IN_USE,
            "mark_in_use",
            "tell InUse");
  }

  @Test
  void whereThereIsNoneNothingIsAskedOrRun() {
    assertThat(Walked.of(rebooted(OwnSteps.NONE)))
        .containsExactly(
            "leave to go",
            "mark_out_of_use",
            "tell OutOfUse",
            "leave to go",
            "leave to go",
            "bricks_end",
            "reboot",
            "bricks_begin",
            "all of its data",
            "mark_in_use",
            "tell InUse");
    assertThat(rebooted(OwnSteps.NONE).leaves())
        .noneMatch(Repair.Guarded.class::isInstance)
        .noneMatch(Repair.AwaitChecks.class::isInstance);
  }

  /** Checks and data can have been waited for since it was asked first. */
  @Test
  void theWindowIsAskedAgainDirectlyBeforeAnythingEndsThere() {
    var rotation =
        new Rotation(Optional.of(EACH_NIGHT), Optional.empty(), false, ALL, Reporting.NONE);
    assertThat(Walked.of(rebooted(Plain.hosts().with(rotation))))
        .containsSubsequence(
            "checks [shop] before_reboot, 0 minutes",
            "leave to go",
            "[",
            "in a window",
            "] or: [, all hooks [resume], ] or: %1$s, %1$s".formatted(IN_USE),
            "bricks_end",
            "reboot");
  }

  @Test
  void oneWithoutTheOtherIsItsOwn() {
    var checksAlone = new OwnSteps(List.of(SHOP), List.of(), List.of());
    assertThat(Walked.of(rebooted(checksAlone)))
        .contains("] or: " + IN_USE)
        .noneMatch(it -> it.contains("hooks"))
        .endsWith("mark_in_use", "tell InUse");
    var before = new OwnSteps(List.of(), List.of(PAUSE), List.of());
    assertThat(Walked.of(rebooted(before)))
        .containsSubsequence("mark_out_of_use", "[", "hooks [pause]", "] or: " + IN_USE, "reboot")
        .noneMatch(it -> it.contains("checks"));
  }

  /** Nothing secret, and what a shell would read arrives as words. */
  @Test
  void theyFindWhoseTurnItIsAndHowFarItHasCome() {
    var hooks =
        rebooted(ALL).leaves().stream()
            .filter(Repair.Guarded.class::isInstance)
            .flatMap(it -> ((Repair.Guarded) it).parts().stream())
            .filter(Repair.RunHooks.class::isInstance)
            .flatMap(it -> ((Repair.RunHooks) it).hooks().stream())
            .toList();
    assertThat(hooks).extracting(HookRun::when).contains("before the drain", "after the return");
    assertThat(hooks.getFirst().way())
        .isEqualTo(
            new HookRun.Way.Here(
                List.of("./pause.sh", "x y"),
                new Outside.Occasion(
                    Path.of("/inv"),
                    Map.of(
                        "PROVISION_HOST", "s1",
                        "PROVISION_CLUSTER", "plain",
                        "PROVISION_PHASE", "before_drain"))));
    assertThat(hooks.get(1).way())
        .isInstanceOfSatisfying(
            HookRun.Way.There.class,
            it -> {
              assertThat(it.script().call().arguments())
                  .containsExactly("300", "s1", "plain", "before_drain", "./quiet.sh", "x y");
              assertThat(it.script().deadline()).isGreaterThan(Duration.ofMinutes(5));
            });
  }
}

package io.provision.steps.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.rotation.Rotation;
import io.provision.model.rotation.RotationChoice;
import io.provision.model.window.Windows;
import io.provision.resource.kernel.AskedFromHere;
import io.provision.resource.kernel.BootAge;
import io.provision.resource.kernel.RebootWanted;
import io.provision.step.Absences;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Provider;
import io.provision.step.Repair;
import io.provision.steps.Catalog;
import io.provision.steps.kubernetes.Cases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A host that is no node and wants a reboot: whose turn it is, and what is done in which order. */
final class HostRebootTest {
  private static final RebootWanted WANTED = new RebootWanted.Yes(List.of("linux-image"));
  private static final HostReboot STEP =
      new HostReboot(new Absences(List.of(new Plain.Guarded())), GivenChoice.NONE);

  private final Inventory inventory = Plain.hosts();

  private static Cases.Settled inUse(Inventory inventory) {
    var known = new Cases.Settled();
    for (var host : inventory.otherThanNodes()) {
      known = known.has(host, HostInUse.IN_USE, true);
    }
    return known;
  }

  private static Observations seen(RebootWanted wanted, boolean here) {
    return new Observations.Builder()
        .put(RebootWanted.QUESTION, wanted)
        .put(AskedFromHere.QUESTION, here)
        .build();
  }

  private Check check(String name, RebootWanted wanted, Cases.Settled known) {
    return STEP.check(Plain.on(name, inventory), seen(wanted, false), known);
  }

  private Host host(String name) {
    return inventory.find(new HostName(name)).orElseThrow();
  }

  @Test
  void whatHoldsDataIsAskedBeforeAndAgainOnceItIsMarkedAndBeforeItIsBackInUse() {
    var check = check("s1", WANTED, inUse(inventory));
    assertThat(Plain.actions(check))
        .containsExactly(
            "leave to go, 30 minutes",
            "mark_out_of_use",
            "leave to go, 10 minutes, or mark_in_use",
            "leave to go, 0 minutes, or mark_in_use",
            "bricks_end",
            "reboot, or bricks_begin",
            "bricks_begin",
            "all of its data, 60 minutes",
            "mark_in_use");
    var changes = ((Check.Drift) check).changes();
    assertThat(changes.toString()).contains("linux-image", "rebooted");
    assertThat(STEP.mayDo()).containsAll(changes.stream().map(Change::action).toList());
  }

  @Test
  void aHostThatHoldsNothingIsMarkedRebootedAndUnmarked() {
    var web = Plain.withoutCluster();
    var check = STEP.check(Plain.on("web1", web), seen(WANTED, false), inUse(web));
    assertThat(Plain.actions(check)).containsExactly("mark_out_of_use", "reboot", "mark_in_use");
  }

  /** Each area is asked of every host, whatever it is of. */
  @Test
  void noAreaNeedsACluster() {
    var web = Plain.withoutCluster();
    var step = Catalog.hostReboots(RotationChoice.NONE).get(HostReboot.NAME);
    var check = step.check(Plain.on("web1", web), seen(WANTED, false), inUse(web));
    assertThat(((Check.Drift) check).repair().leaves()).anyMatch(Repair.Reboot.class::isInstance);
  }

  @Test
  void oneThatBootedLongAgoIsRebootedToo() {
    var aged = inventory.with(Rotation.PLAIN.olderThan(Duration.ofDays(30)));
    var seen =
        new Observations.Builder()
            .put(RebootWanted.QUESTION, new RebootWanted.No())
            .put(BootAge.QUESTION, Optional.of(Duration.ofDays(31)))
            .put(AskedFromHere.QUESTION, false)
            .build();
    var check = STEP.check(Plain.on("s1", aged), seen, inUse(aged));
    assertThat(((Check.Drift) check).changes().toString()).contains("it booted 31 days ago");
  }

  @Test
  void whereOneRebootsItselfNoneIs() {
    var known =
        inUse(inventory)
            .has(host("s2"), SelfReboots.WHEN, new SelfReboots.When(Optional.of("at 02:00")));
    assertThat(check("s1", WANTED, known))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("reboots s2 by itself"));
  }

  @Test
  void whatWantsNoneIsLeftAlone() {
    assertThat(check("s1", new RebootWanted.No(), inUse(inventory)))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it -> assertThat(it.observed().values()).containsEntry(RebootCourse.REBOOTED, true));
  }

  @Test
  void oneComesAfterTheOtherInTheOrderOfTheInventory() {
    assertThat(before("s1", inventory)).isEmpty();
    assertThat(before("s2", inventory)).containsExactly("s1");
    assertThat(before("s3", inventory)).containsExactly("s2");
    var check = check("s2", WANTED, inUse(inventory));
    assertThat(((Check.Drift) check).changes().getFirst().subject()).isEqualTo("host, after s1");
    var had = inUse(inventory).has(host("s1"), RebootCourse.REBOOTED, true);
    assertThat(((Check.Drift) check("s2", WANTED, had)).changes().getFirst().subject())
        .isEqualTo("host");
  }

  @Test
  void nobodyGoesBehindOneThatFailed() {
    var failed = inUse(inventory).never(host("s1"), RebootCourse.REBOOTED);
    assertThat(check("s2", WANTED, failed))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).contains("its reboot", "s1 comes before it"));
  }

  /** One is away at any moment over all: nodes go first, wherever the inventory has the others. */
  @Test
  void aHostBesideAKubernetesComesBehindAllNodes() {
    var beside = Plain.beside();
    assertThat(before("s1", beside)).containsExactly("cp1", "w1");
    assertThat(before("s2", beside)).containsExactly("cp1", "w1", "s1");
    var failed = inUse(beside).never(Cases.agent(1), RebootCourse.REBOOTED);
    assertThat(STEP.check(Plain.on("s1", beside), seen(WANTED, false), failed))
        .isInstanceOf(Check.Refused.class);
  }

  private static List<String> before(String name, Inventory inventory) {
    return STEP.needs(Plain.on(name, inventory)).stream()
        .filter(need -> need.output().equals(RebootCourse.REBOOTED))
        .map(Need::of)
        .flatMap(of -> ((Provider.Hosts) of).names().stream())
        .map(HostName::value)
        .toList();
  }

  /** Also one behind it in order: a host that is away is missed whenever it was to go. */
  @Test
  void whileAnotherHostIsNotThereNobodyGoes() {
    var known = inUse(inventory).never(host("s3"), HostInUse.IN_USE);
    assertThat(check("s1", WANTED, known))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("s3 is not there"));
    assertThat(STEP.needs(Plain.on("s1", inventory)))
        .anyMatch(need ->
            need.output().equals(HostInUse.IN_USE)
                && ((Provider.Hosts) need.of()).names().contains(new HostName("s3")));
  }

  @Test
  void outsideOfAWindowItIsLeftForTheNextOne() {
    var closed = Cases.inventory(Plain.cluster(new Windows(List.of())), Plain.storage(1));
    var night = inUse(closed).at(Instant.parse("2026-12-04T17:30:00Z"));
    assertThat(STEP.check(Plain.on("s1", closed), seen(WANTED, false), night))
        .isInstanceOf(Check.Skipped.class);
    assertThat(STEP.check(Plain.on("s1", closed), seen(new RebootWanted.No(), false), night))
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void theHostThatTheCommandRunsOnIsLeftOutAndStopsNobody() {
    var target = Plain.on("s1", inventory);
    assertThat(STEP.check(target, seen(WANTED, true), inUse(inventory)))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it -> {
              assertThat(it.observed().values()).containsEntry(RebootCourse.REBOOTED, true);
              assertThat(it.observed().notes().toString()).contains("this command runs on it");
            });
  }

  @Test
  void aSystemThatDoesNotSayIsRefused() {
    assertThat(check("s1", new RebootWanted.Unknown(), inUse(inventory)))
        .isInstanceOf(Check.Refused.class);
  }
}

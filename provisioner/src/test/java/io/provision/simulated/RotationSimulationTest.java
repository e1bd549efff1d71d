package io.provision.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.simulated.Schedule.Course;
import io.provision.simulated.Schedule.Then;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A rotation of three hosts, in every phase of which everything happens that may: each fault at
 * each point, with the run that goes on, is killed and made again, or is made again by another
 * machine. P7 and P8 of the design are checked on every event by a watch that knows the trace and
 * nothing else; {@link MutantsTest} shows that it notices.
 */
final class RotationSimulationTest {
  private static final int NOWHERE = -1;

  static Course undisturbed(Site site) {
    return new Schedule(site, NOWHERE, Fault.NOTHING, Then.GOES_ON, Mutant.NONE).run();
  }

  /** The points of a turn, and those of the next one until that host is out of use. */
  static int phases(Site site) {
    var points = undisturbed(site).points();
    var next = site.isKubernetes() ? "merge Node n2" : "run mark_out_of_use on n2";
    return points.indexOf(next) + 2;
  }

  @ParameterizedTest
  @EnumSource
  void undisturbedAllAreRebootedOneAfterTheOther(Site site) {
    var course = undisturbed(site);
    assertThat(course.violations()).as(course.told()).isEmpty();
    assertThat(course.runs().values())
        .singleElement()
        .satisfies(it ->
            assertThat(it)
                .containsOnlyKeys(
                    site.inventory.hosts().stream()
                        .map(host -> host.name().value())
                        .toArray(String[]::new))
                .containsValue(Walk.DONE));
    assertThat(course.world().machines())
        .extracting(it -> it.boots)
        .startsWith(2, 2)
        .filteredOn(boots -> boots != 1)
        .hasSize(2);
  }

  /** So that no phase goes missing. */
  @Test
  void everyPhaseIsAPoint() {
    assertThat(undisturbed(Site.KUBERNETES).points())
        .containsSubsequence(
            "look at n1",
            "lock n1",
            "read Node n2",
            "run await_other_apis on n1",
            "GlusterFS to be healthy, and to stay usable without n1",
            "create Lease kube-system/provision-rotation",
            "run mark_out_of_use on n1",
            "merge Node n1",
            "read Lease kube-system/provision-rotation",
            "evict Pod shop/api-4",
            "volume attachments",
            "GlusterFS to be healthy, and to stay usable without n1",
            "run await_other_apis on n1",
            "GlusterFS to be healthy, and to stay usable without n1",
            "run pause_mounts, pause_bricks, pause_api_server on n1",
            "run claim_host, reboot_host on n1",
            "log in on n1",
            "run end_claim on n1",
            "run resume_bricks, resume_mounts, resume_api_server on n1",
            "GlusterFS to be whole again with n1, and mounted there",
            "run await_own_api on n1",
            "read Lease kube-node-lease/n1",
            "merge Node n1",
            "merge Lease kube-system/provision-rotation",
            "run mark_in_use on n1",
            "read Node n1",
            "merge Node n2");
    assertThat(undisturbed(Site.PLAIN).points())
        .containsSubsequence(
            "lock n1",
            "all other hosts to be there and in use",
            "run mark_out_of_use on n1",
            "all other hosts to be there and in use",
            "all other hosts to be there and in use",
            "run pause_mounts, pause_bricks on n1",
            "run claim_host, reboot_host on n1",
            "run mark_in_use on n1",
            "run mark_out_of_use on n2");
    assertThat(undisturbed(Site.WORKERS).points())
        .containsSubsequence(
            "read Node n2",
            "create Lease kube-system/provision-rotation",
            "read Node n2",
            "run mark_out_of_use on n1",
            "merge Node n1",
            "evict Pod shop/api-4",
            "read Node n2",
            "run claim_host, reboot_host on n1",
            "merge Node n2");
    assertThat(phases(Site.WORKERS)).isGreaterThan(80);
    assertThat(phases(Site.KUBERNETES)).isGreaterThan(80);
    assertThat(phases(Site.PLAIN)).isGreaterThan(25);
  }

  @ParameterizedTest
  @EnumSource
  void whateverHappensWhereverNothingUnsafeIsDoneAndNothingIsLeft(Site site) {
    var schedules = all(site);
    var killed = new AtomicInteger();
    var wrong =
        schedules.parallelStream()
            .flatMap(it -> {
              var course = it.run();
              if (course.runs().get("A").containsValue("killed")) {
                killed.incrementAndGet();
              }
              return course.violations().isEmpty()
                  ? Stream.of()
                  : Stream.of("%s: %s%n%s".formatted(it, course.violations(), course.told()));
            })
            .toList();
    var phases = phases(site);
    var faults = faults(site).size();
    assertThat(schedules).hasSize(phases * faults * Then.values().length);
    assertThat(killed).hasValue(phases * faults * 2);
    assertThat(wrong.size()).as(() -> wrong.getFirst()).isZero();
  }

  /** Where there is no brick and no other control plane, there is nothing of which it ends. */
  private static Set<Fault> faults(Site site) {
    return site == Site.WORKERS
        ? EnumSet.complementOf(
            EnumSet.of(
                Fault.BRICK_ELSEWHERE_ENDS, Fault.SOMETHING_TO_HEAL, Fault.ANOTHER_SERVER_ENDS))
        : EnumSet.allOf(Fault.class);
  }

  private static List<Schedule> all(Site site) {
    var all = new ArrayList<Schedule>();
    var phases = phases(site);
    for (var point = 0; point < phases; point++) {
      for (var fault : faults(site)) {
        for (var then : Then.values()) {
          all.add(new Schedule(site, point, fault, then, Mutant.NONE));
        }
      }
    }
    return all;
  }

  /** Also of two runs at once: what was found once is found again. */
  @Test
  void theSameScheduleIsTheSameTrace() {
    var schedule =
        new Schedule(
            Site.KUBERNETES,
            8,
            Fault.SECOND_RUN_ELSEWHERE,
            Then.IS_KILLED_FOR_ANOTHER,
            Mutant.NONE);
    var first = trace(schedule);
    assertThat(first)
        .anyMatch(it -> it.contains("B: CLAIMED n3"))
        .anyMatch(it -> it.contains("C: RUN_BEGAN"));
    for (var time = 0; time < 5; time++) {
      assertThat(trace(schedule)).isEqualTo(first);
    }
  }

  private static List<String> trace(Schedule schedule) {
    return schedule.run().world().trace().stream()
        .filter(it -> it.what() != Happening.What.RUN_ENDED) // its words tell the time of a Lease
        .map(Happening::toString)
        .toList();
  }
}

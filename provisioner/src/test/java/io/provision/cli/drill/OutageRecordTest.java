package io.provision.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.cli.drill.ClusterSighting.Pod;
import io.provision.cli.drill.OutageRecord.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OutageRecordTest {
  private static final String WEB = "Deployment shop/web";

  private static Pod pod(String uid, String workload, String node, boolean ready) {
    return new Pod(uid, "shop/" + uid, workload, node, ready);
  }

  private static ClusterSighting seen(boolean nodeReady, String boot, Pod... pods) {
    return new ClusterSighting(nodeReady, boot, List.of(pods), List.of());
  }

  private static void add(OutageRecord record, int second, ClusterSighting seen) {
    record.add(Duration.ofSeconds(second), Optional.of(seen));
  }

  private static Row only(OutageRecord record) {
    assertThat(record.workloads()).hasSize(1);
    return record.workloads().getFirst();
  }

  @Test
  void aWorkloadWithAReadyPodElsewhereWasNeverAway() {
    var there = pod("a", WEB, "n1", true);
    var other = pod("b", WEB, "n2", true);
    var record = new OutageRecord("n1", seen(true, "1", there, other));
    add(record, 2, seen(true, "1", there, other));
    assertThat(record.missing()).containsExactly("Deployment shop/web (1 of 2)");
    add(record, 50, seen(false, "1", pod("a", WEB, "n1", false), other));
    add(record, 360, seen(false, "1", other, pod("c", WEB, "n3", true)));
    assertThat(record.missing()).isEmpty();
    var row = only(record);
    assertThat(row.away()).isZero();
    assertThat(row.isAway()).isFalse();
    assertThat(row.ready()).isEqualTo(2);
    assertThat(row.here()).isEqualTo(1);
    assertThat(row.whole()).contains(Duration.ofSeconds(360));
    assertThat(row.nodes()).containsExactly("n2", "n3");
    assertThat(row.kept()).isZero();
    assertThat(record.notReady()).contains(Duration.ofSeconds(50));
  }

  /** The API calls it Ready for some forty seconds more. */
  @Test
  void whatTheApiStillCallsReadyOnANodeWithoutPowerIsAway() {
    var there = pod("a", WEB, "n1", true);
    var record = new OutageRecord("n1", seen(true, "1", there));
    add(record, 2, seen(true, "1", there));
    assertThat(record.missing()).containsExactly("Deployment shop/web (0 of 1)");
    add(record, 42, seen(false, "1", pod("a", WEB, "n1", false)));
    assertThat(only(record).isAway()).isTrue();
    assertThat(only(record).away()).isEqualTo(Duration.ofSeconds(42));
    add(record, 350, seen(false, "1", pod("b", WEB, "n2", true)));
    assertThat(only(record).isAway()).isFalse();
    assertThat(only(record).away()).isEqualTo(Duration.ofSeconds(350));
  }

  @Test
  void whatWaitedForItsNodeIsBackWithIt() {
    var db = "StatefulSet shop/db";
    var record = new OutageRecord("n1", seen(true, "1", pod("a", db, "n1", true)));
    add(record, 60, seen(false, "1", pod("a", db, "n1", false)));
    add(record, 300, seen(true, "2", pod("a", db, "n1", false)));
    assertThat(record.isBack()).isTrue();
    assertThat(only(record).isAway()).isTrue();
    add(record, 310, seen(true, "2", pod("a", db, "n1", true)));
    assertThat(only(record).away()).isEqualTo(Duration.ofSeconds(310));
    assertThat(only(record).nodes()).containsExactly("n1");
    assertThat(only(record).kept()).as("its logs").isEqualTo(1);
    assertThat(record.back()).contains(Duration.ofSeconds(300));
  }

  /** Of a container the boot is that of the machine under it. */
  @Test
  void aNodeThatIsReadyAgainAfterItWasNotIsBack() {
    var record = new OutageRecord("n1", seen(true, "1", pod("a", WEB, "n1", true)));
    add(record, 2, seen(true, "1"));
    assertThat(record.isBack()).isFalse();
    add(record, 50, seen(false, "1"));
    add(record, 90, seen(true, "1", pod("b", WEB, "n1", true)));
    assertThat(record.isBack()).isTrue();
    assertThat(record.missing()).isEmpty();
  }

  @Test
  void aSilentApiEndsNothing() {
    var record = new OutageRecord("n1", seen(true, "1", pod("a", WEB, "n1", true)));
    record.add(Duration.ofSeconds(10), Optional.empty());
    record.add(Duration.ofSeconds(30), Optional.empty());
    assertThat(record.silent()).isEqualTo(Duration.ofSeconds(30));
    assertThat(only(record).away()).isEqualTo(Duration.ofSeconds(30));
    assertThat(record.notReady()).isEmpty();
    add(record, 40, seen(false, "1", pod("b", WEB, "n2", true)));
    assertThat(only(record).away()).isEqualTo(Duration.ofSeconds(40));
    assertThat(record.silent()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void whatWasNotReadyBeforeCannotBeAway() {
    var record = new OutageRecord("n1", seen(true, "1", pod("a", WEB, "n1", false)));
    add(record, 60, seen(false, "1"));
    assertThat(only(record).away()).isZero();
    assertThat(only(record).isAway()).isFalse();
    assertThat(record.missing()).isEmpty();
  }

  @Test
  void whatHadNoPodThereIsNotShown() {
    var record = new OutageRecord("n1", seen(true, "1", pod("a", WEB, "n2", true)));
    assertThat(record.workloads()).isEmpty();
  }

  @Test
  void volumesAreShownUntilTheyAreDetached() {
    var before = new ClusterSighting(true, "1", List.of(), List.of("pv-1", "pv-2"));
    var record = new OutageRecord("n1", before);
    add(record, 100, before);
    add(record, 400, new ClusterSighting(false, "1", List.of(), List.of("pv-2")));
    add(record, 500, new ClusterSighting(false, "1", List.of(), List.of("pv-2")));
    assertThat(record.volumes())
        .containsExactly(
            new OutageRecord.Volume("pv-1", Optional.of(Duration.ofSeconds(400))),
            new OutageRecord.Volume("pv-2", Optional.empty()));
  }

  /** One course of random looks: each second each workload has pods here and there, or none. */
  private static List<Optional<ClusterSighting>> looks(Random random, int seconds) {
    var looks = new ArrayList<Optional<ClusterSighting>>();
    for (var second = 0; second < seconds; second++) {
      if (random.nextInt(5) == 0) {
        looks.add(Optional.empty());
        continue;
      }
      var pods = new ArrayList<Pod>();
      for (var workload : List.of("A", "B", "C")) {
        for (var i = 0; i < random.nextInt(4); i++) {
          pods.add(
              pod(workload + i, workload, "n" + (1 + random.nextInt(3)), random.nextBoolean()));
        }
      }
      var boot = second < seconds / 2 ? "1" : "2";
      looks.add(Optional.of(new ClusterSighting(random.nextBoolean(), boot, pods, List.of())));
    }
    return looks;
  }

  /**
   * Against a plain count: a second counts as away where the last look that was answered had none
   * Ready.
   */
  @Property(tries = 500)
  void awayIsTheSumOfTheSecondsWithoutAReadyPod(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 60) int seconds) {
    var before =
        seen(
            true,
            "1",
            pod("a", "A", "n1", true),
            pod("b", "B", "n1", true),
            pod("o", "B", "n2", true));
    var looks = looks(random, seconds);
    var record = new OutageRecord("n1", before);
    var counts = new int[2];
    var away = new boolean[] {true, false};
    var wasNotReady = false;
    for (var second = 1; second <= seconds; second++) {
      for (var i = 0; i < 2; i++) {
        counts[i] += away[i] ? 1 : 0;
      }
      var look = looks.get(second - 1);
      record.add(Duration.ofSeconds(second), look);
      if (look.isPresent()) {
        wasNotReady |= !look.get().nodeReady();
        var back = look.get().nodeReady() && (look.get().boot().equals("2") || wasNotReady);
        for (var i = 0; i < 2; i++) {
          var name = List.of("A", "B").get(i);
          away[i] =
              look.get().pods().stream()
                  .noneMatch(it ->
                      it.workload().equals(name)
                          && it.ready()
                          && (back || !it.node().equals("n1")));
        }
      }
    }
    assertThat(record.workloads()).extracting(Row::workload).containsExactly("A", "B");
    for (var i = 0; i < 2; i++) {
      assertThat(record.workloads().get(i).away()).isEqualTo(Duration.ofSeconds(counts[i]));
      assertThat(record.workloads().get(i).isAway()).isEqualTo(away[i]);
    }
  }

  /** In which order the API lists pods tells nothing. */
  @Property(tries = 100)
  void theOrderOfPodsTellsNothing(@ForAll Random random, @ForAll long order) {
    var before = seen(true, "1", pod("a", "A", "n1", true), pod("b", "B", "n1", true));
    var one = new OutageRecord("n1", before);
    var other = new OutageRecord("n1", before);
    var looks = looks(random, 20);
    for (var second = 0; second < looks.size(); second++) {
      var at = Duration.ofSeconds(second + 1L);
      one.add(at, looks.get(second));
      other.add(at, looks.get(second).map(it -> shuffled(it, new Random(order))));
    }
    assertThat(other.workloads()).isEqualTo(one.workloads());
  }

  private static ClusterSighting shuffled(ClusterSighting seen, Random random) {
    var pods = new ArrayList<>(seen.pods());
    Collections.shuffle(pods, random);
    return new ClusterSighting(seen.nodeReady(), seen.boot(), pods, seen.attached());
  }
}

package io.provision.steps.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.resource.kernel.RebootWanted;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.steps.kubernetes.Cases;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a run is told that comes while another one has a host away. */
final class HostsPresentTest {
  private static final RebootWanted WANTED = new RebootWanted.Yes(List.of());
  private static final HostsPresent STEP = new HostsPresent();
  private static final String RUN = "root@ops1, process 7, run r1, since 2026-12-01T02:00:00Z";
  private static final Map<HostName, AwayNotes.Away> NOTES =
      Map.of(
          new HostName("s2"),
          new AwayNotes.Away(Instant.parse("2026-12-01T02:07:00Z"), RUN, false));

  private final Inventory inventory = Plain.hosts();

  private Check check(
      String name, RebootWanted wanted, Map<HostName, AwayNotes.Away> notes, Set<String> gone) {
    var known = new Cases.Settled();
    for (var host : inventory.hosts()) {
      known =
          gone.contains(host.name().value())
              ? known.never(host, HostInUse.IN_USE)
              : known.has(host, HostInUse.IN_USE, true);
    }
    var seen =
        new Observations.Builder()
            .put(RebootWanted.QUESTION, wanted)
            .put(AwayNotes.QUESTION, notes)
            .build();
    return STEP.check(Plain.on(name, inventory), seen, known);
  }

  @Test
  void whoWantsARebootIsToldWhoIsAwaySinceWhenAndByWhom() {
    for (var name : List.of("s1", "s3")) {
      assertThat(check(name, WANTED, NOTES, Set.of("s2")))
          .isInstanceOfSatisfying(
              Check.Refused.class,
              it -> {
                assertThat(it.what())
                    .isEqualTo(
                        "s2 is not there: it is away for its reboot since 2026-12-01T02:07:00Z, by "
                            + RUN);
                assertThat(it.remedy()).contains("wait for that run", "run the same command again");
              });
    }
  }

  /** Where nobody wants a reboot it is said once: by the first that is there. */
  @Test
  void oneSaysItWhereNobodyWantsAReboot() {
    var none = new RebootWanted.No();
    assertThat(check("s1", none, NOTES, Set.of("s2"))).isInstanceOf(Check.Refused.class);
    assertThat(check("s3", none, NOTES, Set.of("s2"))).isInstanceOf(Check.InSync.class);
    assertThat(check("s3", none, NOTES, Set.of("s1", "s2"))).isInstanceOf(Check.Refused.class);
  }

  /** It says itself that it is there: whoever noted that it is away was not reached since. */
  @Test
  void aNoteThatWasLeftBehindMeansNothing() {
    assertThat(check("s1", WANTED, NOTES, Set.of())).isInstanceOf(Check.InSync.class);
    assertThat(check("s1", WANTED, NOTES, Set.of("s3"))).isInstanceOf(Check.InSync.class);
  }

  @Test
  void whoIsAwayForAnotherReasonIsNoQuestionOfARun() {
    assertThat(check("s1", WANTED, Map.of(), Set.of("s2"))).isInstanceOf(Check.InSync.class);
  }
}

package io.provision.steps.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.steps.kubernetes.Cases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who asks whom whether it is there, and who is told that a host goes. */
final class OthersPresentTest {
  private static final Duration PATIENCE = Duration.ofMinutes(7);
  private static final OthersPresent STEP = new OthersPresent();
  private static final Instant SINCE = Instant.parse("2026-12-01T02:07:00Z");

  private static List<Repair.AwaitHosts> gates(String name, Inventory inventory) {
    return STEP.beforeItGoes(Plain.on(name, inventory), PATIENCE);
  }

  private static List<String> asked(String name, Inventory inventory) {
    return gates(name, inventory).stream()
        .flatMap(it -> it.asked().keySet().stream())
        .map(it -> it.name().value())
        .toList();
  }

  private static Observations says(FileState marker, Map<HostName, AwayNotes.Away> notes) {
    return new Observations.Builder()
        .put(Files.at(OutOfUse.MARKER), marker)
        .put(AwayNotes.QUESTION, notes)
        .build();
  }

  @Test
  void aHostAsksAllOthers() {
    assertThat(asked("s2", Plain.hosts())).containsExactly("s1", "s3");
    assertThat(asked("web1", Plain.withoutCluster())).containsExactly("web2");
    assertThat(gates("s2", Plain.hosts()).getFirst().deadline()).isEqualTo(PATIENCE);
  }

  /** What nodes are to one another their cluster tells. */
  @Test
  void aHostBesideAKubernetesAsksNodesAndANodeAsksSuchHosts() {
    assertThat(asked("s1", Plain.beside())).containsExactly("w1", "cp1", "s2");
    assertThat(asked("cp1", Plain.beside())).containsExactly("s1", "s2");
    var nodes = Cases.inventory(Cases.server(1), Cases.agent(1));
    assertThat(gates("w1", nodes)).isEmpty();
    assertThat(STEP.asItGoes(Plain.on("w1", nodes))).isEmpty();
    assertThat(STEP.onceItStays(Plain.on("w1", nodes))).isEmpty();
  }

  @Test
  void theOnlyHostAsksNobody() {
    var alone = Cases.inventory(Plain.cluster(), Plain.storage(1));
    assertThat(gates("s1", alone)).isEmpty();
  }

  @Test
  void whereAllAreThereAndInUseItMayGo() {
    var gate = gates("s2", Plain.hosts()).getFirst().condition();
    var well = says(FileState.ABSENT, Map.of());
    assertThat(gate.missing(Map.of(new HostName("s1"), well, new HostName("s3"), well), Map.of()))
        .isEmpty();
  }

  @Test
  void oneThatIsOutOfUseByAnyRunKeepsItHere() {
    var gate = gates("s2", Plain.hosts()).getFirst().condition();
    var marked = says(Plain.THERE, Map.of());
    assertThat(gate.missing(Map.of(new HostName("s3"), marked), Map.of()))
        .containsExactly("s3 is out of use for its reboot");
  }

  @Test
  void oneThatIsNotReachedKeepsItHereWithWhatOthersKnowOfIt() {
    var gate = gates("s2", Plain.hosts()).getFirst().condition();
    var s3 = new HostName("s3");
    var knows = says(FileState.ABSENT, Map.of(s3, new AwayNotes.Away(SINCE, "a run", false)));
    assertThat(gate.missing(Map.of(new HostName("s1"), knows), Map.of(s3, "no route")))
        .containsExactly(
            "s3 was not reached: it is away for its reboot since 2026-12-01T02:07:00Z, by a run");
    assertThat(
            gate.missing(
                Map.of(new HostName("s1"), says(FileState.ABSENT, Map.of())),
                Map.of(s3, "no route")))
        .containsExactly("s3 was not reached (no route)");
  }

  @Test
  void theOthersAreToldAsItGoesAndOnceItStays() {
    var target = Plain.on("s2", Plain.hosts());
    assertThat(STEP.asItGoes(target).stream().flatMap(Plain::actions))
        .containsExactly("note_away /var/lib/provision/away/s2 on [s1, s3]");
    assertThat(STEP.onceItStays(target).stream().flatMap(Plain::actions))
        .containsExactly("end_away /var/lib/provision/away/s2 on [s1, s3]");
    assertThat(STEP.onceItIsBack(target, PATIENCE)).isEmpty();
    var node = Plain.on("w1", Plain.beside());
    assertThat(STEP.asItGoes(node).stream().flatMap(Plain::actions))
        .as("hosts beside the nodes ask it too")
        .containsExactly("note_away /var/lib/provision/away/w1 on [s1, cp1, s2]");
  }

  @Test
  void notesAreReadLineByLineAndNonsenseIsNone() {
    var read =
        Cases.read(
            AwayNotes.QUESTION,
            """
            s2 1764554820 rebooted root@ops1, process 7, run r1
            s3
            S4 1764554820 rebooted root
            s5 yesterday cut root
            s6 99999999999999999999 cut root
            s7 1764554821 cut root@ops1, process 8
            """);
    assertThat(read)
        .containsExactly(
            Map.entry(
                new HostName("s2"),
                new AwayNotes.Away(
                    Instant.ofEpochSecond(1764554820), "root@ops1, process 7, run r1", false)),
            Map.entry(
                new HostName("s7"),
                new AwayNotes.Away(
                    Instant.ofEpochSecond(1764554821), "root@ops1, process 8", true)));
  }
}

package io.provision.steps.gluster.absence;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.remote.Frame;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.gluster.Declared;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What of GlusterFS ends, and begins, on which host where all of them go down. */
final class GlusterOutageTest {
  private static final String VOLUME =
      "{ name: shared, replica: 3, brick: /data/gluster/shared, mount: /mnt/shared }";
  private static final Inventory POOL = Declared.withClient(3, VOLUME);
  private static final GlusterOutage OUTAGE = new GlusterOutage();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static Target.OnHost on(String name) {
    return on(name, POOL);
  }

  private static Target.OnHost on(String name, Inventory inventory) {
    return new Target.OnHost(inventory.find(new HostName(name)).orElseThrow(), inventory);
  }

  private static List<String> functions(List<Repair> repairs) {
    return repairs.stream()
        .filter(Repair.OnHost.class::isInstance)
        .flatMap(it -> ((Repair.OnHost) it).scripts().stream())
        .map(it -> it.call().function().name())
        .toList();
  }

  @Test
  void clientsLetGoAndServersEndTheirBricksBeforeTheirDaemons() {
    for (var name : List.of("n1", "c1")) {
      assertThat(functions(OUTAGE.letGo(on(name)))).containsExactly("pause_mounts");
    }
    assertThat(functions(OUTAGE.ended(on("n1")))).containsExactly("pause_bricks", "stop_gluster");
    assertThat(OUTAGE.ended(on("c1"))).isEmpty();
    assertThat(OUTAGE.units(on("n1"))).containsExactly("glusterd.service");
    assertThat(OUTAGE.units(on("c1"))).isEmpty();
  }

  @Test
  void serversBeginAndClientsWaitForTheirMounts() {
    assertThat(functions(OUTAGE.begun(on("n1"))))
        .containsExactly("bring_glusterd", "resume_bricks");
    assertThat(OUTAGE.begun(on("c1"))).isEmpty();
    for (var name : List.of("n1", "c1")) {
      var used = OUTAGE.used(on(name), PATIENCE);
      assertThat(functions(used)).containsExactly("resume_mounts");
      var gate = (Repair.AwaitHosts) used.getLast();
      assertThat(gate.deadline()).isEqualTo(PATIENCE);
      assertThat(gate.asked().keySet()).extracting(it -> it.name().value()).containsExactly(name);
      assertThat(missing(gate, name, "type=fuse.glusterfs\nsentinel=x\nanswer=ok\n")).isEmpty();
      assertThat(missing(gate, name, "type=autofs\n"))
          .singleElement()
          .asString()
          .startsWith("/mnt/shared on " + name);
      assertThat(gate.condition().missing(Map.of(), Map.of(new HostName(name), "the cable is cut")))
          .singleElement()
          .asString()
          .contains("the cable is cut");
    }
  }

  private static List<String> missing(Repair.AwaitHosts gate, String name, String mount) {
    var seen = new Observations.Builder();
    gate.asked().values().stream()
        .flatMap((Probes it) -> it.questions().stream())
        .forEach(question -> answer(seen, question, mount));
    return gate.condition().missing(Map.of(new HostName(name), seen.build()), Map.of());
  }

  private static <A> void answer(Observations.Builder seen, Question<A> question, String output) {
    seen.put(question, question.kind().read(List.of(question), new Frame(0, output)).getFirst());
  }

  /** Whether it may go as a whole: no host is asked to be spared. */
  @Test
  void allServersAreAskedAndAllOfThemHaveToAnswer() {
    assertThat(OUTAGE.asked(POOL).keySet())
        .extracting(it -> it.name().value())
        .containsExactly("n1", "n2", "n3");
    assertThat(OUTAGE.missing(POOL, Map.of(), Map.of(new HostName("n2"), "the cable is cut")))
        .anyMatch(it -> it.contains("n2 was not reached (the cable is cut)"));
  }

  @Test
  void withoutVolumesThereIsNothingToDo() {
    var none = Declared.roleless(2);
    assertThat(OUTAGE.asked(none)).isEmpty();
    assertThat(OUTAGE.missing(none, Map.of(), Map.of())).isEmpty();
    for (var it : List.of(OUTAGE.letGo(on("n1", none)), OUTAGE.ended(on("n1", none)))) {
      assertThat(it).isEmpty();
    }
    assertThat(OUTAGE.used(on("n1", none), PATIENCE)).isEmpty();
  }
}

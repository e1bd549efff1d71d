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
import io.provision.steps.gluster.Recorded;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When a host of GlusterFS may go, what is ended then, and when it is back. */
final class GlusterAbsenceTest {
  private static final String VOLUME =
      "{ name: shared, replica: 3, brick: /data/gluster/shared, mount: /mnt/shared }";
  private static final Inventory POOL = Declared.withClient(3, VOLUME);
  private static final Duration PATIENCE = Duration.ofMinutes(7);
  private static final GlusterAbsence STEP = new GlusterAbsence();
  private static final List<String> UUIDS =
      List.of(
          "bc8e15e7-b17f-4725-9317-4213117ec61e",
          "3033df1a-858c-4f59-80d6-b57ae9f0869f",
          "7c27c772-8419-42a7-b3d4-2b1bdb4ea898");

  private String info = Recorded.answer("info-started.xml");
  private String heal = Recorded.answer("heal.xml");
  private String status = Recorded.answer("status.xml");
  private int looks = 3;
  private String mount = "type=fuse.glusterfs\nsentinel=x\nanswer=ok\n";
  private Set<String> away = Set.of();

  @Test
  void allHostsOfThePoolAreAskedAndTheHostForItsMountsToo() {
    for (var gate : gates("n2")) {
      assertThat(gate.deadline()).isEqualTo(PATIENCE);
      assertThat(gate.asked().keySet())
          .extracting(it -> it.name().value())
          .containsExactly("n1", "n2", "n3");
      assertThat(functions(gate, "n2")).contains("ask_gluster_health", "look_gluster_mount");
      assertThat(functions(gate, "n1"))
          .contains("ask_gluster_health")
          .doesNotContain("look_gluster_mount");
      assertThat(gate.what() + gate.remedy()).contains("n2");
    }
  }

  @Test
  void whereAllIsWholeItMayGoAndIsBack() {
    for (var gate : gates("n2")) {
      assertThat(missing(gate)).isEmpty();
    }
  }

  @Test
  void whatWaitsToBeHealedKeepsItHereAndKeepsItOut() {
    heal = heal.replaceFirst("<totalNumberOfEntries>0<", "<totalNumberOfEntries>4<");
    for (var gate : gates("n2")) {
      assertThat(missing(gate))
          .containsExactly("4 entries of n1:/data/gluster/shared wait to be healed");
    }
  }

  @Test
  void aBrickThatIsDownKeepsItHereAndKeepsItOut() {
    status = Recorded.answer("status-brick-dead.xml");
    for (var gate : gates("n2")) {
      assertThat(missing(gate)).anyMatch(it -> it.contains("brick n2:/data/gluster/shared"));
    }
  }

  @Test
  void twoLooksAreNotEnough() {
    looks = 2;
    for (var gate : gates("n2")) {
      assertThat(missing(gate)).anyMatch(it -> it.contains("looked 2 times"));
    }
  }

  @Test
  void anotherHostThatIsAwayKeepsItHere() {
    away = Set.of("n3");
    assertThat(missing(gates("n2").getFirst())).contains("n3 was not reached (the cable is cut)");
  }

  /** All of it is whole while it is there: whether it is without it is asked before it goes. */
  @Test
  void whatWouldNotBeUsableWithoutItKeepsItHereAndNotOut() {
    info =
        info.replace("<replicaCount>3<", "<replicaCount>1<")
            .replace("<typeStr>Replicate<", "<typeStr>Distribute<");
    assertThat(missing(gates("n2").getFirst()))
        .containsExactly("volume shared has no copies: without n2 a part of its files is away");
    assertThat(missing(gates("n2").getLast())).isEmpty();
  }

  @Test
  void aMountThatIsNotThereKeepsItHereAndKeepsItOut() {
    for (var state :
        List.of(
            "", "type=autofs\n", "type=fuse.glusterfs\nanswer=dead\n", "type=ext4\nanswer=ok\n")) {
      mount = state;
      for (var name : List.of("n2", "c1")) {
        for (var gate : gates(name)) {
          assertThat(missing(gate))
              .as("%s on %s", state, name)
              .singleElement()
              .satisfies(it -> assertThat(it).startsWith("/mnt/shared on " + name));
        }
      }
    }
  }

  @Test
  void aClientIsAskedForItsMountsAloneAndNothingIsEndedThere() {
    for (var gate : gates("c1")) {
      assertThat(gate.asked().keySet()).extracting(it -> it.name().value()).containsExactly("c1");
      assertThat(functions(gate, "c1")).containsExactly("look_gluster_mount");
      assertThat(missing(gate)).isEmpty();
      away = Set.of("c1");
      assertThat(missing(gate)).containsExactly("c1 was not reached (the cable is cut)");
      away = Set.of();
    }
    assertThat(STEP.asItGoes(on(POOL, "c1"))).isEmpty();
    assertThat(STEP.onceItStays(on(POOL, "c1"))).isEmpty();
  }

  @Test
  void mountsAreEndedBeforeBricksAndBricksAreBegunBeforeMounts() {
    assertThat(scripts(STEP.asItGoes(on(POOL, "n1"))))
        .containsExactly("pause_mounts", "pause_bricks");
    assertThat(scripts(STEP.onceItStays(on(POOL, "n1"))))
        .containsExactly("resume_bricks", "resume_mounts");
  }

  @Test
  void whereNoVolumeIsDeclaredNobodyIsAsked() {
    var plain = Declared.roleless(1);
    assertThat(STEP.beforeItGoes(on(plain, "n1"), PATIENCE)).isEmpty();
    assertThat(STEP.asItGoes(on(plain, "n1"))).isEmpty();
    assertThat(STEP.onceItStays(on(plain, "n1"))).isEmpty();
    assertThat(STEP.onceItIsBack(on(plain, "n1"), PATIENCE)).isEmpty();
  }

  /** Before it goes, and once it is back. */
  private static List<Repair.AwaitHosts> gates(String name) {
    return Stream.concat(
            STEP.beforeItGoes(on(POOL, name), PATIENCE).stream(),
            STEP.onceItIsBack(on(POOL, name), PATIENCE).stream())
        .toList();
  }

  private List<String> missing(Repair.AwaitHosts gate) {
    var never = new HashMap<HostName, String>();
    away.forEach(name -> never.put(new HostName(name), "the cable is cut"));
    return gate.condition().missing(seen(gate), never);
  }

  private Map<HostName, Observations> seen(Repair.AwaitHosts gate) {
    var seen = new HashMap<HostName, Observations>();
    gate.asked()
        .forEach((host, probes) -> {
          if (!away.contains(host.name().value())) {
            var number = POOL.hosts().indexOf(host);
            seen.put(host.name(), answers(probes, number < 3 ? UUIDS.get(number) : ""));
          }
        });
    return seen;
  }

  private Observations answers(Probes probes, String uuid) {
    var answers = new Observations.Builder();
    probes.questions().forEach(question -> answer(question, uuid, answers));
    return answers.build();
  }

  private <A> void answer(Question<A> question, String uuid, Observations.Builder into) {
    var text =
        switch (question.kind().function().name()) {
          case "ask_gluster_health" -> looks();
          case "look_gluster_mount" -> mount;
          case "look_brick_space" -> "1048576 4194304";
          default -> uuid;
        };
    into.put(question, question.kind().read(List.of(question), new Frame(0, text)).getFirst());
  }

  private String looks() {
    return "@sample\n@pool\n%s\n@volumes\n%s\n@whole\n@status shared\n%s\n@heal shared\n%s\n"
        .formatted(Recorded.answer("pool-3.xml"), info, status, heal)
        .repeat(looks);
  }

  private static List<String> functions(Repair.AwaitHosts gate, String name) {
    return gate.asked().entrySet().stream()
        .filter(it -> it.getKey().name().value().equals(name))
        .flatMap(it -> it.getValue().questions().stream())
        .map(it -> it.kind().function().name())
        .toList();
  }

  private static List<String> scripts(List<Repair> repairs) {
    return repairs.stream()
        .flatMap(it -> ((Repair.OnHost) it).scripts().stream())
        .map(it -> it.call().function().name())
        .toList();
  }

  private static Target.OnHost on(Inventory inventory, String name) {
    return new Target.OnHost(inventory.find(new HostName(name)).orElseThrow(), inventory);
  }
}

package io.provision.steps.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.MachineIdentity;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Question;
import io.provision.step.Target;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examination;
import io.provision.step.doctor.Examined;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.os.HostFacts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of answers, whatever they are. */
final class ExaminationsTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  private final Host cp1 = Cases.server(1);
  private final Host w1 = Cases.agent(1);
  private final Inventory inventory = Cases.inventory(cp1, w1);
  private final Target.OnHost target = Cases.on(cp1, inventory);

  private List<Diagnosis> of(Examination examination, String answer) {
    var seen = new Observations.Builder();
    examination.probes(target).questions().forEach(question -> put(seen, question, answer));
    var check = examination.check(target, seen.build(), Known.NOTHING);
    assertThat(check).as("it refuses nothing").isInstanceOf(Check.InSync.class);
    return examination.diagnoses(target, seen.build(), Known.NOTHING);
  }

  private static <A> void put(Observations.Builder seen, Question<A> question, String answer) {
    seen.put(question, Cases.read(question, answer));
  }

  private static void nothing(List<Diagnosis> found) {
    assertThat(found).isEmpty();
  }

  private static void one(List<Diagnosis> found, Diagnosis.Severity severity, String... texts) {
    assertThat(found)
        .singleElement()
        .satisfies(it -> {
          assertThat(it.severity()).isEqualTo(severity);
          assertThat(it.evidence()).contains(texts);
          assertThat(it.remedy()).isNotEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\0\0", "millis=", "=", "path=", "setting=x", "a b c\nd", "none"})
  void nonsenseIsNoIllness(String answer) {
    for (var examination : new HostsDoctor(List.of()).examinations()) {
      if (!(examination instanceof NameExamination)) {
        nothing(of(examination, answer));
      }
    }
  }

  @Test
  void namesThatNoNodeCanHaveAreTold() {
    nothing(of(new NameExamination(), "node-1"));
    nothing(of(new NameExamination(), "node-1.lan"));
    for (var name : List.of("Box_1", "localhost", "localhost.localdomain", "UPPER", "")) {
      one(of(new NameExamination(), name), Diagnosis.Severity.NOTE, "calls itself '" + name + "'");
    }
  }

  @Test
  void nameServersThatDoNotAnswerAreTold() {
    nothing(of(new ResolverExamination(), "127.0.0.53=answers"));
    one(
        of(new ResolverExamination(), "10.0.0.9=silent\n127.0.0.53=answers"),
        Diagnosis.Severity.WARNING,
        "10.0.0.9 (silent)");
    one(of(new ResolverExamination(), "none="), Diagnosis.Severity.WARNING, "has no name server");
  }

  @Test
  void proxiesThatAreNotThereAreTold() {
    var proxies = new ProxyExamination();
    nothing(
        of(proxies, "setting=/etc/apt/apt.conf apt_proxy http://p:1\nserver=http://p:1 reached"));
    one(
        of(proxies, "setting=/etc/apt/apt.conf apt_proxy http://p:1\nserver=http://p:1 silent"),
        Diagnosis.Severity.ERROR,
        "the proxy http://p:1 by /etc/apt/apt.conf",
        "silent");
    var environment = "setting=/etc/environment HTTP_PROXY http://p:1\nserver=http://p:1 reached\n";
    one(of(proxies, environment), Diagnosis.Severity.WARNING, "would go to 10.0.0.101 as well");
    for (var exceptions : List.of("10.0.0.101", "a.lan,10.0.0.0/24", "*")) {
      nothing(of(proxies, environment + "setting=/etc/environment no_proxy " + exceptions));
    }
    for (var exceptions : List.of("10.0.0.1", "10.0.1.0/24", "10.0.0.0/x", ".lan")) {
      one(
          of(proxies, environment + "setting=/etc/environment no_proxy " + exceptions),
          Diagnosis.Severity.WARNING,
          "10.0.0.101");
    }
  }

  @Test
  void whatIsLeftIsTold() {
    assertThat(of(new LeftoverExamination(), "path=/var/lib/etcd/member\ndevice=cni0"))
        .extracting(Diagnosis::severity)
        .containsExactly(Diagnosis.Severity.WARNING, Diagnosis.Severity.WARNING);
    one(
        of(new LeftoverExamination(), "path=/a\n".repeat(9)),
        Diagnosis.Severity.WARNING,
        "and 3 more");
  }

  @Test
  void aDpkgThatWasInterruptedIsTold() {
    one(of(new DpkgExamination(), "interrupted\n=curl"), Diagnosis.Severity.WARNING, "curl");
  }

  private static Observed machine(String boot, String machineId, String called) {
    return Observed.of(
            MachineIdentity.OUTPUT,
            new MachineIdentity(
                Optional.of(new MachineIdentity.Running(boot, "pid:[" + boot + "]")),
                Optional.of(machineId),
                Optional.empty(),
                List.of()))
        .and(NameExamination.CALLED, called);
  }

  private List<Examined> compared(Map<HostName, Observed> seen, Instant now) {
    return new HostsDoctor(List.of()).compared(inventory, seen, now);
  }

  private static List<Diagnosis> found(List<Examined> all, String of, String examination) {
    return all.stream()
        .filter(it -> it.of().equals(of) && it.examination().equals(examination))
        .flatMap(it -> it.found().stream())
        .toList();
  }

  @Test
  void clonesAreToldOnceAndMachinesByTwoNamesByThePlan() {
    var seen = Map.of(cp1.name(), machine("a", "1", "x"), w1.name(), machine("b", "1", "y"));
    one(found(compared(seen, NOW), "w1", "clones"), Diagnosis.Severity.ERROR, "machine-id as cp1");
    nothing(found(compared(seen, NOW), "cp1", "clones"));
    var same = Map.of(cp1.name(), machine("a", "1", "x"), w1.name(), machine("a", "1", "y"));
    nothing(found(compared(same, NOW), "w1", "clones"));
    var named = Map.of(cp1.name(), machine("a", "1", "x"), w1.name(), machine("b", "2", "x"));
    one(found(compared(named, NOW), "w1", "clones"), Diagnosis.Severity.NOTE, "'x', as cp1 does");
    nothing(
        found(
            compared(Map.of(cp1.name(), Observed.NOTHING, w1.name(), Observed.NOTHING), NOW),
            "w1",
            "clones"));
  }

  @Test
  void whatEndsIsToldBeforeAndAfter() {
    var debian = new HostFacts.System("debian", "12", "bookworm", "Debian 12");
    var seen = Map.of(cp1.name(), Observed.of(HostFacts.SYSTEM, debian));
    nothing(found(compared(seen, NOW), "cp1", "end of life"));
    nothing(found(compared(seen, NOW), "(cluster)", "end of life"));
    var later = Instant.parse("2028-07-01T00:00:00Z");
    one(
        found(compared(seen, later), "cp1", "end of life"),
        Diagnosis.Severity.WARNING,
        "runs Debian 12",
        "2028-06-30");
    one(
        found(compared(seen, Instant.parse("2027-04-01T00:00:00Z")), "(cluster)", "end of life"),
        Diagnosis.Severity.NOTE,
        "Kubernetes 1.36",
        "until 2027-06-28");
    one(
        found(compared(seen, Instant.parse("2027-06-29T00:00:00Z")), "(cluster)", "end of life"),
        Diagnosis.Severity.WARNING,
        "no longer supported");
  }
}

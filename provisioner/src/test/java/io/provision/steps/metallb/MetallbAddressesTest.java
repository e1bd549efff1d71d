package io.provision.steps.metallb;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Sections;
import io.provision.model.Taint;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.steps.kubernetes.Cases;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a node hears of those who have an address of the pool. */
class MetallbAddressesTest {
  private static final MetallbAddresses STEP = new MetallbAddresses();

  private final Inventory usual = Cases.inventory(Cases.server(1), Cases.agent(1));

  private static Check check(Inventory inventory, Host host, String heard) {
    var target = Cases.on(host, inventory);
    var seen = new Observations.Builder();
    STEP.probes(target).questions().forEach(question -> put(seen, question, heard));
    return STEP.check(target, seen.build(), new Cases.Settled());
  }

  private static <A> void put(Observations.Builder seen, Question<A> question, String heard) {
    seen.put(question, Cases.read(question, heard));
  }

  private List<String> notes(String heard) {
    var check = check(usual, Cases.server(1), heard);
    assertThat(check).as("it is never refused").isInstanceOf(Check.InSync.class);
    return check.notes();
  }

  @Test
  void whoHasAnAddressIsNamedAndNothingIsRefused() {
    assertThat(notes("own=10.0.0.201\ntaken=10.0.0.205 aa:05\nasked=yes\n"))
        .containsExactly(
            "of load_balancer.metallb.addresses somebody has 10.0.0.201 (this host), 10.0.0.205 (aa:05) already: a service that gets one of them would share it. Leave them out, or take them off who has them");
    assertThat(notes("asked=yes\n")).isEmpty();
    assertThat(notes("taken=nonsense aa:05\nown=\nx\nasked=yes\n")).isEmpty();
    assertThat(notes("taken=fd00::5 aa:05\nasked=yes\n"))
        .singleElement()
        .satisfies(it -> assertThat(it).contains("fd00:0:0:0:0:0:0:5 (aa:05)"));
  }

  @Test
  void ofManyAFewAreNamed() {
    var many =
        IntStream.rangeClosed(200, 206)
            .mapToObj("taken=10.0.0.%d aa:05\n"::formatted)
            .collect(Collectors.joining());
    assertThat(notes(many + "asked=yes\n"))
        .singleElement()
        .satisfies(it ->
            assertThat(it)
                .contains("10.0.0.200", "10.0.0.204 (aa:05) and 2 more already")
                .doesNotContain("10.0.0.205"));
  }

  @Test
  void thatNobodyCouldBeAskedIsSaid() {
    for (var heard : List.of("", "taken=10.0.0.205 aa:05\n", "unasked=yes\n")) {
      assertThat(check(usual, Cases.server(1), heard))
          .isInstanceOfSatisfying(
              Check.Skipped.class, it -> assertThat(it.reason()).contains("iproute2 5.16"));
    }
    assertThat(notes("spoken=yes\n")).isEmpty();
  }

  private static List<String> asked(Inventory inventory, Host host) {
    return STEP.probes(Cases.on(host, inventory)).questions().stream()
        .map(Question::arguments)
        .findFirst()
        .orElse(List.of());
  }

  @Test
  void oneNodeAsksForAll() {
    assertThat(asked(usual, Cases.server(1)))
        .hasSize(12)
        .startsWith("/var/log/pods", "10.0.0.200")
        .endsWith("10.0.0.210");
    assertThat(STEP.probes(Cases.on(Cases.agent(1), usual))).isEqualTo(Probes.NONE);
    assertThat(check(usual, Cases.agent(1), ""))
        .isEqualTo(new Check.Skipped("cp1 asks for all nodes"));
  }

  /** MetalLB does not run where a taint keeps it away, and would be heard from there. */
  @Test
  void aNodeWithTaintsAsksOnlyWhereThereIsNoOther() {
    var tainted = tainted(Cases.server(1));
    var inventory = Cases.inventory(tainted, Cases.agent(1));
    assertThat(asked(inventory, Cases.agent(1))).isNotEmpty();
    assertThat(asked(inventory, tainted)).isEmpty();
    assertThat(asked(Cases.inventory(tainted), tainted)).isNotEmpty();
  }

  private static Host tainted(Host it) {
    return new Host(
        it.name(),
        it.address(),
        it.nodeAddress(),
        it.roles(),
        it.labels(),
        List.of(Taint.parse("dedicated=cp:NoExecute")),
        it.ssh(),
        it.sections(),
        it.vars(),
        it.position());
  }

  @Test
  void ofLargePoolsTheFirstAreAskedFor() {
    var asked = asked(of("10.1.0.254-10.1.1.1", "10.2.0.0/16", "fd00::/64"), Cases.server(1));
    assertThat(asked).hasSize(257).endsWith("10.2.0.251");
    assertThat(asked.subList(1, 6))
        .containsExactly("10.1.0.254", "10.1.0.255", "10.1.1.0", "10.1.1.1", "10.2.0.0");
    assertThat(asked(of("fd00::ff-fd00::101"), Cases.server(1)))
        .endsWith("fd00:0:0:0:0:0:0:ff", "fd00:0:0:0:0:0:0:100", "fd00:0:0:0:0:0:0:101");
    assertThat(asked(of("0.0.0.1-0.0.0.2", "255.255.255.254-255.255.255.255"), Cases.server(1)))
        .endsWith("0.0.0.1", "0.0.0.2", "255.255.255.254", "255.255.255.255");
  }

  private static Inventory of(String... pools) {
    var settings = new MetallbSettings(MetallbSettings.USUAL_VERSION, List.of(pools));
    return Cases.inventory(with(Sections.of(settings)), Cases.server(1));
  }

  private static Cluster with(Sections sections) {
    var it = Cases.cluster("v1.36.4+k3s1", Cluster.Cni.FLANNEL, Map.of());
    return new Cluster(
        it.name(),
        it.distribution(),
        it.version(),
        it.endpoint(),
        it.virtualIp(),
        it.network(),
        sections,
        it.kubeconfig(),
        it.tlsSans(),
        it.position());
  }

  @Test
  void withoutMetallbNobodyAsks() {
    var inventory = Cases.inventory(with(Sections.NONE), Cases.server(1));
    assertThat(asked(inventory, Cases.server(1))).isEmpty();
    assertThat(check(inventory, Cases.server(1), "")).isInstanceOf(Check.Skipped.class);
  }

  /** The answer takes two seconds: it is not asked for again because something else changed. */
  @Test
  void itIsAskedOnceALook() {
    var questions = new ArrayList<>(STEP.probes(Cases.on(Cases.server(1), usual)).questions());
    assertThat(questions)
        .singleElement()
        .satisfies(it -> assertThat(it.kind().standsAlone()).isTrue())
        .satisfies(it -> assertThat(it.kind().isVolatile()).isTrue());
  }
}

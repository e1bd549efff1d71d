package io.provision.steps.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.NodeAddress;
import io.provision.remote.Frame;
import io.provision.step.Observed;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examined;
import io.provision.step.doctor.Measured;
import io.provision.step.doctor.Measurement;
import io.provision.step.doctor.Measuring;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.os.NodeAddressStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which ways an inventory needs, and what is told of those that are not open. */
final class WaysBetweenTest {
  private final Host cp1 = Cases.server(1);
  private final Host w1 = Cases.agent(1);
  private final Host w2 = Cases.agent(2);
  private final Inventory inventory = Cases.inventory(cp1, w1, w2);

  private static Observed at(Host host) {
    return Observed.of(NodeAddressStep.NODE_ADDRESS, NodeAddress.parse(host.address().value()))
        .and(NodeAddressStep.MTU, 1500);
  }

  private WaysBetween ways(Set<HostName> opened) {
    var seen = Map.of(cp1.name(), at(cp1), w1.name(), at(w1), w2.name(), at(w2));
    return (WaysBetween) new HostsDoctor(List.of()).trials(inventory, seen, opened, "r1").getLast();
  }

  private static List<String> words(Measurement<?> measurement, Host host) {
    return measurement.arguments().getOrDefault(host.name(), List.of());
  }

  private static Listening listening(String said) {
    return Listening.read(new Frame(0, said));
  }

  private static Reached said(String said) {
    return Reached.read(new Frame(0, said));
  }

  private static <A> Measured<A> measured(Map<HostName, A> answers) {
    return new Measured<>(answers, Map.of());
  }

  private Map<HostName, Listening> allListen() {
    var all = new HashMap<HostName, Listening>();
    var node = "open 10250/tcp\nopen 7946/tcp\nopen 7946/udp\nopen 8472/udp\n";
    all.put(cp1.name(), listening(node + "open 6443/tcp\npid 41\n"));
    all.put(w1.name(), listening(node + "pid 42\n"));
    all.put(w2.name(), listening(node.replace("open 8472", "busy 8472") + "pid 43\n"));
    return all;
  }

  private static String told(String address, String state, String... ports) {
    var text = new StringBuilder();
    Stream.of(ports).forEach(port -> text.append("%s %s %s\n".formatted(address, port, state)));
    return text.toString();
  }

  private Map<HostName, Reached> reached(String ofW2) {
    var all = new HashMap<HostName, Reached>();
    var node = new String[] {"10250/tcp", "7946/tcp", "7946/udp", "8472/udp"};
    var others = new String[] {"10250/tcp", "7946/tcp", "7946/udp"};
    all.put(
        cp1.name(),
        said(told("10.0.0.101", "reached", node) + told("10.0.0.102", "reached", others)));
    all.put(
        w1.name(),
        said(
            told("10.0.0.1", "reached", node)
                + told("10.0.0.1", "reached", "6443/tcp")
                + told("10.0.0.102", "reached", others)));
    all.put(
        w2.name(),
        said(
            told("10.0.0.101", "reached", node)
                + ofW2
                + told("10.0.0.1", "reached", node)
                + told("10.0.0.1", "reached", "6443/tcp")));
    return all;
  }

  private static List<Diagnosis> of(List<Examined> all, String host, String examination) {
    return all.stream()
        .filter(it -> it.of().equals(host) && it.examination().equals(examination))
        .flatMap(it -> it.found().stream())
        .toList();
  }

  @Test
  void whatFirewallsHaveToLetInIsMeasured() {
    var ways = ways(Set.of());
    assertThat(words(ways.listen(), cp1))
        .contains("10.0.0.1", "6443/tcp", "10250/tcp", "8472/udp", "7946/udp")
        .doesNotContain("2379/tcp");
    assertThat(words(ways.listen(), w1))
        .contains("10.0.0.101", "10250/tcp", "8472/udp")
        .doesNotContain("6443/tcp");
    assertThat(words(ways.reach(measured(allListen())), w1))
        .contains("10.0.0.101")
        .anyMatch(word -> word.startsWith("10.0.0.1,") && word.contains("6443/tcp"))
        .anyMatch(word -> word.startsWith("10.0.0.1,") && word.endsWith(",mtu=1500"))
        .noneMatch(word -> word.startsWith("10.0.0.102,") && word.contains("8472"));
    assertThat(words(ways.end(measured(allListen())), w2)).contains("43", "provision-r1");
  }

  @Test
  void whatIsOpenIsNotTold() {
    var all = ways(Set.of()).examined(measured(allListen()), measured(reached("")));
    assertThat(of(all, "cp1", "ports")).isEmpty();
    assertThat(of(all, "w1", "ports")).isEmpty();
    assertThat(all).extracting(Examined::examination).contains("ports", "path MTU");
    assertThat(of(all, "w2", "ports"))
        .as("a kernel that has it does not answer")
        .singleElement()
        .satisfies(it -> {
          assertThat(it.severity()).isEqualTo(Diagnosis.Severity.NOTE);
          assertThat(it.evidence()).contains("8472/udp");
        });
  }

  @Test
  void whatIsClosedIsToldOfWhomAndFromWhere() {
    var silent = told("10.0.0.101", "silent", "8472/udp") + told("10.0.0.1", "refused", "6443/tcp");
    var all = ways(Set.of()).examined(measured(allListen()), measured(without(silent)));
    assertThat(of(all, "w1", "ports"))
        .containsExactly(
            Diagnosis.error(
                "cannot be reached on 8472/udp at 10.0.0.101 from w2: what is sent there gets lost",
                "let it in: see 'nft list ruleset' and 'iptables -S' on w1, and what is between"
                    + " them; 'ufw allow proto udp from ADDRESS to any port 8472' where ufw rules"));
    assertThat(of(all, "cp1", "ports"))
        .singleElement()
        .satisfies(it -> assertThat(it.evidence()).contains("6443/tcp", "turns it away"));
    var opened = ways(Set.of(w1.name())).examined(measured(allListen()), measured(without(silent)));
    assertThat(of(opened, "w1", "ports"))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.severity()).isEqualTo(Diagnosis.Severity.NOTE);
          assertThat(it.remedy()).contains("provision apply");
        });
  }

  /** What w2 reached, with these in the place of what it says otherwise. */
  private Map<HostName, Reached> without(String changed) {
    var all = reached("");
    var before = told("10.0.0.101", "reached", "10250/tcp", "7946/tcp", "7946/udp");
    var after = told("10.0.0.1", "reached", "10250/tcp", "7946/tcp", "7946/udp", "8472/udp");
    all.put(w2.name(), said(before + after + changed));
    return all;
  }

  @Test
  void largePacketsThatGetLostAreTold() {
    var some = reached("10.0.0.101 mtu 1500 1450\n10.0.0.1 mtu 1500 0\n");
    var all = ways(Set.of()).examined(measured(allListen()), measured(some));
    assertThat(of(all, "w1", "path MTU"))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.evidence()).contains("packets of 1500 bytes from w2", "1450 bytes arrive");
          assertThat(it.remedy()).contains("mtu 1450");
        });
    assertThat(of(all, "cp1", "path MTU"))
        .singleElement()
        .satisfies(it -> assertThat(it.evidence()).contains("1500 bytes from w2, which"));
    assertThat(of(all, "w2", "path MTU")).isEmpty();
  }

  @Test
  void aHostWithoutPerlIsNotCalledClosed() {
    var some = allListen();
    some.put(w1.name(), listening("without perl\n"));
    var all = ways(Set.of()).examined(measured(some), measured(reached("")));
    assertThat(of(all, "w1", "ports"))
        .singleElement()
        .satisfies(it -> assertThat(it.severity()).isEqualTo(Diagnosis.Severity.NOTE));
  }

  /** Nobody is told that something has a port, where nobody asked. */
  @Test
  void whoIsGoneInBetweenIsNamed() {
    var asked = reached("");
    asked.remove(w2.name());
    var all = ways(Set.of()).examined(measured(allListen()), measured(asked));
    assertThat(of(all, "w1", "ports"))
        .singleElement()
        .satisfies(it -> assertThat(it.evidence()).contains("was not tried from w2"));
    var listening = allListen();
    listening.remove(w1.name());
    assertThat(
            of(ways(Set.of()).examined(measured(listening), measured(reached(""))), "w1", "ports"))
        .singleElement()
        .satisfies(it -> assertThat(it.severity()).isEqualTo(Diagnosis.Severity.WARNING));
  }

  @Test
  void addressesThatTwoHaveLeadNowhere() {
    var seen = Map.of(cp1.name(), at(cp1), w1.name(), at(cp1), w2.name(), at(w2));
    var ways = new HostsDoctor(List.of()).trials(inventory, seen, Set.of(), "r1").getLast();
    assertThat(ways.hosts()).isEmpty();
  }

  /** Answers by the name of the function, and remembers what was asked, in its order. */
  private final class Pretended implements Measuring {
    private final List<String> asked = new ArrayList<>();
    private final Map<String, Map<HostName, ?>> answers = new HashMap<>();
    private boolean interrupted;

    @Override
    @SuppressWarnings("unchecked") // as this test puts them there
    public <A> Measured<A> take(Measurement<A> measurement) throws InterruptedException {
      var name = measurement.function().name();
      asked.add(name);
      if (interrupted && name.equals("reach_peers")) {
        throw new InterruptedException("asked for");
      }
      return measured((Map<HostName, A>) answers.getOrDefault(name, Map.of()));
    }

    @Override
    public <A> Measured<A> put(Measurement<A> measurement) throws InterruptedException {
      asked.add("put");
      return take(measurement);
    }

    @Override
    public void takeAway(Measurement<?> removal) {
      asked.add(removal.function().name() + " " + removal.arguments().size());
    }

    @Override
    public void close() {}
  }

  @Test
  void listenersGoAlsoWhereTheMeasuringWasInterrupted() throws InterruptedException {
    var measuring = new Pretended();
    measuring.answers.put("listen_for_peers", allListen());
    measuring.answers.put("reach_peers", reached(""));
    assertThat(ways(Set.of()).examined(measuring)).isNotEmpty();
    assertThat(measuring.asked)
        .containsExactly("put", "listen_for_peers", "reach_peers", "end_listener 3");
    measuring.asked.clear();
    measuring.interrupted = true;
    assertThatThrownBy(() -> ways(Set.of()).examined(measuring))
        .isInstanceOf(InterruptedException.class);
    assertThat(measuring.asked)
        .containsExactly("put", "listen_for_peers", "reach_peers", "end_listener 3");
  }

  /** Else a host that hangs would have the listeners of all others gone before they are asked. */
  @Test
  void aListenerStaysUntilTheLastMayHaveAsked() {
    var ways = ways(Set.of());
    var life = Integer.parseInt(words(ways.listen(), w1).getFirst());
    var listen = ways.listen().limit();
    var reach = ways.reach(measured(allListen())).limit();
    assertThat(listen.plus(reach).toSeconds()).isPositive().isLessThan(life);
    assertThat(ways.most()).isGreaterThanOrEqualTo(listen.plus(reach));
  }

  @Test
  void whyAHostCouldNotBeMeasuredIsTold() {
    var listening = allListen();
    listening.remove(w1.name());
    var all =
        ways(Set.of())
            .examined(
                new Measured<>(listening, Map.of(w1.name(), "no route")), measured(reached("")));
    assertThat(of(all, "w1", "ports"))
        .singleElement()
        .satisfies(it -> assertThat(it.evidence()).endsWith("were to be measured: no route"));
  }
}

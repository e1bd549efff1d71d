package io.provision.steps.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.model.HostName;
import io.provision.model.NodeAddress;
import io.provision.remote.Frame;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Provider;
import io.provision.step.Question;
import io.provision.step.TestKnown;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HostsFileTest {
  private static final String INVENTORY =
      """
      hosts:
        w1: { address: a, node_address: 10.0.0.1 }
        w2.example.org: { address: b, node_address: 10.0.0.2 }
        w3: { address: c }
      """;
  private static final String BLOCK =
      """
      127.0.0.1 localhost
      # BEGIN provision hosts
      10.0.0.1 w1
      10.0.0.2 w2.example.org w2
      10.0.0.3 w3
      # END provision hosts
      """;

  @Test
  void keepsTheLineOfAPeerThatWasNotSeenAndReportsIt() {
    assertThat(check(BLOCK))
        .isInstanceOfSatisfying(
            Check.Skipped.class, it -> assertThat(it.reason()).contains("w3", "stays"));
    var drift = (Check.Drift) check(BLOCK.replace("10.0.0.2", "10.9.9.9"));
    assertThat(drift.changes())
        .singleElement()
        .extracting(Change::detail)
        .isEqualTo(new Change.Detail.Text(BLOCK.replace("10.0.0.2", "10.9.9.9"), BLOCK));
  }

  @Test
  void aLineOfSomebodyElseThatWinsIsRefusedByItsNumber() {
    for (var stale : List.of("10.9.9.9 w1", "10.9.9.9\tx  W1 # old", "127.0.1.1 w2.example.org")) {
      for (var text : List.of(stale + "\n" + BLOCK, BLOCK + stale + "\n")) {
        assertThat(check(text))
            .as(text)
            .isInstanceOfSatisfying(
                Check.Refused.class,
                refused ->
                    assertThat(refused.what())
                        .contains(
                            "line " + (text.startsWith(stale) ? 1 : 7), "its address is 10."));
      }
    }
  }

  @Test
  void linesThatSayTheSameOrAreOfOthersStay() {
    var fine =
        List.of(
            "10.0.0.1 w1",
            "127.0.1.1 w1",
            "::1 w2.example.org",
            "10.9.9.9 w10",
            "#10.9.9.9 w1",
            "fe80::1%eth0 w1",
            "10.9.9.9");
    for (var line : fine) {
      assertThat(check(line + "\n" + BLOCK)).as(line).isInstanceOf(Check.Skipped.class);
    }
  }

  @Test
  void waitsOnlyForAddressesThatAreNotGiven() {
    assertThat(new HostsFile().needs(OnHosts.of("w1", INVENTORY)))
        .extracting(Need::of)
        .containsExactly(new Provider.Hosts(List.of(new HostName("w3"))));
  }

  @Test
  void refusesTwoHostsWithOneAddress() {
    var known =
        new TestKnown()
            .has(new HostName("w3"), NodeAddressStep.NODE_ADDRESS, NodeAddress.parse("10.0.0.1"));
    assertThat(new HostsFile().check(OnHosts.of("w1", INVENTORY), seen(BLOCK), known))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("w1", "w3", "10.0.0.1"));
  }

  private static Check check(String hosts) {
    return new HostsFile().check(OnHosts.of("w1", INVENTORY), seen(hosts), Known.NOTHING);
  }

  private static Observations seen(String hosts) {
    var text = (Content.Plain) Content.of(hosts);
    var state =
        new FileState(
            FileState.Type.FILE,
            false,
            FileMode.PUBLIC,
            new FileState.Owner("root", "root", "0", "0"),
            hosts.length(),
            Optional.of(text.sha256()),
            Optional.of(text));
    var seen = new Observations.Builder();
    new HostsFile()
        .probes(OnHosts.of("w1", INVENTORY))
        .questions()
        .forEach(question -> nothing(question, seen));
    return seen.put(Files.text("/etc/hosts"), state).build();
  }

  private static <A> void nothing(Question<A> question, Observations.Builder into) {
    into.put(question, question.kind().read(List.of(question), new Frame(0, "")).getFirst());
  }
}

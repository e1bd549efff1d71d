package io.provision.steps.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
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
  void waitsOnlyForAddressesThatAreNotGiven() {
    assertThat(new HostsFile().needs(OnHosts.of("w1", INVENTORY)))
        .singleElement()
        .satisfies(
            need -> assertThat(need.of()).extracting(Object::toString).containsExactly("w3"));
  }

  @Test
  void refusesTwoHostsWithOneAddress() {
    var target =
        OnHosts.of("w1", INVENTORY.replace("address: c", "address: c, node_address: 10.0.0.1"));
    assertThat(new HostsFile().check(target, seen(BLOCK), Known.NOTHING))
        .isInstanceOf(Check.Refused.class);
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
    return new Observations.Builder().put(Files.text("/etc/hosts"), state).build();
  }
}

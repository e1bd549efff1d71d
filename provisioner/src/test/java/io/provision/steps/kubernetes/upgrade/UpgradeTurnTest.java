package io.provision.steps.kubernetes.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.Company;
import io.provision.model.Host;
import io.provision.steps.kubernetes.Cases;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** With whom a node is out of use for its upgrade, whichever machine works on the others. */
final class UpgradeTurnTest {

  private static Company company(Host host, int agents) {
    var hosts =
        Stream.concat(
                Stream.of(Cases.server(1)), IntStream.rangeClosed(1, agents).mapToObj(Cases::agent))
            .toArray(Host[]::new);
    return new UpgradeTurn(Cases.on(host, Cases.inventory(hosts)), new Cases.Settled()).company();
  }

  @Test
  void aServerGoesAlone() {
    assertThat(company(Cases.server(1), 6)).isEqualTo(Company.NONE);
  }

  /** A third of them at most. */
  @Test
  void ofSixAgentsTwoGoAtATimeAndOfFewerOne() {
    assertThat(company(Cases.agent(1), 3)).isEqualTo(Company.NONE);
    assertThat(company(Cases.agent(2), 6))
        .isEqualTo(new Company(List.of("w1", "w3", "w4", "w5", "w6"), 2));
  }
}

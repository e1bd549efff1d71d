package io.provision.steps.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.step.Target;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nothing hangs on the inventory's first server. */
class AgentServerUrlTest {
  private static final String FIRST = "https://10.0.0.1:6443";
  private static final String SECOND = "https://10.0.0.2:6443";

  private final Host cp1 = Cases.server(1);
  private final Host cp2 = Cases.server(2);
  private final Host w1 = Cases.agent(1);
  private final Target.OnHost agent = Cases.on(w1, Cases.inventory(cp1, cp2, w1));

  private String url(Cases.Settled known, String found) {
    return AgentServerUrl.url(agent, known, Optional.of(found).filter(it -> !it.isEmpty()))
        .orElse("");
  }

  private Cases.Settled firstIsDown() {
    return new Cases.Settled()
        .address(cp2)
        .never(cp1, Nodes.ADDRESS)
        .never(cp1, Nodes.STATE)
        .has(cp2, Nodes.STATE, Cases.state(true, true));
  }

  private Cases.Settled allAreUp() {
    return new Cases.Settled()
        .address(cp1, cp2)
        .has(cp1, Nodes.STATE, Cases.state(true, true))
        .has(cp2, Nodes.STATE, Cases.state(true, true));
  }

  @Test
  void anAgentKeepsItsServerWhileThatIsDownAndWhenItReturns() {
    assertThat(url(firstIsDown(), FIRST)).isEqualTo(FIRST);
    assertThat(url(allAreUp(), FIRST)).isEqualTo(FIRST);
    assertThat(url(allAreUp(), SECOND)).isEqualTo(SECOND);
    assertThat(url(firstIsDown(), SECOND)).isEqualTo(SECOND);
  }

  @Test
  void aNewAgentComesByAServerThatAnswers() {
    var known =
        new Cases.Settled()
            .address(cp1, cp2)
            .has(cp1, Nodes.STATE, Cases.state(true, false))
            .has(cp2, Nodes.STATE, Cases.state(true, true));
    assertThat(url(known, "")).isEqualTo(SECOND);
    assertThat(url(firstIsDown(), "")).isEqualTo(SECOND);
  }

  @Test
  void whereNoneAnswersYetANewAgentNamesTheFirst() {
    var known =
        new Cases.Settled()
            .address(cp1, cp2)
            .has(cp1, Nodes.STATE, Cases.state(false, false))
            .has(cp2, Nodes.STATE, Cases.state(false, false));
    assertThat(url(known, "")).isEqualTo(FIRST);
    assertThat(url(new Cases.Settled(), "")).isEmpty();
  }

  @Test
  void aServerThatLeftTheInventoryIsLeftByItsAgents() {
    assertThat(url(allAreUp(), "https://10.0.0.9:6443")).isEqualTo(FIRST);
  }
}

package io.provision.steps.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.TestDistribution;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A node is only done when it reaches all others the way their pods do. */
class PodRoutesTest {
  private static final TestDistribution TEST = new TestDistribution();
  private static final Host SERVER = Cases.server(1);
  private static final Host SECOND = Cases.agent(2);
  private static final Host THIRD = Cases.agent(3);
  private static final Inventory INVENTORY = Cases.inventory(SERVER, SECOND, THIRD);

  private static final String ROUTES =
      "joined=yes\nmeasured=yes\nroute=10.42.0.0 %s\nroute=10.42.2.0 %s\n"
          .formatted(SERVER.address(), THIRD.address());

  private static Cases.Settled up(Host... agents) {
    var known =
        new Cases.Settled()
            .address(SERVER, SECOND, THIRD)
            .has(SERVER, Nodes.SERVER_UP, true)
            .has(SERVER, Nodes.REGISTERED, true);
    for (var agent : agents) {
      known.has(agent, Nodes.AGENT_UP, true);
    }
    return known;
  }

  private static Check check(Host host, Inventory inventory, String output, Cases.Settled known) {
    var step = new PodRoutes(TEST.alone());
    var question = PodRoutesLook.question(TEST.kubeletKubeconfig());
    var seen = new Observations.Builder();
    seen.put(question, Cases.read(question, output));
    return step.check(Cases.on(host, inventory), seen.build(), known);
  }

  private static Check ofSecond(String output, Cases.Settled known) {
    return check(SECOND, INVENTORY, output, known);
  }

  @Test
  void allOthersAreReached() {
    assertThat(ofSecond(ROUTES, up(SECOND, THIRD))).isEqualTo(new Check.InSync());
  }

  @Test
  void oneThatGivesNoAnswerIsNamedWithItsAddresses() {
    assertThat(ofSecond(ROUTES + "silent=10.42.2.0\n", up(SECOND, THIRD)).toString())
        .contains(
            "NotYet",
            "no answer from %s (%s) at 10.42.2.0".formatted(THIRD.name(), THIRD.address()))
        .contains("UDP port 8472")
        .doesNotContain(SERVER.name() + " ");
  }

  @Test
  void oneToWhichThereIsNoRouteIsWaitedFor() {
    var without = ROUTES.replace("route=10.42.2.0 %s\n".formatted(THIRD.address()), "");
    assertThat(ofSecond(without, up(SECOND, THIRD)).toString())
        .contains("NotYet", "no route to those of %s".formatted(THIRD.name()));
  }

  @Test
  void oneThatIsNotUpIsNobodysMatterHere() {
    assertThat(ofSecond(ROUTES + "silent=10.42.2.0\n", up(SECOND))).isEqualTo(new Check.InSync());
    assertThat(ofSecond(ROUTES, up(THIRD))).isInstanceOf(Check.Skipped.class);
  }

  @Test
  void whatWasAskedBeforeItWasANodeIsAskedAgain() {
    assertThat(ofSecond("", up(SECOND, THIRD))).isInstanceOf(Check.NotYet.class);
  }

  @Test
  void anotherKindOfNetworkIsNotMeasured() {
    assertThat(ofSecond("joined=yes\n", up(SECOND, THIRD))).isInstanceOf(Check.Skipped.class);
  }

  @Test
  void eachOfVeryManyIsAskedByThoseBeforeIt() {
    var agents = IntStream.rangeClosed(2, 150).mapToObj(Cases::agent).toArray(Host[]::new);
    var inventory = Cases.inventory(agents);
    var step = new PodRoutes(TEST.alone());
    for (var agent : agents) {
      assertThat(step.needs(Cases.on(agent, inventory)))
          .allSatisfy(it ->
              assertThat(it.of().toString().split("HostName").length)
                  .isLessThanOrEqualTo(2 + PodRoutesLook.MOST));
    }
    assertThat(step.needs(Cases.on(agents[148], inventory)).toString())
        .contains(agents[0].name().value())
        .contains(agents[99].name().value())
        .doesNotContain(agents[120].name().value());
  }
}

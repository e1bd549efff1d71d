package io.provision.steps.metallb;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ObjectStates;
import io.provision.kube.ObjectStates.State;
import io.provision.kube.Reaches;
import io.provision.kube.Reaches.Reach;
import io.provision.model.Inventory;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.StatusView;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Cases;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What people read of addresses of services, and of those that do not answer. */
class MetallbViewTest {
  private static final Inventory INVENTORY = Cases.inventory(Cases.server(1));
  private static final Reaches REACHES =
      Reaches.of(
          List.of(
              new Reach("default/web", "10.0.0.200", 80, ""),
              new Reach("default/db", "10.0.0.201", 5432, "timed out after 3 s"),
              new Reach("default/new", "", 80, "it has no address yet")));

  private static ObjectStates seen(State... states) {
    return new ObjectStates.Seen(List.of(states), true);
  }

  private static State state(String name, Map<String, Object> spec, Map<String, Object> status) {
    return new State(Optional.of("metallb-system"), name, spec, status);
  }

  private static List<StatusView.Rows> tables(MetallbState.Seen state) {
    var observed = Optional.of(Observed.of(MetallbState.SEEN, state));
    return new MetallbView()
        .tables(INVENTORY, new StatusView.Seen(Map.of(), observed, true, Map.of()));
  }

  @Test
  void poolsAndServicesAreShownWithWhoAnnouncesThemAndWhyNot() {
    var pool =
        state(
            "default",
            Map.of("addresses", List.of("10.0.0.200-10.0.0.210")),
            Map.of("assignedIPv4", 2, "availableIPv4", 9));
    var announced =
        state(
            "l2-x",
            Map.of(),
            Map.of("node", "w1", "serviceNamespace", "default", "serviceName", "web"));
    var fault =
        state("speaker-w1", Map.of(), Map.of("result", "Invalid", "errorSummary", "two pools"));
    var tables = tables(new MetallbState.Seen(seen(pool), seen(announced), seen(fault), REACHES));
    assertThat(tables.getFirst().rows())
        .containsExactly(
            List.of("default", "10.0.0.200-10.0.0.210", "2", "9", "speaker-w1: two pools"));
    assertThat(tables.getLast().rows())
        .containsExactly(
            List.of("default/web", "10.0.0.200:80", "w1", "yes", ""),
            List.of(
                "default/db",
                "10.0.0.201:5432",
                "",
                "no",
                "timed out after 3 s; no node announces it; speaker-w1: two pools"),
            List.of(
                "default/new",
                "",
                "",
                "no",
                "it has no address yet; no node announces it; speaker-w1: two pools"));
  }

  @Test
  void aSilentApiIsSaid() {
    var silent = new ObjectStates.Unheard("refused");
    var tables = tables(new MetallbState.Seen(silent, silent, silent, Reaches.unheard("refused")));
    assertThat(tables)
        .allSatisfy(table -> assertThat(table.rows().getFirst()).contains("unknown", "refused"));
  }

  @Test
  void anAddressThatDoesNotAnswerIsANoteAndNoFailure() {
    var seen = new Observations.Builder().put(MetallbAnswers.FROM_HERE, REACHES).build();
    var check = new MetallbAnswers().check(new Target.OnCluster(INVENTORY), seen, Known.NOTHING);
    assertThat(check).isInstanceOf(Check.InSync.class);
    assertThat(check.notes()).hasSize(2);
    assertThat(check.notes().getFirst())
        .contains("default/db", "10.0.0.201:5432", "timed out after 3 s");
  }
}

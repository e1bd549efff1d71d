package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.DeskChange;
import io.provision.kube.ClusterChange;
import io.provision.kube.ObjectRef;
import io.provision.remote.Call;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Departure;
import io.provision.step.Orphan;
import io.provision.step.Removals;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever leaves, and whatever its removal has to wait for, a run that was asked to removes it.
 */
final class GrantedTest {
  private static final ShellFunction IDLE = new ShellFunction("idle", "true");
  private static final List<Change> GOES = List.of(Change.of(Change.Action.REMOVE, "it"));

  /** Where what leaves may be. */
  private static Stream<Repair> places() {
    return Stream.of(
        new Repair.OnHost(Script.of(IDLE)),
        new Repair.OnCluster(
            List.of(new ClusterChange.Delete(ObjectRef.of("v1", "ConfigMap", "it")))),
        new Repair.OnDesk(List.<DeskChange>of()));
  }

  @ParameterizedTest
  @MethodSource("places")
  void aRemovalIsGrantedInEveryPlace(Repair repair) {
    var removal = new Check.Drift(GOES, repair);
    assertThat(granted(removal, new Check.InSync())).isEqualTo(removal);
    var two = granted(removal, removal);
    assertThat(((Check.Drift) two).changes()).hasSize(2);
  }

  @Test
  void aRemovalThatIsWaitedForIsNotInSync() {
    var coming = new Check.NotYet("it", Duration.ZERO, "", "");
    var notYet = new Check.NotYet("it", Duration.ZERO, Call.of(IDLE), Call.of(IDLE));
    assertThat(granted(coming, new Check.InSync())).isEqualTo(coming);
    assertThat(granted(notYet, new Check.Skipped("not ours"))).isEqualTo(notYet);
  }

  @Test
  void whatWasNotAskedForStaysAndIsToldWithWhatIsInItsWay() {
    var orphan = Orphan.host("it");
    for (var each :
        Map.of(
                new Check.Refused("it holds data", "copy it"), "it holds data; copy it",
                new Check.NotYet("heal", Duration.ZERO, "", ""), "heal",
                new Check.Unknown("its address", Set.of()), "its address",
                new Check.Skipped("not ours"), "not ours")
            .entrySet()) {
      var departure = new Departure(Set.of(orphan), GOES, each.getKey(), "begun", "", "lost");
      var check = new Check.Leaving(List.of(departure), new Check.InSync());
      assertThat(Grants.granted(check, Removals.NONE)).isEqualTo(check);
      assertThat(Grants.granted(check, new Removals(Set.of("another")))).isEqualTo(check);
      assertThat(Grants.notAsked(check, Removals.NONE))
          .singleElement()
          .satisfies(left -> {
            assertThat(left.obstacle()).contains(each.getValue());
            assertThat(left.changes()).isEqualTo(GOES);
          });
      assertThat(Grants.notAsked(check, new Removals(Set.of("it")))).isEmpty();
    }
    assertThat(Grants.notAsked(new Check.InSync(), Removals.NONE)).isEmpty();
    assertThat(Grants.granted(new Check.InSync(), new Removals(Set.of("it"))))
        .isEqualTo(new Check.InSync());
  }

  private static Check granted(Check removal, Check rest) {
    var orphan = Orphan.host("it");
    var departure = new Departure(Set.of(orphan), GOES, removal);
    var check =
        Grants.granted(
            new Check.Leaving(List.of(departure), rest), new Removals(Set.of("host/it")));
    assertThat(((Check.Leaving) check).departures()).containsExactly(departure);
    return Leaving.rest(check);
  }
}

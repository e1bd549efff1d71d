package io.provision.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.model.HostName;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an operator names is removed, and nothing else. */
class RemovalsTest {
  private static final Orphan W3 = Orphan.host("w3");
  private static final Orphan OLD = new Orphan("volume", "old");

  @Test
  void aThingIsMeantByItsNameOrByItsNameAfterItsKind() {
    assertThat(new Removals(Set.of("w3")).ask(W3)).isTrue();
    assertThat(new Removals(Set.of("host/w3")).ask(W3)).isTrue();
    for (var word : List.of("volume/w3", "w33", "w", "host", "W3", "")) {
      assertThat(new Removals(Set.of(word)).ask(W3)).as(word).isFalse();
    }
    assertThat(Removals.NONE.ask(W3)).isFalse();
  }

  @Test
  void whatLeavesTogetherIsMeantOnlyWhereAllOfItIsNamed() {
    assertThat(new Removals(Set.of("w3")).ask(List.of(W3, OLD))).isFalse();
    assertThat(new Removals(Set.of("w3", "old")).ask(List.of(W3, OLD))).isTrue();
  }

  @Test
  void anOrphanHasAKindAndAName() {
    for (var kind : List.of("", "Host", "host 1", "h/")) {
      assertThatThrownBy(() -> new Orphan(kind, "x")).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Orphan("host", " ")).isInstanceOf(IllegalArgumentException.class);
    assertThat(W3).hasToString("host/w3").isLessThan(OLD);
  }

  /** One that named nothing would be asked for by whatever is asked for. */
  @Test
  void aDepartureNamesWhoLeavesAndWhatGoes() {
    var change = List.of(Change.of(Change.Action.REMOVE, "x"));
    var drift =
        new Check.Drift(change, new Repair.OnHost(Script.of(new ShellFunction("idle", "true"))));
    assertThatThrownBy(() -> new Departure(Set.of(), change, drift))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Departure(Set.of(W3), List.of(), drift))
        .isInstanceOf(IllegalArgumentException.class);
    var departure = new Departure(Set.of(W3), change, drift);
    var leaving = new Check.Leaving(List.of(departure), new Check.InSync());
    assertThatThrownBy(() -> new Departure(Set.of(W3), change, leaving))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Check.Leaving(List.of(departure), leaving))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Check.Drift(List.of(), new Repair.OnHost(List.of(), false)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** That something is to be removed changes nothing of what is known. */
  @Test
  void whatIsKnownStaysKnownInARunThatRemoves() {
    var output = new Output<>("o", String.class);
    var host = new HostName("a");
    var known =
        new TestKnown()
            .has(host, output, "v")
            .never(new HostName("b"), output, "down")
            .inCluster(output, "c")
            .here(output, "d");
    var removals = new Removals(Set.of("w3"));
    var asked = known.asked(removals);
    assertThat(known.removals()).isEqualTo(Removals.NONE);
    assertThat(asked.removals()).isEqualTo(removals);
    assertThat(asked.all(output)).isEqualTo(Map.of(host, "v"));
    assertThat(asked.never(output)).isEqualTo(Map.of(new HostName("b"), "down"));
    assertThat(asked.cluster(output)).isEqualTo(Optional.of("c"));
    assertThat(asked.local(output)).isEqualTo(Optional.of("d"));
  }

  @Test
  void ofAGroupTheFirstThatIsFitActs() {
    var a = new HostName("a");
    var b = new HostName("b");
    var group = new Group(List.of(a, b));
    assertThat(group.actor(_ -> true)).contains(a);
    assertThat(group.actor(b::equals)).contains(b);
    assertThat(group.actor(_ -> false)).isEmpty();
    assertThat(group.has(b)).isTrue();
    assertThat(group.has(new HostName("c"))).isFalse();
    assertThat(Group.NONE.has(a)).isFalse();
  }
}

package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.console.Operator;
import io.provision.engine.event.Removal;
import io.provision.model.Secret;
import io.provision.step.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RemovalQuestionTest {
  private static final Removal VOLUME =
      new Removal(
          List.of("volume/old"),
          List.of(Change.of(Change.Action.REMOVE, "n1: volume old", "started", "deleted")),
          "Its files stay in n1:/b. The way back: 'gluster volume create old n1:/b force'");

  private final List<String> shown = new ArrayList<>();

  @Test
  void showsWhatGoesWhatStaysAndTheWayBackAndTakesTheNameAlone() {
    assertThat(RemovalQuestion.ask(typing("old"), List.of(VOLUME))).isTrue();
    assertThat(shown)
        .containsExactly(
            "To be removed: volume/old",
            "  - n1: volume old: started -> deleted",
            "  Its files stay in n1:/b. The way back: 'gluster volume create old n1:/b force'",
            "Type 'old' to remove it, or nothing to change nothing");
    for (var other : List.of("y", "yes", "olde", "volume/old", "OLD")) {
      assertThat(RemovalQuestion.ask(typing(other), List.of(VOLUME))).as(other).isFalse();
    }
  }

  @Test
  void eachOfThemIsNamedAndOneThatIsNotStopsAll() {
    var hosts = new Removal(List.of("host/n4", "host/n5"), List.of(), "");
    assertThat(RemovalQuestion.ask(typing("old", "n4, n5"), List.of(VOLUME, hosts))).isTrue();
    assertThat(RemovalQuestion.ask(typing("old", "n4"), List.of(VOLUME, hosts))).isFalse();
    assertThat(RemovalQuestion.ask(Operator.absent(), List.of(VOLUME))).isFalse();
  }

  private Operator typing(String... words) {
    var typed = new ArrayList<>(List.of(words));
    return new Operator() {
      @Override
      public boolean present() {
        return true;
      }

      @Override
      public boolean agrees(List<String> lines, String question) {
        throw new IllegalStateException("a removal is not agreed to by a yes");
      }

      @Override
      public Optional<String> answer(List<String> lines, String question) {
        shown.addAll(lines);
        shown.add(question);
        return Optional.of(typed.removeFirst());
      }

      @Override
      public Optional<Secret> password(String prompt) {
        throw new IllegalStateException("no password is asked for");
      }
    };
  }
}

package io.provision.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.ObjectRef;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What was seen, and what of it a saved plan rests on. */
class ObservationsTest {
  private static final ShellFunction ASK = new ShellFunction("ask", "true");
  private static final Kind<String> KIND = Kind.single(ASK, Frame::output);
  private static final Kind<String> CLOCK = Kind.volatileSingle(ASK, Frame::output);
  private static final Question<String> ONE = Question.of(KIND, "one");
  private static final Question<String> OTHER = Question.of(KIND, "other");
  private static final Question<String> TIME = Question.of(CLOCK, "time");
  private static final ClusterQuestion.One NODE =
      new ClusterQuestion.One(ObjectRef.of("v1", "Node", "w1"));

  private static Observations seen(String one, String other) {
    return new Observations.Builder().put(ONE, one).put(OTHER, other).build();
  }

  @Test
  void whatWasNotAskedIsABugOfWhoeverWantsToKnow() {
    var seen = new Observations.Builder().put(ONE, "1").build();
    assertThat(seen.of(ONE)).isEqualTo("1");
    assertThatThrownBy(() -> seen.of(OTHER)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> seen.of(NODE)).isInstanceOf(IllegalStateException.class);
    assertThat(new Observations.Builder().put(NODE, Optional.empty()).build().of(NODE)).isEmpty();
  }

  @Test
  void onlyWhatWasAskedInFullIsAnswered() {
    var seen = new Observations.Builder().put(ONE, "1").put(NODE, Optional.empty()).build();
    assertThat(seen.answer(Probes.of(ONE).and(Probes.ofCluster(List.of(NODE))))).isTrue();
    assertThat(seen.answer(Probes.NONE)).isTrue();
    assertThat(seen.answer(Probes.of(ONE, OTHER))).isFalse();
    var another = new ClusterQuestion.One(ObjectRef.of("v1", "Node", "w2"));
    assertThat(seen.answer(Probes.ofCluster(List.of(NODE, another)))).isFalse();
  }

  @Test
  void newerAnswersTakeThePlaceOfOlderOnesAndTheOthersStay() {
    var newer = seen("1", "2").updated(new Observations.Builder().put(OTHER, "3").build());
    assertThat(newer.of(ONE)).isEqualTo("1");
    assertThat(newer.of(OTHER)).isEqualTo("3");
  }

  /** Two looks that saw the same have one text, and only they. */
  @Test
  void theTextOfALookIsThatOfItsAnswers() {
    var both = Probes.of(ONE, OTHER);
    assertThat(seen("1", "2").transcript(both)).isEqualTo(seen("1", "2").transcript(both));
    assertThat(seen("1", "2").transcript(both)).isNotEqualTo(seen("2", "1").transcript(both));
    assertThat(seen("1", "2").transcript(both)).isNotEqualTo(seen("1", "3").transcript(both));
    assertThat(seen("1", "2").transcript(Probes.of(ONE)))
        .isEqualTo(seen("1", "3").transcript(Probes.of(ONE)));
    assertThat(Probes.of(ONE).and(Probes.NONE)).isEqualTo(Probes.of(ONE));
  }

  /** A plan must not fail since time went by. */
  @Test
  void whatChangesByItselfIsNoPartOfTheText() {
    var early = new Observations.Builder().put(ONE, "1").put(TIME, "noon").build();
    var late = new Observations.Builder().put(ONE, "1").put(TIME, "night").build();
    assertThat(late.transcript(Probes.of(ONE, TIME)))
        .isEqualTo(early.transcript(Probes.of(ONE, TIME)));
    assertThat(early.of(TIME)).isEqualTo("noon");
  }

  @Test
  void whatTheApiSaidIsPartOfTheText() {
    var probes = Probes.ofCluster(List.of(NODE));
    var none = new Observations.Builder().put(NODE, Optional.empty()).build();
    var some = new Observations.Builder().put(NODE, Optional.of("w1")).build();
    assertThat(some.transcript(probes)).isNotEqualTo(none.transcript(probes));
  }

  @Test
  void aQuestionOfItsOwnStandsForNothingElse() {
    assertThat(KIND.batched()).isFalse();
    assertThat(KIND.standsAlone()).isFalse();
    assertThat(KIND.isMissing("")).isFalse();
    assertThat(seen("", "").isMissing(ONE)).isFalse();
  }

  /** An answer that says that nothing is there. */
  @Test
  void whatIsMissingIsToldByItsKind() {
    var files =
        new Kind<String>() {
          @Override
          public ShellFunction function() {
            return ASK;
          }

          @Override
          public boolean batched() {
            return true;
          }

          @Override
          public List<String> read(List<Question<String>> asked, Frame frame) {
            return List.of(frame.output());
          }

          @Override
          public boolean isMissing(String answer) {
            return answer.isEmpty();
          }
        };
    var file = Question.of(files, "x");
    assertThat(new Observations.Builder().put(file, "").build().isMissing(file)).isTrue();
    assertThat(new Observations.Builder().put(file, "y").build().isMissing(file)).isFalse();
    assertThat(files.isVolatile())
        .as("what says nothing of it does not change by itself")
        .isFalse();
  }

  /** It decides nothing: an API that is silent fails no status. */
  @Test
  void aLookAtTheClusterTellsWhatItSawAndDoesNothing() {
    var output = new Output<>("seen", String.class);
    var look =
        new ClusterLook<>(output, List.of(NODE), seen -> seen.of(NODE).isPresent() ? "w1" : "none");
    var target = new Target.OnCluster(io.provision.engine.TestInventory.of(List.of()));
    assertThat(look.probes(target)).isEqualTo(Probes.ofCluster(List.of(NODE)));
    assertThat(look.provides(target)).isEqualTo(java.util.Set.of(output));
    assertThat(look.mayDo()).isEmpty();
    var seen = new Observations.Builder().put(NODE, Optional.empty()).build();
    assertThat(look.check(target, seen, Known.NOTHING))
        .isEqualTo(new Check.InSync(Observed.of(output, "none")));
  }

  /** What is taken away for good must be said by a step that can do that. */
  @Test
  void aStepThatSaysNothingMayDoAllButRemove() {
    var step =
        new Step<Target.OnDesk>() {
          @Override
          public Probes probes(Target.OnDesk target) {
            return Probes.NONE;
          }

          @Override
          public Check check(Target.OnDesk target, Observations seen, Known known) {
            return new Check.InSync();
          }
        };
    assertThat(step.mayDo())
        .doesNotContain(Change.Action.REMOVE)
        .hasSize(Change.Action.values().length - 1);
    assertThat(step.mayRemove()).isEmpty();
    assertThat(new Output<>("its name", String.class)).hasToString("its name");
  }
}

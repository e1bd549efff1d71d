package io.provision.steps;

import io.provision.desk.DeskQuestion;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.DeclaredObject;
import io.provision.kube.ObjectStates;
import io.provision.kube.Reaches;
import io.provision.kube.WholeObjects;
import io.provision.remote.Frame;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a host can answer that is not as it should be; of cluster and desk: nothing is there. */
final class OddAnswers {
  static final Map<String, Frame> ALL =
      Map.of(
          "nothing", new Frame(0, ""),
          "no such program", new Frame(127, ""),
          "nothing and fails", new Frame(1, ""),
          "a word", new Frame(0, "garbage"),
          "a word and fails", new Frame(3, "garbage\ngarbage"),
          "bytes", new Frame(0, "\u0001\uFFFD\0\n\n= : /\t\n"),
          "half a number", new Frame(0, "-7 99999999999999999999 1.5 0x"),
          "half a document", new Frame(0, "{\"a\": [}\n<node><x>\n---\na: [\n"),
          "one long line", new Frame(0, "0123456789abcde/".repeat(1 << 12)),
          "many lines", new Frame(255, "a b c = 1 -\n".repeat(1 << 10)));

  private OddAnswers() {}

  /** The same answer to every question. */
  static Observations to(Probes probes, Frame frame) {
    var seen = new Observations.Builder();
    probes.questions().forEach(question -> put(question, frame, seen));
    probes.cluster().forEach(question -> seen.put(question, absent(question)));
    probes.desk().forEach(question -> put(question, seen));
    return seen.build();
  }

  private static <A> void put(Question<A> question, Frame frame, Observations.Builder seen) {
    seen.put(question, question.kind().read(List.of(question), frame).getFirst());
  }

  private static Object absent(ClusterQuestion<?> question) {
    return switch (question) {
      case ClusterQuestion.One _, ClusterQuestion.InPassing _ -> Optional.empty();
      case ClusterQuestion.Declared _ -> new DeclaredObject(Optional.empty());
      case ClusterQuestion.All _ -> List.of();
      case ClusterQuestion.Whole _ -> WholeObjects.unheard("no route to host");
      case ClusterQuestion.FromHere _ -> Reaches.unheard("no route to host");
      case ClusterQuestion.States _ -> new ObjectStates.Unheard("no route to host");
    };
  }

  private static void put(DeskQuestion<?> question, Observations.Builder seen) {
    switch (question) {
      case DeskQuestion.KubeconfigEntry it -> seen.put(it, Optional.empty());
      case DeskQuestion.Pins it -> seen.put(it, Map.of());
      case DeskQuestion.PinnedOf it -> seen.put(it, Set.of());
      case DeskQuestion.Offered it -> seen.put(it, Set.of());
      case DeskQuestion.Lying it -> seen.put(it, Map.of());
      case DeskQuestion.Published it -> seen.put(it, Map.of());
      case DeskQuestion.Text it -> seen.put(it, Optional.empty());
    }
  }
}

package io.provision.engine.session;

import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.step.Kind;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** All questions of a target, each asked once, those of a kind in one call where they can be. */
public final class LookScript {
  private record Batch(Kind<?> kind, List<Question<?>> questions) {}

  private final List<Batch> batches = new ArrayList<>();

  public LookScript(Collection<Probes> probes) {
    Map<Kind<?>, LinkedHashSet<Question<?>>> byKind = new LinkedHashMap<>();
    probes.stream()
        .flatMap(each -> each.questions().stream())
        .forEach(question ->
            byKind.computeIfAbsent(question.kind(), _ -> new LinkedHashSet<>()).add(question));
    byKind.forEach((kind, questions) -> {
      if (kind.batched()) {
        batches.add(new Batch(kind, List.copyOf(questions)));
      } else {
        questions.forEach(question -> batches.add(new Batch(kind, List.of(question))));
      }
    });
  }

  public int questions() {
    return batches.stream().mapToInt(batch -> batch.questions().size()).sum();
  }

  List<Call> calls() {
    return batches.stream()
        .map(batch ->
            new Call(
                batch.kind().function(),
                batch.questions().stream()
                    .flatMap(question -> question.arguments().stream())
                    .toList()))
        .toList();
  }

  /** Puts the frames of {@link #calls} where the questions' answers belong. */
  void read(List<Frame> frames, Observations.Builder seen) {
    for (var i = 0; i < batches.size(); i++) {
      read(batches.get(i), frames.get(i), seen);
    }
  }

  @SuppressWarnings("unchecked") // a batch holds questions of its own kind only
  private static <A> void read(Batch batch, Frame frame, Observations.Builder seen) {
    var kind = (Kind<A>) batch.kind();
    var questions = (List<Question<A>>) (List<?>) batch.questions();
    var answers = kind.read(questions, frame);
    if (answers.size() != questions.size()) {
      throw new IllegalStateException(
          "%s gave %d answers to %d questions"
              .formatted(kind.function().name(), answers.size(), questions.size()));
    }
    for (var i = 0; i < answers.size(); i++) {
      seen.put(questions.get(i), answers.get(i));
    }
  }
}

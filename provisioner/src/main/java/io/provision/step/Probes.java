package io.provision.step;

import io.provision.desk.DeskQuestion;
import java.util.ArrayList;
import java.util.List;

/** What a step asks of its target. */
public record Probes(List<Question<?>> questions, List<DeskQuestion<?>> desk) {
  public static final Probes NONE = new Probes(List.of(), List.of());

  public Probes {
    questions = List.copyOf(questions);
    desk = List.copyOf(desk);
  }

  public static Probes of(Question<?>... questions) {
    return new Probes(List.of(questions), List.of());
  }

  public static Probes of(DeskQuestion<?>... questions) {
    return new Probes(List.of(), List.of(questions));
  }

  public Probes and(Probes other) {
    var both = new ArrayList<Question<?>>(questions);
    both.addAll(other.questions);
    var desks = new ArrayList<DeskQuestion<?>>(desk);
    desks.addAll(other.desk);
    return new Probes(both, desks);
  }
}

package io.provision.step;

import io.provision.desk.DeskQuestion;
import io.provision.kube.ClusterQuestion;
import java.util.HashMap;
import java.util.Map;

/** What a look saw: the answer to each question that was asked. */
public final class Observations {
  private final Map<Object, Object> answers;

  private Observations(Map<Object, Object> answers) {
    this.answers = Map.copyOf(answers);
  }

  /** The answer; asking for what {@link Step#probes} did not name is a bug of the step. */
  @SuppressWarnings("unchecked") // put() only takes an answer of the question's own type
  public <A> A of(Question<A> question) {
    return (A) find(question);
  }

  /** As {@link #of(Question)}, on the operator's machine. */
  @SuppressWarnings("unchecked")
  public <A> A of(DeskQuestion<A> question) {
    return (A) find(question);
  }

  /** As {@link #of(Question)}, of the cluster's API. */
  @SuppressWarnings("unchecked")
  public <A> A of(ClusterQuestion<A> question) {
    return (A) find(question);
  }

  /** Whether all of these were asked already. */
  public boolean answer(Probes probes) {
    return answers.keySet().containsAll(probes.questions())
        && answers.keySet().containsAll(probes.desk())
        && answers.keySet().containsAll(probes.cluster());
  }

  /** Whether what was asked about was not there. */
  public <A> boolean isMissing(Question<A> question) {
    return question.kind().isMissing(of(question));
  }

  /** These answers, with newer ones in place of older ones. */
  public Observations updated(Observations newer) {
    var all = new HashMap<Object, Object>(answers);
    all.putAll(newer.answers);
    return new Observations(all);
  }

  /** What was answered to these questions, for a digest: their answers as text, in order. */
  public String transcript(Probes probes) {
    var text = new StringBuilder();
    for (var question : probes.questions()) {
      if (!question.kind().isVolatile()) {
        text.append(question.arguments())
            .append(Canonical.text(answers.get(question)))
            .append('\n');
      }
    }
    for (var question : probes.desk()) {
      text.append(Canonical.text(question))
          .append(Canonical.text(answers.get(question)))
          .append('\n');
    }
    for (var question : probes.cluster()) {
      text.append(Canonical.text(question))
          .append(Canonical.text(answers.get(question)))
          .append('\n');
    }
    return text.toString();
  }

  private Object find(Object question) {
    var answer = answers.get(question);
    if (answer == null) {
      throw new IllegalStateException("not among the step's probes: " + question);
    }
    return answer;
  }

  /** Collects answers. */
  public static final class Builder {
    private final Map<Object, Object> answers = new HashMap<>();

    public <A> Builder put(Question<A> question, A answer) {
      answers.put(question, answer);
      return this;
    }

    public <A> Builder put(DeskQuestion<A> question, A answer) {
      answers.put(question, answer);
      return this;
    }

    /** The answer must be of the question's own type; the adapter promises that. */
    public Builder put(ClusterQuestion<?> question, Object answer) {
      answers.put(question, answer);
      return this;
    }

    public Observations build() {
      return new Observations(answers);
    }
  }
}

package io.provision.step;

import io.provision.desk.DeskQuestion;
import io.provision.kube.ClusterQuestion;
import java.util.List;
import java.util.stream.Stream;

/** What a step asks of its target. */
public record Probes(
    List<Question<?>> questions, List<DeskQuestion<?>> desk, List<ClusterQuestion<?>> cluster) {
  public static final Probes NONE = new Probes(List.of(), List.of(), List.of());

  public Probes {
    questions = List.copyOf(questions);
    desk = List.copyOf(desk);
    cluster = List.copyOf(cluster);
  }

  public static Probes of(Question<?>... questions) {
    return ofAll(List.of(questions));
  }

  public static Probes ofAll(List<Question<?>> questions) {
    return new Probes(questions, List.of(), List.of());
  }

  public static Probes of(DeskQuestion<?>... questions) {
    return new Probes(List.of(), List.of(questions), List.of());
  }

  public static Probes ofCluster(List<ClusterQuestion<?>> questions) {
    return new Probes(List.of(), List.of(), questions);
  }

  public Probes and(Probes other) {
    return new Probes(
        both(questions, other.questions), both(desk, other.desk), both(cluster, other.cluster));
  }

  private static <Q> List<Q> both(List<Q> one, List<Q> other) {
    return Stream.concat(one.stream(), other.stream()).toList();
  }
}

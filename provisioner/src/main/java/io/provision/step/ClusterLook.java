package io.provision.step;

import io.provision.kube.ClusterQuestion;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Looks at the cluster for a status: it decides nothing, changes nothing, and fails nothing where
 * the API is silent.
 *
 * @param seen what it provides
 * @param reading what the answers to its questions come to
 */
public record ClusterLook<V>(
    Output<V> seen, List<ClusterQuestion<?>> questions, Function<Observations, V> reading)
    implements Step<Target.OnCluster> {
  public ClusterLook {
    questions = List.copyOf(questions);
  }

  @Override
  public Probes probes(Target.OnCluster target) {
    return Probes.ofCluster(questions);
  }

  @Override
  public Set<Output<?>> provides(Target.OnCluster target) {
    return Set.of(seen);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    return new Check.InSync(Observed.of(this.seen, reading.apply(seen)));
  }
}

package io.provision.steps.kubernetes.placement;

import io.provision.kube.ClusterQuestion;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * {@code room-elsewhere}: looks at all nodes and pods of a cluster, and says of each node whether
 * its pods fit on the others. It is asked only where nodes are to be rebooted, in lists of which
 * each can be long; it changes nothing, and fails nothing where the API is silent.
 */
public record RoomElsewhere() implements Step<Target.OnCluster> {
  public static final String NAME = "room-elsewhere";

  /** What was seen of each node. */
  public static final Output<Fits> FITS = new Output<>("room-elsewhere", Fits.class);

  private static final Duration BUDGET = Duration.ofSeconds(30);
  private static final ClusterQuestion.Whole NODES = all("v1", "Node");
  private static final ClusterQuestion.Whole PODS = all("v1", "Pod");
  private static final ClusterQuestion.Whole CLAIMS = all("v1", "PersistentVolumeClaim");
  private static final ClusterQuestion.Whole VOLUMES = all("v1", "PersistentVolume");
  private static final ClusterQuestion.Whole BUDGETS = all("policy/v1", "PodDisruptionBudget");
  private static final List<ClusterQuestion.Whole> ALL =
      List.of(NODES, PODS, CLAIMS, VOLUMES, BUDGETS);

  private static ClusterQuestion.Whole all(String apiVersion, String kind) {
    return new ClusterQuestion.Whole(apiVersion, kind, BUDGET);
  }

  /**
   * What was seen.
   *
   * @param nodes by their names
   * @param unheard why nothing was seen; empty where something was
   * @param together what is seen of several that are away at the same time
   */
  public record Fits(
      Map<String, NodeFit> nodes,
      Optional<String> unheard,
      Function<List<String>, NodeFit> together) {
    public Fits {
      nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
    }
  }

  @Override
  public Probes probes(Target.OnCluster target) {
    return Probes.ofCluster(List.copyOf(ALL));
  }

  @Override
  public Set<Output<?>> provides(Target.OnCluster target) {
    return Set.of(FITS);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    return new Check.InSync(Observed.of(FITS, fits(seen)));
  }

  private static Fits fits(Observations seen) {
    var unheard = ALL.stream().map(seen::of).flatMap(it -> it.unheard().stream()).findFirst();
    if (unheard.isPresent()) {
      return new Fits(Map.of(), unheard, RoomElsewhere::nothing);
    }
    var room =
        new ClusterRoom(
            new ClusterRoom.Lists(
                seen.of(NODES).objects(),
                seen.of(PODS).objects(),
                seen.of(CLAIMS).objects(),
                seen.of(VOLUMES).objects(),
                seen.of(BUDGETS).objects()));
    return new Fits(room.fits(), Optional.empty(), room::fit);
  }

  private static NodeFit nothing(List<String> names) {
    throw new IllegalStateException("nothing was seen of " + names);
  }
}

package io.provision.engine;

import io.provision.desk.DeskException;
import io.provision.engine.session.ClusterSession;
import io.provision.engine.session.Interrupt;
import io.provision.engine.session.TargetExecutor;
import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterChange;
import io.provision.kube.ClusterException;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * What changes objects of the cluster and looks at them again.
 *
 * @param access what must be there before the API can be asked
 */
record ClusterExecutor(Survey survey, Outputs outputs, List<Need> access, Interrupt interrupt)
    implements TargetExecutor {
  private static final int MOST_ATTEMPTS = 40;
  private static final Duration BETWEEN = Duration.ofSeconds(3);

  @Override
  public Result repair(Repair repair, Collection<Probes> again, Consumer<String> progress)
      throws ClusterException, DeskException, InterruptedException {
    var api = api();
    switch (repair) {
      case Repair.OnCluster(var changes) -> {
        for (var change : changes) {
          change(api, change, progress);
        }
      }
      case Repair.OnHost _,
          Repair.OnDesk _,
          Repair.OnApi _,
          Repair.Reboot _,
          Repair.PowerCut _,
          Repair.AwaitHosts _,
          Repair.OnOthers _,
          Repair.AwaitChecks _,
          Repair.RunHooks _,
          Repair.Tell _,
          Repair.InWindow _,
          Repair.Guarded _,
          Repair.InOrder _ ->
          throw new IllegalStateException("a step on the cluster repairs the cluster");
    }
    return new Result.Seen(ClusterSession.ask(api, again));
  }

  /**
   * What a webhook checks that has only just come up is tried again while it may pass: two minutes.
   */
  private void change(ClusterApi api, ClusterChange change, Consumer<String> progress)
      throws ClusterException, InterruptedException {
    for (var attempt = 1; ; attempt++) {
      try {
        api.change(change);
        return;
      } catch (ClusterException e) {
        if (!e.isPassing() || attempt >= MOST_ATTEMPTS) {
          throw e;
        }
        progress.accept("trying again in %d s: %s".formatted(BETWEEN.toSeconds(), e.what()));
        interrupt.pause(BETWEEN);
      }
    }
  }

  @Override
  public Result await(Awaited awaited, Collection<Probes> again) {
    throw new IllegalStateException(
        "what a cluster comes to is looked at, not waited for on a host");
  }

  @Override
  public Observations look(Collection<Probes> probes)
      throws ClusterException, DeskException, InterruptedException {
    try {
      return ClusterSession.ask(api(), probes);
    } catch (ClusterException e) {
      var unasked = ClusterSession.unasked(probes, e.what());
      if (unasked.isPresent()) {
        return unasked.get();
      }
      throw e;
    }
  }

  private ClusterApi api() throws ClusterException, DeskException, InterruptedException {
    return switch (outputs.await(access)) {
      case Outputs.Resolution.Ready(var known) -> survey.open(known);
      case Outputs.Resolution.NotYet(var reason) -> throw none(reason);
      case Outputs.Resolution.Impossible(var reason) -> throw none(reason);
    };
  }

  private static ClusterException none(String reason) {
    return new ClusterException(
        "the cluster's API is not there: " + reason, "bring a control plane up first", null);
  }
}

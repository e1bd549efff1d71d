package io.provision.kube;

import io.provision.model.rotation.Fact;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Carries actions out on one cluster.
 *
 * @param time between two requests about the same thing
 * @param progress told what is waited for, when that changes
 * @param learnt told what a summary tells
 */
public record ClusterActions(
    ClusterApi.Work work, Time time, Consumer<String> progress, Consumer<Fact> learnt) {
  /** Where nobody sums it up. */
  public ClusterActions(ClusterApi.Work work, Time time, Consumer<String> progress) {
    this(work, time, progress, _ -> {});
  }

  public void run(ClusterAction action) throws ClusterException, InterruptedException {
    switch (action) {
      case ClusterAction.Drain drain -> drain(drain);
      case ClusterAction.TakeTurn(var node, var company) ->
          new TurnLease(work, node, time, progress).take(company);
      case ClusterAction.AwaitPresent present ->
          new PresentNodes(work, present, time, progress).await();
      case ClusterAction.SpreadAgain spread -> new SpreadAgain(work, spread, time, progress).run();
      case ClusterAction.ClaimInTurn(var node, var claim) ->
          claimInTurn(new NodeClaim(work, node, claim));
      case ClusterAction.NotePowerCut(var node) -> new NodeClaim(work, node, "").notePowerCut();
      case ClusterAction.EndTurn(var node) -> new TurnLease(work, node, time, progress).end();
      case ClusterAction.Claim(var node, var claim) -> new NodeClaim(work, node, claim).take();
      case ClusterAction.EndPods(var node, var timeout) ->
          new PodsEnd(work, node, time, progress).run(timeout);
      case ClusterAction.RefuseForeign(var node, var claim) ->
          new NodeClaim(work, node, claim).refuseForeign();
      case ClusterAction.RefuseClaimed(var node) -> new NodeClaim(work, node, "").refuseClaimed();
      case ClusterAction.RefuseUncordoned(var node) ->
          new NodeClaim(work, node, "").refuseUncordoned();
      case ClusterAction.Uncordon(var node, var claim) ->
          inUse(node, new NodeClaim(work, node, claim).uncordon());
      case ClusterAction.Release(var node, var claim) ->
          inUse(node, new NodeClaim(work, node, claim).release());
      case ClusterAction.AwaitDetached(var node, var timeout) ->
          volumes(node).awaitDetached(timeout);
      case ClusterAction.Tell(var notes) -> notes.forEach(it -> progress.accept("note: " + it));
      case ClusterAction.TellAttached(var node) -> volumes(node).tell();
      case ClusterAction.Request request -> new AnnotatedRequest(work, time, request).run(progress);
      case ClusterAction.Delete(var ref) -> work.delete(ref);
      case ClusterAction.Await await -> await(await);
    }
  }

  private void claimInTurn(NodeClaim claim) throws ClusterException {
    new TurnLease(work, claim.node(), time, progress).claim(claim);
    learnt.accept(new Fact.OutOfUse());
  }

  private void drain(ClusterAction.Drain drain) throws ClusterException, InterruptedException {
    var claim = new NodeClaim(work, drain.node(), drain.claim());
    new NodeDrain(work, claim, time, progress, learnt).run(drain.timeout(), drain.detached());
  }

  private void inUse(String node, boolean isNew) {
    if (!isNew) {
      return;
    }
    learnt.accept(new Fact.InUse());
    try {
      learnt.accept(new Fact.Pods(RawPod.running(work.podsOn(node))));
    } catch (ClusterException _) {
      // how many there are is not known then, and nothing depends on it
    }
  }

  private NodeVolumes volumes(String node) {
    return new NodeVolumes(work, node, time, progress);
  }

  /** An API that does not answer is waited for as well: it may be what restarts. */
  private void await(ClusterAction.Await await) throws ClusterException, InterruptedException {
    progress.accept("waiting for " + await.what());
    var patience = time.patience(await.timeout());
    while (true) {
      var missing = missing(await);
      if (missing.isEmpty()) {
        return;
      }
      if (patience.isOver()) {
        throw new ClusterException(
            "timed out after %d s waiting for %s (%s)"
                .formatted(await.timeout().toSeconds(), await.what(), missing.get()),
            await.remedy(),
            null);
      }
      time.pause(Time.BETWEEN_LOOKS);
    }
  }

  private Optional<String> missing(ClusterAction.Await await) {
    try {
      return await.condition().missing(work.read(await.ref()).map(ObjectStates.State::of));
    } catch (ClusterException e) {
      return Optional.of(e.what());
    }
  }
}

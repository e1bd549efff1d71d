package io.provision.kube;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A read-only question about a cluster; {@code A} is its answer. A kind that the API does not know
 * has no objects.
 */
public sealed interface ClusterQuestion<A> {

  /** One object. */
  record One(ObjectRef ref) implements ClusterQuestion<Optional<LiveObject>> {}

  /** The object that somebody declares; where it may differ, with the API's own preview. */
  record Declared(Manifest manifest) implements ClusterQuestion<DeclaredObject> {}

  /**
   * Objects of one kind, in the order of namespaces and names.
   *
   * @param selector as {@code kubectl -l} takes it; empty for all
   */
  record All(String apiVersion, String kind, String selector)
      implements ClusterQuestion<List<LiveObject>> {}

  /**
   * As {@link All}, asked in passing: where the API cannot be asked the answer is empty, and that
   * fails nothing.
   */
  record InPassing(All all) implements ClusterQuestion<Optional<List<LiveObject>>> {}

  /**
   * Objects of one kind with their status, for people: asked in passing and within a budget of its
   * own, so that a slow API holds up nothing and a silent one fails nothing.
   *
   * @param most how many at most
   * @param budget until it has answered
   */
  record States(String apiVersion, String kind, int most, Duration budget)
      implements ClusterQuestion<ObjectStates> {}

  /**
   * All objects of one kind as they are, for arithmetic over a whole cluster: asked page by page,
   * in passing, and within a budget of its own. For commands that need it, never for what each run
   * asks.
   *
   * @param budget until it has answered
   */
  record Whole(String apiVersion, String kind, Duration budget)
      implements ClusterQuestion<WholeObjects> {}

  /**
   * Whether the addresses of services of type LoadBalancer answer from this machine, on their first
   * TCP port; asked in passing, all at once, and nothing is sent to them.
   *
   * @param most how many at most
   * @param each until one has answered
   */
  record FromHere(int most, Duration each) implements ClusterQuestion<Reaches> {}
}

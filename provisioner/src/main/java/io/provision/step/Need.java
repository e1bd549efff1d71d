package io.provision.step;

import io.provision.model.Host;
import java.util.List;

/** An output that must be settled before a check, and who has it. */
public record Need(Output<?> output, Provider of, Quantity quantity) {

  /** How many of the providers must have it. */
  public enum Quantity {
    /** Every one; where one can never have it, the step is skipped with the reason. */
    ALL,
    /** Waits for every one and does with those that have it. */
    SOME,
    /**
     * As {@link #SOME}, but a plan compares with what is known already: for what decides not
     * whether something is to be done, but when.
     */
    SOME_SO_FAR,
    /** The first that has it is enough; skipped when none ever can. */
    ANY,
    /** As {@link #ANY}, but a plan waits for none, as with {@link #SOME_SO_FAR}. */
    ANY_SO_FAR
  }

  public static Need all(Output<?> output, List<Host> hosts) {
    return new Need(output, Provider.Hosts.of(hosts), Quantity.ALL);
  }

  public static Need some(Output<?> output, List<Host> hosts) {
    return new Need(output, Provider.Hosts.of(hosts), Quantity.SOME);
  }

  public static Need someSoFar(Output<?> output, List<Host> hosts) {
    return new Need(output, Provider.Hosts.of(hosts), Quantity.SOME_SO_FAR);
  }

  public static Need any(Output<?> output, List<Host> hosts) {
    return new Need(output, Provider.Hosts.of(hosts), Quantity.ANY);
  }

  public static Need anySoFar(Output<?> output, List<Host> hosts) {
    return new Need(output, Provider.Hosts.of(hosts), Quantity.ANY_SO_FAR);
  }

  /** The cluster's one; where it can never have it, the step is skipped with the reason. */
  public static Need cluster(Output<?> output) {
    return new Need(output, new Provider.Cluster(), Quantity.ALL);
  }

  /** The cluster's one; the step does without where it can never have it. */
  public static Need clusterIfEver(Output<?> output) {
    return new Need(output, new Provider.Cluster(), Quantity.SOME);
  }

  /** As {@link #clusterIfEver}, but a plan does with what is known already. */
  public static Need clusterSoFar(Output<?> output) {
    return new Need(output, new Provider.Cluster(), Quantity.SOME_SO_FAR);
  }

  /** That of the operator's machine; as {@link #cluster} where it can never have it. */
  public static Need local(Output<?> output) {
    return new Need(output, new Provider.Local(), Quantity.ALL);
  }
}

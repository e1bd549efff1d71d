package io.provision.step;

import io.provision.model.Host;
import io.provision.model.HostName;
import java.util.List;

/**
 * An output that must be settled before a check.
 *
 * @param of the hosts whose output it is; empty means the operator's desk
 */
public record Need(Output<?> output, List<HostName> of, Quantity quantity) {

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

  public Need {
    of = List.copyOf(of);
  }

  public static Need all(Output<?> output, List<Host> hosts) {
    return new Need(output, names(hosts), Quantity.ALL);
  }

  public static Need some(Output<?> output, List<Host> hosts) {
    return new Need(output, names(hosts), Quantity.SOME);
  }

  public static Need someSoFar(Output<?> output, List<Host> hosts) {
    return new Need(output, names(hosts), Quantity.SOME_SO_FAR);
  }

  public static Need any(Output<?> output, List<Host> hosts) {
    return new Need(output, names(hosts), Quantity.ANY);
  }

  public static Need anySoFar(Output<?> output, List<Host> hosts) {
    return new Need(output, names(hosts), Quantity.ANY_SO_FAR);
  }

  public static Need desk(Output<?> output) {
    return new Need(output, List.of(), Quantity.ALL);
  }

  private static List<HostName> names(List<Host> hosts) {
    return hosts.stream().map(Host::name).toList();
  }
}

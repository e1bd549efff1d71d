package io.provision.kube;

import java.util.List;

/**
 * With whom a node may be out of use.
 *
 * @param beside names of the nodes that may be at the same time; empty for none
 * @param most how many at a time, with this one; with 1 it waits until all of them are back
 */
public record Company(List<String> beside, int most) {
  /** As the only one. */
  public static final Company NONE = new Company(List.of(), 1);

  public Company {
    beside = List.copyOf(beside);
  }

  /** Whether it may go while these are away. */
  boolean suits(List<String> away) {
    return away.isEmpty() || away.size() < most && beside.containsAll(away);
  }

  /** The same nodes, and it waits until all of them are back. */
  public Company oneByOne() {
    return new Company(beside, 1);
  }
}

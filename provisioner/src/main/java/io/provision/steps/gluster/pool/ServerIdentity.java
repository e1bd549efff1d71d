package io.provision.steps.gluster.pool;

import io.provision.step.Output;

/**
 * By what a pool knows a host: who its daemon is.
 *
 * @param settled whether it has peers or volumes
 */
public record ServerIdentity(String uuid, boolean settled) {
  public static final Output<ServerIdentity> OUTPUT =
      new Output<>("gluster-identity", ServerIdentity.class);

  @Override
  public String toString() {
    return uuid;
  }
}

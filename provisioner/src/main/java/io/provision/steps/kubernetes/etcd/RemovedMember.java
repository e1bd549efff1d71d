package io.provision.steps.kubernetes.etcd;

import io.provision.remote.ShellFunction;

/**
 * A control plane that was taken out of etcd while it was away, and comes back with what it had:
 * its member never starts again (etcd, server/etcdserver/server.go).
 */
public final class RemovedMember {
  /** {@code explain_removed_member}: in the words of all distributions. */
  public static final ShellFunction EXPLAIN =
      new ShellFunction(
          "explain_removed_member",
          """
          echo "reason: its etcd was taken out of the cluster while this host was away, and never comes back as it is"
          echo "hint: 'provision remove' with its name takes off what lies here, and then 'provision apply' has it join as a new one"
          return 0\
          """);

  private RemovedMember() {}
}

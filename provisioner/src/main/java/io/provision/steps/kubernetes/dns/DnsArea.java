package io.provision.steps.kubernetes.dns;

import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of a cluster's DNS: one line a step. */
public final class DnsArea {
  public static final Area AREA =
      Area.of(
          new StepEntry(
              "cluster-dns",
              ClusterDns.class,
              "Waits until the cluster's DNS answers on every node."),
          new StepEntry(
              "dns-spread",
              DnsSpread.class,
              "Moves pods of CoreDNS where all of them run on one of several nodes."));

  private DnsArea() {}
}

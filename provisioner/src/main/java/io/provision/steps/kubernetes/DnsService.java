package io.provision.steps.kubernetes;

import io.provision.model.Cluster;

/**
 * Where the cluster's DNS answers, and for which names.
 *
 * @param address of its Service
 * @param domain of the cluster
 */
public record DnsService(String address, String domain) {
  /** Every distribution takes this address of the services unless it is told another one. */
  private static final int TENTH = 10;

  public static final String USUAL_DOMAIN = "cluster.local";

  public static String usualAddress(Cluster cluster) {
    return cluster.network().serviceCidr().at(TENTH).getHostAddress();
  }
}

package io.provision.step;

import io.provision.model.Cluster;
import io.provision.model.Host;
import java.util.List;
import java.util.Optional;

/**
 * An inventory that nobody has written yet.
 *
 * @param text YAML, with the reasons as comments
 * @param reasons what somebody should know before it is used, a sentence each
 */
public record FirstInventory(String text, List<String> reasons) {
  public FirstInventory {
    reasons = List.copyOf(reasons);
  }

  /**
   * What somebody wants one of.
   *
   * @param cluster its name
   * @param version of the distribution, where it was said
   * @param controlPlanes how many of the hosts are to be ones, at least one
   * @param kubeconfig where its context is merged into, as it is written
   * @param ssh lines of the section {@code ssh}, as they are written
   * @param hosts in the order they were named, logged in to as they are
   */
  public record Wish(
      String cluster,
      Cluster.Distribution distribution,
      Optional<String> version,
      int controlPlanes,
      String kubeconfig,
      List<String> ssh,
      List<Host> hosts) {
    public Wish {
      ssh = List.copyOf(ssh);
      hosts = List.copyOf(hosts);
    }
  }
}

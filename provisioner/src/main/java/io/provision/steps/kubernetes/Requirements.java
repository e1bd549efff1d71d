package io.provision.steps.kubernetes;

import java.util.List;

/**
 * What a node needs of its host, and what of a host is the node itself.
 *
 * @param memory in KiB: what the publisher asks for, less what a kernel keeps for itself
 * @param disk in KiB: the programs, what they unpack, and the images that every node has
 * @param place where all that lies; an absolute path
 * @param runsFromPlace whether programs of the node itself are among it
 * @param freePercent below which the kubelet evicts pods (eviction-hard nodefs.available)
 * @param freeInodesPercent the same of inodes (nodefs.inodesFree); 0 where it evicts nobody for
 *     them
 * @param ports that it listens on, by protocol and port, for example {@code tcp/6443}
 * @param units of the node, whatever its role
 * @param programs as {@code ss} calls those of the node: a start of their names
 * @param kubeletFiles a directory of KubeletConfigurations that the kubelet reads; an absolute path
 */
public record Requirements(
    long memory,
    long disk,
    String place,
    boolean runsFromPlace,
    int freePercent,
    int freeInodesPercent,
    List<String> ports,
    List<String> units,
    List<String> programs,
    String kubeletFiles) {
  /**
   * What Calico listens on where it is VXLAN without BGP: that and Typha
   * (https://docs.tigera.io/calico/latest/getting-started/kubernetes/requirements), and where Typha
   * and Felix are asked on 127.0.0.1 how they are.
   */
  public static final List<String> OF_CALICO =
      List.of("udp/4789", "tcp/5473", "tcp/9098", "tcp/9099");

  /** Where a network listens for VXLAN: flannel's port, and that of RFC 7348. */
  private static final List<String> VXLAN = List.of("udp/8472", "udp/4789");

  /** Whether pods reach each other by VXLAN, which the kernel does. */
  public boolean needVxlan() {
    return ports.stream().anyMatch(VXLAN::contains);
  }

  public Requirements {
    ports = List.copyOf(ports);
    units = List.copyOf(units);
    programs = List.copyOf(programs);
  }
}

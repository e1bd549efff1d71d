package io.provision.load.foreign;

import io.provision.model.Cidr;
import io.provision.model.HostName;
import io.provision.model.NodeAddress;
import io.provision.model.Position;
import io.provision.model.Role;
import io.provision.model.SshAddress;
import io.provision.section.ZoneName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What could be carried over from another tool's file.
 *
 * @param tool whose file it was, for people
 * @param left what was not carried over
 */
record Carried(String tool, OneCluster cluster, List<OneHost> hosts, List<Left> left) {
  Carried {
    hosts = List.copyOf(hosts);
    left = List.copyOf(left);
  }

  /**
   * @param distribution k3s or kubeadm
   * @param disabled what a k3s does not run of its own
   * @param pools ranges of addresses for services
   */
  record OneCluster(
      String distribution,
      Optional<String> version,
      Reach reach,
      Ranges ranges,
      List<String> disabled,
      List<String> pools,
      Optional<ZoneName> timezone) {
    OneCluster {
      disabled = List.copyOf(disabled);
      pools = List.copyOf(pools);
    }

    /** Of which no more is known. */
    OneCluster(String distribution, Optional<String> version, Reach reach, Ranges ranges) {
      this(distribution, version, reach, ranges, List.of(), List.of(), Optional.empty());
    }
  }

  /**
   * How the API is reached.
   *
   * @param virtual an address that the control planes carry
   * @param names of its certificate, besides
   */
  record Reach(Optional<String> endpoint, Optional<NodeAddress> virtual, List<String> names) {
    Reach {
      names = List.copyOf(names);
    }
  }

  /**
   * @param cni flannel or calico, where the file says one of them
   */
  record Ranges(Optional<String> cni, Optional<Cidr> pods, Optional<Cidr> services) {}

  /**
   * @param key the path of a private key, as it is written there
   */
  record OneHost(
      HostName name,
      Optional<SshAddress> address,
      Optional<NodeAddress> nodeAddress,
      Set<Role> roles,
      Optional<String> user,
      Optional<Integer> port,
      Optional<String> key) {
    OneHost {
      roles = Set.copyOf(roles);
    }
  }

  /**
   * A key that was not carried over; its value, which may be a secret, is not kept.
   *
   * @param why and what to do
   */
  record Left(Position at, String key, String why) {
    @Override
    public String toString() {
      return "%s: '%s' was not carried over: %s".formatted(at, key, why);
    }
  }
}

package io.provision.steps.cni;

import io.provision.model.Cluster;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Nodes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code pod-mtu}: packets of pods fit through the interface that nodes reach each other by. A
 * network that is too narrow comes up all the same: nodes are Ready, short questions are answered,
 * and what is long gets lost. Changes nothing.
 */
public record PodMtu(Distributions distributions) implements Step<Target.OnHost> {
  /** What VXLAN puts around a packet, with its own IP header: RFC 7348, section 5. */
  private static final int AROUND_IPV4 = 50;

  private static final int AROUND_IPV6 = 70;

  /** RFC 8200, section 5; Linux has no IPv6 on an interface with less. */
  private static final int LEAST_OF_IPV6 = 1280;

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.NONE;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var self = List.of(target.host());
    return Set.of(Need.some(Nodes.INTERFACE, self), Need.some(Nodes.MTU, self));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!distributions.of(target).requirements(target).needVxlan()) {
      return new Check.Skipped("its network of pods has no VXLAN");
    }
    var name = target.host().name();
    var device = known.all(Nodes.INTERFACE).get(name);
    var mtu = known.all(Nodes.MTU).get(name);
    if (device == null || mtu == null) {
      return new Check.Skipped("its node address is on no interface that says what it carries");
    }
    return check(target.cluster(), wanted(target), device, mtu);
  }

  /** What the inventory gives pods. */
  private static Optional<Integer> wanted(Target.OnHost target) {
    return Calico.isWanted(target) ? CalicoSettings.of(target).mtu() : Optional.empty();
  }

  private static Check check(Cluster cluster, Optional<Integer> wanted, String device, int mtu) {
    var ipv6 = cluster.network().podCidr().network().isIpv6();
    var around = ipv6 ? AROUND_IPV6 : AROUND_IPV4;
    var left = mtu - around;
    if (ipv6 && left < LEAST_OF_IPV6) {
      return new Check.Refused(
          "%s carries packets of %d bytes, of which VXLAN takes %d: pods would have %d, and IPv6 needs %d"
              .formatted(device, mtu, around, left, LEAST_OF_IPV6),
          "let it carry %d or more, as well as what lies between the nodes; or set node_address to an address of another interface"
              .formatted(LEAST_OF_IPV6 + around));
    }
    if (wanted.filter(it -> it > left).isPresent()) {
      return new Check.Refused(
          "cluster.network.calico.mtu is %d, and %s carries packets of %d bytes, of which VXLAN takes %d: larger ones would get lost between nodes"
              .formatted(wanted.get(), device, mtu, around),
          "set it to %d or less, or leave it out: Calico finds it on the nodes".formatted(left));
    }
    return new Check.InSync();
  }
}

package io.provision.steps.kubevip;

import io.provision.kube.Manifest;
import io.provision.model.NodeAddress;
import io.provision.render.Template;
import io.provision.resource.ClusterObjects;
import io.provision.resource.ManifestText;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Parameter;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.addon.ManifestOverlay;
import io.provision.steps.os.NodeAddressStep;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code kube-vip}: the virtual address of the control plane, carried by the control plane that
 * holds a lease and announced by ARP. Its publisher has no manifest, but a program that prints one
 * (kube-vip.io/docs/installation/daemonset); the template is what that prints, without what an
 * address alone does not need.
 *
 * @param takeOver whether fields that another manager set are taken over
 */
public record KubeVip(
    @Parameter(
            value = "Whether fields that another manager set are taken over.",
            usual = "false",
            example = "true")
        boolean takeOver)
    implements Step<Target.OnCluster> {
  /** https://github.com/kube-vip/kube-vip/releases, the newest of August 2026. */
  static final String VERSION = "v1.2.3";

  private static final Template OBJECTS = Template.of("kube-vip/objects.yaml.ftl");
  private static final KubeVipAddOn ADD_ON = new KubeVipAddOn();

  /** What the template sees. */
  private record Model(String version, String address, String subnet, String networkInterface) {}

  @Override
  public Set<Need> needs(Target.OnCluster target) {
    return target.cluster().virtualIp().isEmpty()
        ? Set.of()
        : Set.of(Need.some(NodeAddressStep.INTERFACE, Nodes.servers(target.inventory())));
  }

  @Override
  public Probes probes(Target.OnCluster target) {
    return Probes.NONE;
  }

  @Override
  public Probes probes(Target.OnCluster target, Known known) {
    return objects(target, known).map(ClusterObjects::probes).orElse(Probes.NONE);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    if (target.cluster().virtualIp().isEmpty()) {
      return new Check.Skipped("the inventory has no virtual_ip");
    }
    if (known.all(NodeAddressStep.INTERFACE).isEmpty()) {
      return new Check.Skipped("the interface of no control plane is known");
    }
    var objects = objects(target, known);
    return objects.isPresent()
        ? objects.get().check(seen)
        : new Check.Refused(
            "the control planes have their addresses on different interfaces (%s)"
                .formatted(words(known)),
            "give the interfaces one name, or take virtual_ip out and name your own balancer as 'endpoint'");
  }

  private static String words(Known known) {
    var words = new TreeMap<String, String>();
    known
        .all(NodeAddressStep.INTERFACE)
        .forEach((host, device) -> words.put(host.value(), host + ": " + device));
    return String.join(", ", words.values());
  }

  /** Empty where there is not one interface for all. */
  private Optional<ClusterObjects> objects(Target target, Known known) {
    var devices = new TreeSet<>(known.all(NodeAddressStep.INTERFACE).values());
    if (target.cluster().virtualIp().isEmpty() || devices.size() != 1) {
      return Optional.empty();
    }
    NodeAddress address = target.cluster().virtualIp().get();
    var model =
        new Model(VERSION, address.toString(), address.isIpv6() ? "128" : "32", devices.first());
    List<Manifest> objects = ManifestText.rendered(OBJECTS, model);
    Map<String, String> labels = ADD_ON.labels();
    return Optional.of(new ClusterObjects(ManifestOverlay.labelled(objects, labels), takeOver));
  }
}

package io.provision.steps.cni;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.ObjectRef;
import io.provision.model.Cluster.Cni;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A network of pods that a living cluster has already. Two of them on one node take each other's
 * pods, and pods keep the addresses of the one that they were made with: so another one is refused
 * by its name, whoever put it there.
 */
record OtherNetwork(Cni wanted) {
  /** Under which names network plugins run, by the manifests of their publishers. */
  private static final Map<ObjectRef, String> KNOWN = known();

  private static Map<ObjectRef, String> known() {
    var known = new LinkedHashMap<ObjectRef, String>();
    known.put(daemonSet("kube-flannel", "kube-flannel-ds"), "flannel");
    known.put(daemonSet("kube-system", "kube-flannel-ds"), "flannel");
    known.put(daemonSet("calico-system", "calico-node"), "calico");
    known.put(daemonSet("kube-system", "calico-node"), "calico without its operator");
    known.put(daemonSet("kube-system", "canal"), "canal");
    known.put(daemonSet("kube-system", "cilium"), "cilium");
    known.put(daemonSet("kube-system", "weave-net"), "weave");
    known.put(daemonSet("kube-system", "kube-router"), "kube-router");
    return known;
  }

  private static ObjectRef daemonSet(String namespace, String name) {
    return new ObjectRef("apps/v1", "DaemonSet", Optional.of(namespace), name);
  }

  private Map<ObjectRef, String> others() {
    var others = new LinkedHashMap<>(KNOWN);
    others.values().removeIf(wanted.name().toLowerCase(Locale.ROOT)::equals);
    return others;
  }

  Probes probes() {
    return Probes.ofCluster(
        others().keySet().stream().<ClusterQuestion<?>>map(ClusterQuestion.One::new).toList());
  }

  Optional<Check.Refused> refusal(Observations seen) {
    return others().entrySet().stream()
        .filter(each -> seen.of(new ClusterQuestion.One(each.getKey())).isPresent())
        .findFirst()
        .map(each ->
            new Check.Refused(
                "the cluster lives with 'cni' %s (%s), and the inventory says %s"
                    .formatted(
                        each.getValue(), each.getKey(), wanted.name().toLowerCase(Locale.ROOT)),
                "set it back; only a new cluster can have another"));
  }
}

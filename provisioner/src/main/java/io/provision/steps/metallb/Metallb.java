package io.provision.steps.metallb;

import io.provision.kube.Manifest;
import io.provision.model.Role;
import io.provision.resource.ClusterObjects;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Parameter;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.PublishedObjects;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * MetalLB itself, as its publisher has it but for one thing: where every node is a control plane,
 * its speakers announce from nodes that are excluded from load balancers too, since kubeadm gives
 * that label to all of them; see https://metallb.io/troubleshooting/
 *
 * @param takeOver whether fields that another manager set are taken over
 */
public record Metallb(
    @Parameter(
            value = "Whether fields that another manager set are taken over.",
            usual = "false",
            example = "true")
        boolean takeOver)
    implements Step<Target.OnCluster> {
  static final String NOT_WANTED = "the inventory has no load_balancer.metallb";

  @Override
  public Probes probes(Target.OnCluster target) {
    return Probes.NONE;
  }

  @Override
  public Probes probes(Target.OnCluster target, Known known) {
    return MetallbManifest.isWanted(target) ? objects(target, known).probes() : Probes.NONE;
  }

  @Override
  public Set<Need> needs(Target.OnCluster target) {
    return MetallbManifest.isWanted(target)
        ? Set.of(Need.local(MetallbManifest.OBJECTS))
        : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    if (!MetallbManifest.isWanted(target)) {
      return new Check.Skipped(NOT_WANTED);
    }
    var objects = objects(target, known);
    return objects.manifests().stream().anyMatch(Metallb::isSpeaker)
        ? objects.check(seen)
        : new Check.Refused(
            "its manifest has no DaemonSet 'speaker' in the namespace metallb-system",
            "look at the file that is pinned in provision.lock: it is not MetalLB's");
  }

  private static boolean isSpeaker(Manifest manifest) {
    return manifest.ref().kind().equals("DaemonSet") && manifest.ref().name().equals("speaker");
  }

  private ClusterObjects objects(Target.OnCluster target, Known known) {
    var published =
        known
            .local(MetallbManifest.OBJECTS)
            .map(PublishedObjects::manifests)
            .orElseThrow(() -> new IllegalStateException("it is needed: metallb-objects"));
    var announcesEverywhere =
        target.inventory().hosts().stream().noneMatch(host -> host.roles().contains(Role.WORKER));
    return new ClusterObjects(
        announcesEverywhere ? published.stream().map(Metallb::announcing).toList() : published,
        takeOver);
  }

  /** A speaker that announces from excluded nodes; every other object as it is. */
  private static Manifest announcing(Manifest manifest) {
    return isSpeaker(manifest)
        ? new Manifest(
            manifest.ref(), map(withFlag(manifest.content(), "spec", "template", "spec")))
        : manifest;
  }

  private static Map<?, ?> withFlag(Map<?, ?> object, String... path) {
    var copy = new LinkedHashMap<Object, Object>(object);
    if (path.length == 0) {
      if (copy.get("containers") instanceof List<?> containers) {
        copy.put("containers", containers.stream().map(Metallb::withFlag).toList());
      }
      return copy;
    }
    if (copy.get(path[0]) instanceof Map<?, ?> below) {
      copy.put(path[0], withFlag(below, java.util.Arrays.copyOfRange(path, 1, path.length)));
    }
    return copy;
  }

  private static Object withFlag(Object container) {
    if (!(container instanceof Map<?, ?> map) || !"speaker".equals(map.get("name"))) {
      return container;
    }
    var copy = new LinkedHashMap<Object, Object>(map);
    var arguments =
        new ArrayList<Object>(map.get("args") instanceof List<?> list ? list : List.of());
    arguments.add("--ignore-exclude-lb");
    copy.put("args", List.copyOf(arguments));
    return copy;
  }

  @SuppressWarnings("unchecked") // the keys of an object are strings
  private static Map<String, Object> map(Map<?, ?> object) {
    return (Map<String, Object>) object;
  }
}

package io.provision.steps.kubernetes.rotation;

import io.provision.kube.LiveObject;
import io.provision.kube.ObjectRef;
import io.provision.steps.kubernetes.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** Who else takes nodes out of use by itself, as the cluster has it; told by their images. */
record Rebooters(List<Rebooter> all) {
  /** https://kured.dev: it reboots by {@code /run/reboot-required} as we do. */
  private static final Pattern KURED = image("kured");

  /** https://github.com/rancher/system-upgrade-controller: it works on nodes by its Plans. */
  private static final Pattern UPGRADES = image("system-upgrade-controller");

  /**
   * One of them.
   *
   * @param who for people
   * @param remedy what to do, where it is to be us
   */
  record Rebooter(String who, String remedy) {}

  Rebooters {
    all = List.copyOf(all);
  }

  /** By the last name of it: whoever mirrors images keeps that. */
  private static Pattern image(String name) {
    return Pattern.compile("(.*/)?%s([:@].*)?".formatted(Pattern.quote(name)));
  }

  static Rebooters of(
      List<LiveObject> daemonSets, List<LiveObject> deployments, List<LiveObject> plans) {
    var all = new ArrayList<Rebooter>();
    daemonSets.stream()
        .filter(it -> runs(it, KURED))
        .map(LiveObject::ref)
        .forEach(ref -> all.add(kured(ref)));
    if (!plans.isEmpty()) {
      deployments.stream()
          .filter(it -> runs(it, UPGRADES) && isWanted(it))
          .map(LiveObject::ref)
          .forEach(ref -> all.add(upgrades(ref, plans)));
    }
    return new Rebooters(all);
  }

  private static Rebooter kured(ObjectRef ref) {
    return new Rebooter(
        "kured (%s)".formatted(ref),
        "let one of the two do it: 'kubectl%s delete daemonset %s', or let kured go on"
            .formatted(in(ref), ref.name()));
  }

  private static Rebooter upgrades(ObjectRef ref, List<LiveObject> plans) {
    var named = plans.stream().map(it -> it.ref().name()).limit(3).toList();
    return new Rebooter(
        "system-upgrade-controller (%s, by %d Plans: %s%s)"
            .formatted(
                ref,
                plans.size(),
                String.join(", ", named),
                plans.size() > named.size() ? ", ..." : ""),
        "take its Plans out, or 'kubectl%s scale deployment %s --replicas=0' while nodes are rebooted"
            .formatted(in(ref), ref.name()));
  }

  private static String in(ObjectRef ref) {
    return ref.namespace().map(" -n %s"::formatted).orElse("");
  }

  private static boolean isWanted(LiveObject deployment) {
    return !Objects.equals(Fields.map(deployment.content().get("spec")).get("replicas"), 0);
  }

  private static boolean runs(LiveObject workload, Pattern image) {
    var template = Fields.map(Fields.map(workload.content().get("spec")).get("template"));
    return Fields.maps(Fields.map(template.get("spec")).get("containers")).stream()
        .anyMatch(it -> image.matcher(Fields.text(it.get("image"))).matches());
  }
}

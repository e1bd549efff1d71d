package io.provision.steps.storage;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.LiveObject;
import io.provision.resource.ObjectsRemoved;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Departure;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Target;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Storage classes that a volume named once, each with the provisioner that was made for it.
 *
 * @param declared the classes of the inventory
 * @param all the classes of the cluster
 */
record LeftClasses(Target.OnCluster target, Set<String> declared, List<LiveObject> all) {
  /** In the order in which they are deleted: by the class the rest is found again. */
  private static final List<ClusterQuestion.All> PARTS =
      Stream.of(
              ours("apps/v1", "Deployment"),
              ours("v1", "ConfigMap"),
              ours("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
              ours("rbac.authorization.k8s.io/v1", "ClusterRole"),
              ours("rbac.authorization.k8s.io/v1", "RoleBinding"),
              ours("rbac.authorization.k8s.io/v1", "Role"),
              ours("v1", "ServiceAccount"))
          .toList();

  private static final ClusterQuestion.All VOLUMES =
      new ClusterQuestion.All("v1", "PersistentVolume", "");

  /** Who made a volume, as every provisioner of Kubernetes' own library writes it. */
  private static final String MADE_BY = "pv.kubernetes.io/provisioned-by";

  private static ClusterQuestion.All ours(String apiVersion, String kind) {
    return new ClusterQuestion.All(apiVersion, kind, ClassObjects.SELECTOR);
  }

  /** What is to be known besides in a run that was asked to remove something. */
  static Probes probes(Known known) {
    return LeftStorage.isRemoval(known)
        ? Probes.ofCluster(List.copyOf(PARTS)).and(Probes.ofCluster(List.of(VOLUMES)))
        : Probes.NONE;
  }

  List<LiveObject> left() {
    return all.stream()
        .filter(ClassObjects::isOurs)
        .filter(live -> !declared.contains(live.ref().name()))
        .toList();
  }

  /** Whether a class is the default that is neither ours nor k3s' own. */
  boolean othersHaveDefault() {
    return all.stream()
        .filter(ClassOfK3s::isDefault)
        .filter(it -> !it.ref().name().equals(ClassOfK3s.NAME))
        .anyMatch(it -> !ClassObjects.isOurs(it));
  }

  /** Whether one that is left is still the default class. */
  boolean hasDefault() {
    return left().stream().anyMatch(ClassOfK3s::isDefault);
  }

  /**
   * @param whenGone what is to be done about another class once the default one has gone
   */
  Check check(Observations seen, Known known, Optional<Check> whenGone) {
    return LeftStorage.of(
        target,
        left(),
        it ->
            LeftStorage.isRemoval(known)
                ? departure(it, seen, whenGone.filter(_ -> ClassOfK3s.isDefault(it)))
                : departure(it, List.of(removed(it)), new Check.Skipped("nobody asked for it")),
        !declared.isEmpty(),
        GlusterStorageClass.NONE);
  }

  private Departure departure(LiveObject left, Observations seen, Optional<Check> besides) {
    var there = Stream.concat(parts(left, seen), Stream.of(left)).toList();
    var changes = there.stream().map(LeftClasses::removed).toList();
    var obstacle = obstacle(left, seen.of(VOLUMES));
    if (obstacle.isPresent()) {
      return departure(left, changes, obstacle.get());
    }
    var removal = ObjectsRemoved.of(there, changes);
    var whole = besides.map(it -> Checks.together(removal, it)).orElse(removal);
    return departure(left, whole instanceof Check.Drift it ? it.changes() : changes, whole);
  }

  /** Why it must stay: somebody still needs its provisioner. */
  private Optional<Check> obstacle(LiveObject left, List<LiveObject> volumes) {
    var needing = needing(left, volumes);
    if (!needing.isEmpty()) {
      return Optional.of(
          new Check.Refused(
              "%s would keep their directories for ever, which its provisioner made and would delete"
                  .formatted(String.join(", ", needing)),
              "delete their claims first, or set their persistentVolumeReclaimPolicy to Retain"));
    }
    var others = sharing(left);
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "%s has the same provisioner, and nothing would serve it any more"
                    .formatted(String.join(", ", others)),
                "delete it first, where nobody needs it"));
  }

  private Departure departure(LiveObject left, List<Change> changes, Check removal) {
    return new Departure(
        LeftStorage.orphan("storageclass", left),
        changes,
        removal,
        "",
        declared.isEmpty()
            ? "The namespace %s stays; delete it where nothing of yours is in it"
                .formatted(ClassObjects.NAMESPACE)
            : "");
  }

  private static Change removed(LiveObject object) {
    return Change.of(Change.Action.REMOVE, object.ref().toString());
  }

  /** What was made for it, in the order in which it goes. */
  private static Stream<LiveObject> parts(LiveObject left, Observations seen) {
    var names = ClassObjects.partsOf(left.ref().name());
    return PARTS.stream()
        .flatMap(question -> seen.of(question).stream())
        .filter(it -> names.contains(it.ref().name()));
  }

  /** Classes of others that its provisioner serves as well. */
  private List<String> sharing(LiveObject left) {
    return all.stream()
        .filter(it -> !it.ref().equals(left.ref()))
        .filter(it -> it.text("provisioner").equals(left.text("provisioner")))
        .map(it -> it.ref().toString())
        .toList();
  }

  /** Volumes whose directories only its provisioner deletes. */
  private static List<String> needing(LiveObject left, List<LiveObject> volumes) {
    var provisioner = left.text("provisioner");
    return volumes.stream()
        .filter(
            it -> it.text("spec", "persistentVolumeReclaimPolicy").equals(Optional.of("Delete")))
        .filter(it -> it.annotation(MADE_BY).equals(provisioner))
        .map(it ->
            it.ref()
                + it.text("spec", "claimRef", "name")
                    .map(claim ->
                        " of the claim %s/%s"
                            .formatted(
                                it.text("spec", "claimRef", "namespace").orElse("default"), claim))
                    .orElse(""))
        .toList();
  }
}

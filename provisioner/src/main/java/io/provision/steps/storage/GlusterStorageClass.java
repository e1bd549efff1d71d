package io.provision.steps.storage;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.resource.ClusterObjects;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Parameter;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.gluster.declared.GlusterStorage;
import io.provision.steps.gluster.declared.GlusterVolume;
import io.provision.steps.kubernetes.addon.AddOn;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A StorageClass for each volume that names one: claims become directories of its mount, which
 * every node has, so that they can be written from all of them (ReadWriteMany).
 *
 * <p>Where a volume is the default class, the class that k3s brings is it no longer; it becomes the
 * default again when no volume is. At a restart k3s makes its own class the default again too: the
 * next run mends that, and where there are two, Kubernetes takes the newer one since 1.26.
 *
 * @param takeOver whether fields that another manager set are taken over
 */
public record GlusterStorageClass(
    @Parameter(
            value = "Whether fields that another manager set are taken over.",
            usual = "false",
            example = "true")
        boolean takeOver)
    implements Step<Target.OnCluster> {
  private static final String STORAGE = "storage.k8s.io/v1";
  private static final String DEFAULT = "storageclass.kubernetes.io/is-default-class";

  private static final ClusterQuestion.All CLASSES =
      new ClusterQuestion.All(STORAGE, "StorageClass", "");

  private static final ClusterQuestion.InPassing IN_PASSING =
      new ClusterQuestion.InPassing(CLASSES);

  static final String NONE = "no volume names a storage class";

  @Override
  public Probes probes(Target.OnCluster target) {
    if (!declares(target)) {
      return LeftStorage.isAsked(target) ? Probes.ofCluster(List.of(IN_PASSING)) : Probes.NONE;
    }
    var asked = new ArrayList<ClusterQuestion<?>>(List.of(CLASSES));
    if (theDefault(target).isPresent()) {
      asked.addAll(ClassOfK3s.questions(target));
    }
    return objects(target).probes().and(Probes.ofCluster(asked));
  }

  @Override
  public Probes probes(Target.OnCluster target, Known known) {
    var more = LeftClasses.probes(known);
    return LeftStorage.isRemoval(known) && !declares(target)
        ? more.and(Probes.ofCluster(List.of(IN_PASSING)))
        : more;
  }

  @Override
  public Set<Need> removalNeeds(Target.OnCluster target) {
    return LeftStorage.removalNeeds(target);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE);
  }

  @Override
  public Set<Change.Action> mayRemove() {
    return Set.of(Change.Action.REMOVE);
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    if (declares(target)) {
      return check(target, seen, known, seen.of(CLASSES));
    }
    if (!LeftStorage.isAsked(target, known)) {
      return LeftStorage.notAsked(target, NONE);
    }
    return seen.of(IN_PASSING)
        .map(classes -> check(target, seen, known, classes))
        .orElseGet(() -> LeftStorage.unknown(NONE));
  }

  private Check check(
      Target.OnCluster target, Observations seen, Known known, List<LiveObject> classes) {
    var leaving = new LeftClasses(target, names(target), classes);
    var wantsDefault = theDefault(target).isPresent();
    var left =
        leaving.check(
            seen,
            known,
            wantsDefault || leaving.othersHaveDefault()
                ? Optional.empty()
                : ClassOfK3s.check(classes, false));
    var refusal = refusal(target, classes);
    if (refusal.isPresent()) {
      return Checks.together(refusal.get(), left);
    }
    var coming = wantsDefault ? ClassOfK3s.coming(target, seen, classes) : Optional.<Check>empty();
    if (coming.isPresent()) {
      return Checks.together(coming.get(), left);
    }
    var switched =
        wantsDefault || !leaving.othersHaveDefault()
            ? ClassOfK3s.check(classes, wantsDefault || leaving.hasDefault())
            : Optional.<Check>empty();
    return Checks.together(
        objects(target).check(seen), switched.orElseGet(Check.InSync::new), left);
  }

  private static boolean declares(Target.OnCluster target) {
    return !names(target).isEmpty();
  }

  private static Set<String> names(Target.OnCluster target) {
    return GlusterStorage.of(target.cluster()).volumes().stream()
        .flatMap(volume -> volume.storageClass().stream())
        .collect(Collectors.toSet());
  }

  private ClusterObjects objects(Target.OnCluster target) {
    return new ClusterObjects(ClassObjects.classes(target.cluster()), takeOver);
  }

  /** What cannot be reached in place, or is another's. */
  private static Optional<Check> refusal(Target.OnCluster target, List<LiveObject> classes) {
    for (var wanted : ClassObjects.classes(target.cluster())) {
      for (var live : classes) {
        if (wanted.ref().equals(live.ref())
            && !Objects.equals(
                wanted.content().get("provisioner"), live.content().get("provisioner"))) {
          return Optional.of(
              new Check.Refused(
                  "%s is there already, of the provisioner %s, which cannot be changed"
                      .formatted(live.ref(), live.content().get("provisioner")),
                  "choose another name by 'storage_class', or delete that class first"));
        }
      }
    }
    var wanted = theDefault(target);
    return classes.stream()
        .filter(live -> wanted.isPresent() && ClassOfK3s.isDefault(live))
        .filter(live -> !live.ref().name().equals(ClassOfK3s.NAME))
        .filter(live -> !live.label(AddOn.BY).equals(Optional.of(Manifest.MANAGER)))
        .findFirst()
        .map(live ->
            new Check.Refused(
                "%s is the default class already, and so should be %s"
                    .formatted(live.ref(), wanted.get()),
                "take 'default_class' out, or the annotation %s off that class"
                    .formatted(DEFAULT)));
  }

  private static Optional<String> theDefault(Target.OnCluster target) {
    return GlusterStorage.of(target.cluster()).volumes().stream()
        .filter(GlusterVolume::defaultClass)
        .flatMap(volume -> volume.storageClass().stream())
        .findFirst();
  }
}

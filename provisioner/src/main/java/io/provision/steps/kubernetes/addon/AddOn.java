package io.provision.steps.kubernetes.addon;

import io.provision.kube.Manifest;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Orphan;
import io.provision.step.Probes;
import io.provision.step.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Something that runs in the cluster for as long as the inventory has its key. All of its objects
 * carry two labels of ours, by which they are found when the key has gone: what somebody else
 * installed has them not, and is nobody's to remove. A line in the catalog registers it.
 */
public interface AddOn {
  /** The label of whoever manages an object. */
  String BY = "app.kubernetes.io/managed-by";

  /** The label of what an object is part of. */
  String PART = "app.kubernetes.io/part-of";

  /** A kind of objects, {@code apps/v1} and {@code DaemonSet}. */
  record Kind(String apiVersion, String kind) {}

  /** By which it is removed, {@code --remove metallb}, and its artifacts are pinned. */
  String name();

  boolean isWanted(Target target);

  /** Its kinds, in the order in which they are deleted; what is in a namespace goes with it. */
  List<Kind> kinds();

  /** What is asked besides in a run that was asked to remove something. */
  default Probes besides() {
    return Probes.NONE;
  }

  /** What others lose with it. */
  default List<Change> lost(Observations seen) {
    return List.of();
  }

  /** Why it must not be removed. */
  Optional<Check.Refused> obstacle(Observations seen);

  /** See {@link io.provision.step.Departure#aftermath}. */
  default String aftermath() {
    return "";
  }

  /** It, once the inventory has not got it any more. */
  default Orphan orphan() {
    return new Orphan("addon", name());
  }

  /** What each of its objects carries. */
  default Map<String, String> labels() {
    var labels = new LinkedHashMap<String, String>();
    labels.put(BY, Manifest.MANAGER);
    labels.put(PART, name());
    return labels;
  }
}

package io.provision.kube;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * That a node is out of use is ours, and why: an annotation that is set in one patch with the
 * cordon, and without which nothing is uncordoned. So a killed run is finished, and a cordon of
 * somebody else stays.
 *
 * @param claim what the annotation says
 */
record NodeClaim(ClusterApi.Work work, String node, String claim) {
  private static final String ANNOTATION = "provision.io/cordoned";

  /** Behind a claim, of a node that is in use again while its turn goes on. */
  private static final String IN_USE = "-in-use";

  /** That its power is cut by us; without a meaning once the node is released. */
  private static final String CUT = "provision.io/power-cut";

  /** A kubelet and a controller change a Node every now and then. */
  private static final int MOST_ATTEMPTS = 10;

  private ObjectRef ref() {
    return ObjectRef.of("v1", "Node", node);
  }

  /**
   * Cordons the node; one that is cordoned already is left to who did that. It is ours only where
   * nobody has changed it since it was read: a cordon of that moment would be taken for our own,
   * and removed in the end.
   */
  void take() throws ClusterException {
    for (var attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      var is = is();
      if (isCordoned(is)
          || work.mergeUnchanged(
              ref(), version(is), patch(Optional.of(claim), Optional.of(true)))) {
        return;
      }
    }
    throw new ClusterException(
        "%s was changed by somebody else each of %d times that it was to be cordoned"
            .formatted(node, MOST_ATTEMPTS),
        "see who does ('kubectl get node %s -o yaml --show-managed-fields'); then run the same command again"
            .formatted(node),
        null);
  }

  private static String version(Map<String, Object> raw) {
    return Objects.toString(RawObject.map(raw.get("metadata")).get("resourceVersion"), "");
  }

  private Map<String, Object> is() throws ClusterException {
    return work.read(ref())
        .orElseThrow(() ->
            new ClusterException(
                "the cluster has no node %s".formatted(node),
                "look at 'kubectl get nodes': has it another name there?",
                null));
  }

  /** One that somebody else has cordoned is theirs. */
  void refuseForeign() throws ClusterException {
    var is = is();
    if (isCordoned(is) && !claim.equals(annotation(is))) {
      throw new ClusterException(
          annotation(is) == null || isInUse(is)
              ? "somebody has cordoned %s".formatted(node)
              : "%s is out of use for another reason of ours: %s".formatted(node, annotation(is)),
          "see why, and let it be brought to its end; or 'kubectl uncordon %s'".formatted(node),
          null);
    }
  }

  /** Whether it takes no pods, whoever wants it so. */
  boolean isCordoned() throws ClusterException {
    return isCordoned(is());
  }

  /** Somebody may have taken it back into use meanwhile, and it has pods again. */
  void refuseUncordoned() throws ClusterException {
    if (!isCordoned()) {
      throw uncordoned();
    }
  }

  ClusterException uncordoned() {
    return new ClusterException(
        "somebody has uncordoned %s meanwhile".formatted(node),
        "see who ('kubectl get node %s -o yaml --show-managed-fields'); then run the same command again"
            .formatted(node),
        null);
  }

  /** Whether we have it out of use, whatever for; one that is not there nobody has. */
  boolean isTaken() throws ClusterException {
    return work.read(ref()).filter(NodeClaim::isTaken).isPresent();
  }

  /** Whether we have this Node out of use. */
  static boolean isTaken(Map<String, Object> raw) {
    return annotation(raw) != null;
  }

  /** One that is out of use by us is not there for others. */
  void refuseClaimed() throws ClusterException {
    var is = work.read(ref());
    var why = is.map(NodeClaim::annotation);
    if (why.isPresent()) {
      throw new ClusterException(
          why.get().toString().endsWith(IN_USE)
              ? "%s is in use again, and the run that gave it back still works on it"
                  .formatted(node)
              : "%s is out of use already, by us: %s".formatted(node, why.get()),
          "wait for the run that works on it; where there is none, run the same command again",
          null);
    }
  }

  void notePowerCut() throws ClusterException {
    work.merge(ref(), Map.of("metadata", Map.of("annotations", Map.of(CUT, "drill"))));
  }

  /** Uncordons it where the cordon is ours, and says whether it was. */
  boolean release() throws ClusterException {
    var is = work.read(ref()).map(NodeClaim::annotation);
    if (is.filter(claim::equals).isPresent()) {
      work.merge(ref(), patch(Optional.empty(), Optional.empty()));
      return true;
    }
    if (is.filter(inUse()::equals).isPresent()) { // who has cordoned it meanwhile has it
      work.merge(ref(), Map.of("metadata", annotated(Optional.empty())));
    }
    return false;
  }

  /** The same, and it stays claimed: whoever waits for its turn waits on. */
  boolean uncordon() throws ClusterException {
    var is = work.read(ref()).map(NodeClaim::annotation);
    if (is.filter(claim::equals).isPresent()) {
      work.merge(ref(), patch(Optional.of(inUse()), Optional.empty()));
      return true;
    }
    return false;
  }

  /** Whether this Node is in use again and its turn goes on. */
  boolean isInUse(Map<String, Object> raw) {
    return inUse().equals(annotation(raw));
  }

  private String inUse() {
    return claim + IN_USE;
  }

  private static boolean isCordoned(Map<String, Object> raw) {
    return Boolean.TRUE.equals(RawObject.map(raw.get("spec")).get("unschedulable"));
  }

  private static @org.jspecify.annotations.Nullable Object annotation(Map<String, Object> raw) {
    return RawObject.map(RawObject.map(raw.get("metadata")).get("annotations")).get(ANNOTATION);
  }

  /** What is empty is removed. */
  private static Map<String, Object> patch(Optional<String> claim, Optional<Boolean> cordoned) {
    return Map.of("metadata", annotated(claim), "spec", one("unschedulable", cordoned));
  }

  private static Map<String, Object> annotated(Optional<String> claim) {
    var annotations = one(ANNOTATION, claim);
    annotations.putAll(one(CUT, Optional.empty()));
    return Map.of("annotations", annotations);
  }

  @SuppressWarnings("NullAway") // of a merge patch, null is what removes
  private static Map<String, Object> one(String key, Optional<?> value) {
    var map = new HashMap<String, Object>();
    map.put(key, value.orElse(null));
    return map;
  }
}

package io.provision.steps.kubernetes.unattended;

import io.provision.kube.LiveObject;
import java.util.Map;

/** By what the objects of a rotation that runs in the cluster are known as ours. */
public final class OurObjects {
  /** Of each of them, besides the name of its cluster. */
  public static final Map<String, String> LABELS =
      Map.of(
          "app.kubernetes.io/managed-by", "provision",
          "app.kubernetes.io/name", "provision-rotation");

  private OurObjects() {}

  static boolean has(LiveObject live) {
    return LABELS.entrySet().stream()
        .allMatch(it -> live.label(it.getKey()).filter(it.getValue()::equals).isPresent());
  }
}

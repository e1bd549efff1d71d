package io.provision.model;

import java.util.regex.Pattern;

/**
 * The grammar of Kubernetes labels
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/).
 */
public final class Label {
  private static final String NAME = "[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?";
  private static final Pattern KEY =
      Pattern.compile("([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?" + NAME);
  private static final Pattern VALUE = Pattern.compile("(" + NAME + ")?");

  private Label() {}

  public static void requireKey(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("'%s' is not a label key".formatted(key));
    }
  }

  public static void requireValue(String value) {
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a label value: at most 63 of letters, digits, '-', '_' and '.'"
              .formatted(value));
    }
  }
}

package io.provision.model;

import java.util.regex.Pattern;

/** A taint of a node as {@code kubectl taint} writes it: {@code key=value:Effect}. */
public record Taint(String key, String value, Effect effect) {
  private static final Pattern GRAMMAR =
      Pattern.compile("([^=:]{1,317})(=([^=:]{0,63}))?:([A-Za-z]+)");

  /** What a taint does to pods that do not tolerate it. */
  public enum Effect {
    NoSchedule,
    PreferNoSchedule,
    NoExecute
  }

  public Taint {
    Label.requireKey(key);
    Label.requireValue(value);
  }

  public static Taint parse(String text) {
    var matcher = GRAMMAR.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a taint such as dedicated=storage:NoSchedule".formatted(text));
    }
    var value = matcher.group(3);
    try {
      return new Taint(
          matcher.group(1), value == null ? "" : value, Effect.valueOf(matcher.group(4)));
    } catch (IllegalArgumentException e) {
      if (e.getMessage() != null && e.getMessage().startsWith("No enum")) {
        throw new IllegalArgumentException(
            "'%s' is not an effect: NoSchedule, PreferNoSchedule or NoExecute"
                .formatted(matcher.group(4)),
            e);
      }
      throw e;
    }
  }

  @Override
  public String toString() {
    return value.isEmpty() ? key + ":" + effect : key + "=" + value + ":" + effect;
  }
}

package io.provision.step;

import java.util.HashMap;
import java.util.Map;

/** The outputs that a look at the finished state saw. */
public record Observed(Map<Output<?>, Object> values) {
  public static final Observed NOTHING = new Observed(Map.of());

  public Observed {
    values = Map.copyOf(values);
  }

  public static <V> Observed of(Output<V> output, V value) {
    return NOTHING.and(output, value);
  }

  public <V> Observed and(Output<V> output, V value) {
    var all = new HashMap<Output<?>, Object>(values);
    all.put(output, output.type().cast(value));
    return new Observed(all);
  }

  public Observed and(Observed others) {
    var all = new HashMap<Output<?>, Object>(values);
    all.putAll(others.values);
    return new Observed(all);
  }
}

package io.provision.step;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * What a look at the finished state saw.
 *
 * @param values the outputs
 * @param notes what the operator should read of it, which fails nothing
 */
public record Observed(Map<Output<?>, Object> values, List<String> notes) {
  public static final Observed NOTHING = new Observed(Map.of(), List.of());

  public Observed {
    values = Map.copyOf(values);
    notes = List.copyOf(notes);
  }

  public static <V> Observed of(Output<V> output, V value) {
    return NOTHING.and(output, value);
  }

  /** Nothing but this note. */
  public static Observed noting(String note) {
    return new Observed(Map.of(), List.of(note));
  }

  public <V> Observed and(Output<V> output, V value) {
    var all = new HashMap<Output<?>, Object>(values);
    all.put(output, output.type().cast(value));
    return new Observed(all, notes);
  }

  public Observed and(Observed others) {
    var all = new HashMap<Output<?>, Object>(values);
    all.putAll(others.values);
    var both = new LinkedHashSet<>(notes);
    both.addAll(others.notes);
    return new Observed(all, List.copyOf(both));
  }
}

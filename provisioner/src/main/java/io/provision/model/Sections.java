package io.provision.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the areas have in one place of the inventory, the cluster or a host, each in a type of its
 * own, which this floor does not know. At most one of each type.
 */
public record Sections(List<Record> all) {
  public static final Sections NONE = new Sections(List.of());

  public Sections {
    all = List.copyOf(all);
  }

  public static Sections of(Record... some) {
    return new Sections(List.of(some));
  }

  /** That of this type; empty where the inventory does not have it. */
  public <T> Optional<T> find(Class<T> type) {
    return all(type).stream().findFirst();
  }

  /** All that are of this type, or have it as an interface. */
  public <T> List<T> all(Class<T> type) {
    return all.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The same, but for what is of this type. */
  public Sections without(Class<?> type) {
    return new Sections(all.stream().filter(it -> !type.isInstance(it)).toList());
  }

  public Sections and(Sections more) {
    var both = new ArrayList<>(all);
    both.addAll(more.all);
    return new Sections(both);
  }
}

package io.provision.step;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** What a run was asked to remove, in the operator's words. */
public record Removals(Set<String> words) {
  public static final Removals NONE = new Removals(Set.of());

  public Removals {
    words = java.util.Collections.unmodifiableSet(new TreeSet<>(words));
  }

  public boolean ask(Orphan orphan) {
    return words.stream().anyMatch(orphan::isCalled);
  }

  public boolean ask(Collection<Orphan> all) {
    return all.stream().allMatch(this::ask);
  }
}

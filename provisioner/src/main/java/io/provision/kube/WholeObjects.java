package io.provision.kube;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All objects of one kind, whole, or why the API did not give them. No record, so that its text is
 * its own: no plan rests on what changes by itself.
 */
public final class WholeObjects {
  private final List<Map<String, Object>> objects;
  private final Optional<String> unheard;

  private WholeObjects(List<Map<String, Object>> objects, Optional<String> unheard) {
    this.objects = List.copyOf(objects);
    this.unheard = unheard;
  }

  public static WholeObjects of(List<Map<String, Object>> objects) {
    return new WholeObjects(objects, Optional.empty());
  }

  /**
   * @param why in words for people
   */
  public static WholeObjects unheard(String why) {
    return new WholeObjects(List.of(), Optional.of(why));
  }

  /** As the API gives them, but for who set which fields; none where it was not heard. */
  public List<Map<String, Object>> objects() {
    return objects;
  }

  /** Why there are none; empty where the API answered. */
  public Optional<String> unheard() {
    return unheard;
  }

  @Override
  public String toString() {
    return "";
  }
}

package io.provision.load.inventory;

import io.provision.load.bind.MappingKey;
import io.provision.load.inventory.Documents.ClusterDocument;
import io.provision.load.yaml.Problems;
import io.provision.model.Position;
import java.util.Map;
import java.util.Set;

/**
 * What the language of inventories has words for and nothing carries out yet. It is refused by
 * name: a key that is accepted and ignored, or half carried out, is worse than none. Whoever builds
 * one takes it out here.
 */
record Unbuilt(Draft draft, Problems problems) {
  /** Words of the inventory's enums. */
  static final Set<Enum<?>> WORDS = Set.of();

  /** Keys, by the record that has them. */
  static final Map<Class<?>, Set<String>> KEYS = Map.of();

  static boolean is(MappingKey key) {
    return KEYS.entrySet().stream()
        .anyMatch(it -> it.getValue().stream().anyMatch(name -> key.is(it.getKey(), name)));
  }

  void run(ClusterDocument cluster) {
  }

  private void refuse(Position at, String what, String remedy) {
    problems.add(
        at, "'%s' is not built yet: nothing would carry it out. %s".formatted(what, remedy));
  }
}

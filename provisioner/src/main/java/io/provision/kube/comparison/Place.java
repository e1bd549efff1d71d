package io.provision.kube.comparison;

import io.provision.kube.LiveObject.Owner;
import io.provision.kube.Manifest;
import io.provision.kube.RawObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A place in a live object, with what each manager owns of it.
 *
 * @param path as conflict messages write it, for example {@code .spec.replicas}
 * @param owners who set it or something in it; of a value that is one whole, who set that
 * @param inWhole whether it is part of a value that is one whole, as selectors and references are
 */
record Place(String path, List<Owner> owners, boolean inWhole) {

  static Place top(List<Owner> owners) {
    return new Place("", owners, false);
  }

  boolean isOurs() {
    return owners.stream().anyMatch(owner -> owner.manager().equals(Manifest.MANAGER));
  }

  /** Whether whoever set it set all of it at once. */
  boolean isWhole() {
    return inWhole
        || !owners.isEmpty() && owners.stream().allMatch(owner -> owner.fields().isEmpty());
  }

  Place field(String key) {
    var there = path + "." + key;
    return isWhole() ? part(there) : new Place(there, owning("f:" + key), false);
  }

  /** An element of a list that is one whole. */
  Place part(String there) {
    return new Place(there, owners, true);
  }

  Place element(String name, String keyOfFields) {
    return new Place(path + name, owning(keyOfFields), false);
  }

  /** The element of a list by its keys. */
  Place element(String name, Map<String, Object> there) {
    var owning =
        owners.stream()
            .flatMap(owner ->
                owner.fields().entrySet().stream()
                    .filter(field -> isOf(field.getKey(), there))
                    .map(field -> new Owner(owner.manager(), RawObject.map(field.getValue()))))
            .toList();
    return new Place(path + name, owning, false);
  }

  private static boolean isOf(String name, Map<String, Object> element) {
    return ElementKeys.of(name)
        .filter(keys ->
            keys.entrySet().stream()
                .allMatch(it -> RawObject.equal(it.getValue(), element.get(it.getKey()))))
        .isPresent();
  }

  private List<Owner> owning(String name) {
    return owners.stream()
        .filter(owner -> owner.fields().containsKey(name))
        .map(owner -> new Owner(owner.manager(), RawObject.map(owner.fields().get(name))))
        .toList();
  }

  /** The names of what is owned in it. */
  Stream<String> names() {
    return owners.stream().flatMap(owner -> owner.fields().keySet().stream());
  }

  /** The keys by which elements of this list are told apart; none where it has no such keys. */
  Set<String> keys() {
    var keys = new LinkedHashSet<String>();
    names().forEach(name -> ElementKeys.of(name).ifPresent(it -> keys.addAll(it.keySet())));
    return keys;
  }

  Difference difference() {
    var others = new LinkedHashSet<String>();
    owners.stream()
        .map(Owner::manager)
        .filter(manager -> !manager.equals(Manifest.MANAGER))
        .forEach(others::add);
    return new Difference(path, others, isOurs());
  }
}

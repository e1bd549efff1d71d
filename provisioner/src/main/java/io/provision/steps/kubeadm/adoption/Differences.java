package io.provision.steps.kubeadm.adoption;

import io.provision.render.RenderException;
import io.provision.render.YamlDocuments;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * How what something runs with differs from what an inventory says. What is as it always is, or as
 * good as not set, is no difference where the inventory says nothing of it.
 *
 * @param lost where settings stand that the inventory does not say, or says otherwise, and what
 *     they are
 * @param added where settings stand that only the inventory says
 */
public record Differences(SortedMap<String, Object> lost, SortedSet<String> added) {
  public static final Differences NONE = new Differences(new TreeMap<>(), new TreeSet<>());

  public Differences {
    lost = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(lost));
    added = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(added));
  }

  /** What would be lost, as an inventory would say it; nothing of it is a secret. */
  public String written() {
    return Leaves.written(lost);
  }

  public boolean isEmpty() {
    return lost.isEmpty() && added.isEmpty();
  }

  /**
   * @param isUsual whether what stands there is what it is where nobody says anything
   */
  static Differences of(Map<?, ?> is, Map<?, ?> wanted, BiPredicate<String, Object> isUsual) {
    var has = Leaves.of(is);
    var should = Leaves.of(wanted);
    var lost = new TreeMap<String, Object>();
    has.forEach((at, value) -> {
      var other = should.get(at);
      var isLost = other == null ? !isUsual.test(at, value) : !Leaves.isSame(value, other);
      if (isLost) {
        lost.put(at, value);
      }
    });
    var added = new TreeSet<>(should.keySet());
    added.removeAll(has.keySet());
    return new Differences(lost, added);
  }

  /**
   * The only document of a text.
   *
   * @throws RenderException where it is not one mapping
   */
  static Map<?, ?> document(String name, String text) {
    var documents = YamlDocuments.of(name, text);
    if (documents.size() != 1) {
      throw new RenderException("%s: it is not one document".formatted(name), null);
    }
    return documents.getFirst();
  }

  /** What Go writes of a field that nobody set. */
  static boolean isUnset(Object value) {
    return switch (value) {
      case Number number -> number.doubleValue() == 0;
      case List<?> list -> list.isEmpty();
      default -> List.of("", "0", "0s", "0m0s", "0h0m0s").contains(String.valueOf(value));
    };
  }
}

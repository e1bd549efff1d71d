package io.provision.kube.comparison;

import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.Preview;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What differs between an object as declared and as it is. A field differs where it is declared
 * with another value, or where we own it and no longer declare it; what others set, and what the
 * API added of itself, is nobody's drift.
 *
 * <p>The API fills defaults into values that are one whole too, where nothing tells them from keys
 * that somebody else added. So what may differ is found here, and whether it does says the API: a
 * difference that an apply would not change is none.
 *
 * @param seen the live object, of it only what is declared or ours; where it means the same it is
 *     written as declared, so that it equals the manifest when nothing differs
 * @param becomes the same of what an apply would make of it
 * @param differences in the order of the manifest
 */
public record Comparison(
    Map<String, Object> seen, Map<String, Object> becomes, List<Difference> differences) {
  public Comparison {
    differences = List.copyOf(differences);
  }

  /** What surely differs: by values that are declared, or that we declare no longer. */
  public static Comparison of(Manifest wanted, LiveObject live) {
    return walked(wanted, live, false);
  }

  /** As {@link #of(Manifest, LiveObject)}, decided by the API's preview where there is one. */
  public static Comparison of(Manifest wanted, LiveObject live, Preview preview) {
    return switch (preview) {
      case Preview.NotAsked _, Preview.CannotSay _ -> of(wanted, live);
      case Preview.Would(var after) -> decided(wanted, live, after);
    };
  }

  /** Whether anything may differ, be it only what the API could have added to a whole value. */
  public static boolean mayDiffer(Manifest wanted, LiveObject live) {
    return !walked(wanted, live, true).isInSync();
  }

  private static Comparison walked(Manifest wanted, LiveObject live, boolean suspicious) {
    var walk = new ComparisonWalk(suspicious);
    var seen = walk.map(Place.top(live.owners()), wanted.content(), live.content());
    return new Comparison(seen, wanted.content(), walk.found());
  }

  private static Comparison decided(Manifest wanted, LiveObject live, LiveObject after) {
    var changes = !after.content().equals(live.content());
    var before = walked(wanted, live, changes);
    var then = walked(wanted, after, changes);
    if (!changes && ours(after).equals(ours(live))) {
      return new Comparison(wanted.content(), wanted.content(), List.of());
    }
    var stays = then.differences().stream().map(Difference::path).collect(Collectors.toSet());
    var differences = new ArrayList<>(before.differences());
    differences.removeIf(each -> stays.contains(each.path()));
    if (changes && differences.isEmpty()) {
      differences.add(new Difference("", Set.of(), true)); // beside all that is declared
    }
    return new Comparison(before.seen(), then.seen(), differences);
  }

  /** Which fields are ours, whatever the order. */
  private static Set<Object> ours(LiveObject live) {
    var fields = new HashSet<Object>();
    live.owners().stream()
        .filter(owner -> owner.manager().equals(Manifest.MANAGER))
        .forEach(owner -> fields.add(owner.fields()));
    return fields;
  }

  /** Whether we set any field of it. */
  public static boolean isOurs(LiveObject live) {
    return live.owners().stream().anyMatch(owner -> owner.manager().equals(Manifest.MANAGER));
  }

  public boolean isInSync() {
    return differences.isEmpty();
  }

  /** What others set and we did not, so that the API would refuse to overwrite it. */
  public List<Difference> conflicts() {
    return differences.stream().filter(each -> !each.ours() && !each.others().isEmpty()).toList();
  }
}

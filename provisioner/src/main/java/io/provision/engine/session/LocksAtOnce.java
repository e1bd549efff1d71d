package io.provision.engine.session;

import io.provision.remote.LockOwner;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Takes the first of many locks, and then the others at once: one after the other each would cost a
 * round trip of its own. Of runs that want the same ones one has the first, and the others touch
 * nothing. Runs that want others besides can meet, each with some of what both want. Then each
 * gives back what is behind the first that another one has, and goes on from there in the order of
 * names: who waits has nothing that comes behind what it waits for, so that no two wait for each
 * other, and one of them goes on.
 */
public final class LocksAtOnce {
  private LocksAtOnce() {}

  /** What has the locks. */
  public interface Places<N> {
    /**
     * Takes these, all at once.
     *
     * @return by whom those are held that a living run holds; the others are taken, or lost
     */
    Map<N, LockOwner> take(List<N> names) throws InterruptedException;

    void giveBack(List<N> names) throws InterruptedException;

    /**
     * Waits a moment for one that a run may be about to give back.
     *
     * @return whether it is worth another try
     */
    boolean await(N name, LockOwner holder) throws InterruptedException;
  }

  /** One that stays held. */
  public record Held<N>(N name, LockOwner holder) {}

  /**
   * @param names in their order, one at least
   * @return the first that stays held; what was taken is then for the caller to give back
   */
  public static <N extends Comparable<N>> Optional<Held<N>> take(List<N> names, Places<N> places)
      throws InterruptedException {
    var begin = names.getFirst();
    var ahead = places.take(List.of(begin)).get(begin);
    if (ahead != null) {
      return Optional.of(new Held<>(begin, ahead));
    }
    var met = new TreeMap<>(places.take(names.subList(1, names.size())));
    if (met.isEmpty()) {
      return Optional.empty();
    }
    var first = met.firstKey();
    places.giveBack(
        names.stream()
            .filter(name -> name.compareTo(first) > 0 && !met.containsKey(name))
            .toList());
    for (var name : names.subList(names.indexOf(first), names.size())) {
      var holder = places.take(List.of(name)).get(name);
      while (holder != null) {
        if (!places.await(name, holder)) {
          return Optional.of(new Held<>(name, holder));
        }
        holder = places.take(List.of(name)).get(name);
      }
    }
    return Optional.empty();
  }
}

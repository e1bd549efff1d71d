package io.provision.step;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The way out of something that has left the inventory. The engine takes it only in a run that was
 * asked to remove every one of its orphans; any other run reports it and leaves it alone.
 *
 * @param orphans what leaves together
 * @param changes what would be taken away, for people; never empty
 * @param removal what is to be done once it was asked for: a drift with its repair, something to
 *     wait for, or a refusal that says what would be lost
 * @param begun what an earlier run has begun and not ended, as a sentence; empty where there is no
 *     such thing
 * @param aftermath where what a removal leaves behind lies, and the way back, as sentences; empty
 *     where another departure of the same orphan says it
 * @param lost what was taken from orphans that the inventory still names, as a clause such as
 *     {@code w3 lost the role storage}; empty where it names none of them
 */
public record Departure(
    Set<Orphan> orphans,
    List<Change> changes,
    Check removal,
    String begun,
    String aftermath,
    String lost) {
  /** One that nobody has begun, with nothing to say of what comes after. */
  public Departure(Set<Orphan> orphans, List<Change> changes, Check removal) {
    this(orphans, changes, removal, "", "");
  }

  /** One of orphans that the inventory does not name at all. */
  public Departure(
      Set<Orphan> orphans, List<Change> changes, Check removal, String begun, String aftermath) {
    this(orphans, changes, removal, begun, aftermath, "");
  }

  public Departure {
    orphans = java.util.Collections.unmodifiableSet(new TreeSet<>(orphans));
    changes = List.copyOf(changes);
    if (orphans.isEmpty() || changes.isEmpty()) {
      throw new IllegalArgumentException("a departure names who leaves, and what goes");
    }
    if (removal instanceof Check.Leaving) {
      throw new IllegalArgumentException("a departure is not made of departures");
    }
  }
}

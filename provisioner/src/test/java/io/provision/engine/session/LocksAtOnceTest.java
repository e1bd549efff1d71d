package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.LockOwner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Runs that meet, one action of one of them after the other, in any order there can be. */
class LocksAtOnceTest {
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

  /** How often a run tries again: each time all others come to act, so that they have given way. */
  private static final int PATIENCE = 40;

  private final Map<String, Integer> locks = new HashMap<>();

  /** Lets one of the runs act, whichever chance says, until all are through. */
  private static final class Turns {
    private final List<Semaphore> turns = new ArrayList<>();
    private final List<Boolean> through = new ArrayList<>();
    private final Semaphore acted = new Semaphore(0);

    /** Called by the run before it acts: waits for its turn, and ends the turn before. */
    void next(int run) throws InterruptedException {
      acted.release();
      turns.get(run).acquire();
    }

    void play(Random chance) throws InterruptedException {
      acted.acquire(turns.size());
      while (through.contains(false)) {
        var run = chance.nextInt(turns.size());
        if (!through.get(run)) {
          turns.get(run).release();
          acted.acquire();
        }
      }
    }
  }

  private final class Places implements LocksAtOnce.Places<String> {
    private final int run;
    private final Turns turns;
    private final Random chance;
    private int tries;

    Places(int run, Turns turns, Random chance) {
      this.run = run;
      this.turns = turns;
      this.chance = chance;
    }

    private List<String> mine() {
      return NAMES.stream().filter(name -> locks.getOrDefault(name, -1) == run).toList();
    }

    @Override
    public Map<String, LockOwner> take(List<String> names) throws InterruptedException {
      var held = new TreeMap<String, LockOwner>();
      var shuffled = new ArrayList<>(names);
      java.util.Collections.shuffle(shuffled, chance);
      for (var name : shuffled) {
        turns.next(run);
        assertThat(mine()).as("taken twice").doesNotContain(name);
        if (locks.putIfAbsent(name, run) != null) {
          held.put(name, new LockOwner("run " + locks.get(name)));
        }
      }
      return held;
    }

    @Override
    public void giveBack(List<String> names) throws InterruptedException {
      assertThat(mine()).as("given back by who has it").containsAll(names);
      for (var name : names) {
        turns.next(run);
        locks.remove(name);
      }
    }

    @Override
    public boolean await(String name, LockOwner holder) throws InterruptedException {
      assertThat(mine()).as("who waits for %s", name).allMatch(it -> it.compareTo(name) < 0);
      for (var i = 0; i < 4 * NAMES.size(); i++) {
        turns.next(run);
      }
      return tries++ < PATIENCE;
    }
  }

  /** What became of each run; none where it has all its locks. */
  private List<Optional<LocksAtOnce.Held<String>>> meet(List<List<String>> wanted, long seed)
      throws Exception {
    var turns = new Turns();
    wanted.forEach(_ -> {
      turns.turns.add(new Semaphore(0));
      turns.through.add(false);
    });
    var ends = new HashMap<Integer, Optional<LocksAtOnce.Held<String>>>();
    var broken = new ArrayList<Throwable>();
    var threads = new ArrayList<Thread>();
    for (var i = 0; i < wanted.size(); i++) {
      var run = i;
      var places = new Places(run, turns, new Random(seed + run));
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  turns.next(run);
                  var end = LocksAtOnce.take(wanted.get(run), places);
                  if (end.isPresent()) { // as the caller does
                    places.giveBack(places.mine());
                  }
                  ends.put(run, end);
                } catch (Throwable e) {
                  broken.add(e);
                } finally {
                  turns.through.set(run, true);
                  turns.acted.release();
                }
              }));
    }
    turns.play(new Random(seed));
    for (var thread : threads) {
      thread.join();
    }
    assertThat(broken).isEmpty();
    return IntStream.range(0, wanted.size()).mapToObj(ends::get).toList();
  }

  @Property(tries = 300)
  void ofAnyRunsThatMeetOneGoesOn(
      @ForAll @Size(min = 2, max = 4) List<@IntRange(min = 1, max = 31) Integer> sets,
      @ForAll long seed)
      throws Exception {
    var wanted = new ArrayList<List<String>>();
    for (var set : sets) {
      var own = new ArrayList<String>();
      for (var i = 0; i < NAMES.size(); i++) {
        if ((set >> i & 1) == 1) {
          own.add(NAMES.get(i));
        }
      }
      wanted.add(own);
    }
    locks.clear();
    var ends = meet(wanted, seed);
    assertThat(ends).as("%s", wanted).anyMatch(Optional::isEmpty);
    var held = locks.values().stream().distinct().toList();
    for (var i = 0; i < wanted.size(); i++) {
      assertThat(held.contains(i)).as("run %d of %s", i, wanted).isEqualTo(ends.get(i).isEmpty());
    }
  }

  /** Held by others as it is told to be, and what is asked of it is noted. */
  private static final class Noting implements LocksAtOnce.Places<String> {
    private final Map<String, LockOwner> held;
    private final List<String> calls = new ArrayList<>();

    Noting(Map<String, LockOwner> held) {
      this.held = held;
    }

    @Override
    public Map<String, LockOwner> take(List<String> names) {
      calls.add("take " + names);
      var met = new HashMap<>(held);
      met.keySet().retainAll(names);
      return met;
    }

    @Override
    public void giveBack(List<String> names) {
      calls.add("give back " + names);
    }

    @Override
    public boolean await(String name, LockOwner holder) {
      calls.add("await " + name);
      return false;
    }
  }

  @Example
  void whoMeetsNobodyTakesTheFirstAndThenAllOthersAtOnce() throws Exception {
    var places = new Noting(Map.of());
    assertThat(LocksAtOnce.take(NAMES, places)).isEmpty();
    assertThat(places.calls).containsExactly("take [a]", "take [b, c, d, e]");
  }

  /** Whoever has it goes on: nothing behind it is touched, and it is not waited for. */
  @Example
  void whoHasNotItsFirstStopsAtOnce() throws Exception {
    var other = new LockOwner("other");
    var places = new Noting(Map.of("a", other, "c", other));
    assertThat(LocksAtOnce.take(NAMES, places)).contains(new LocksAtOnce.Held<>("a", other));
    assertThat(places.calls).containsExactly("take [a]");
  }

  @Example
  void whatIsBehindIsGivenBackAndTheRestTakenInOrder() throws Exception {
    var other = new LockOwner("other");
    var places = new Noting(Map.of("c", other, "e", other));
    assertThat(LocksAtOnce.take(NAMES, places)).contains(new LocksAtOnce.Held<>("c", other));
    assertThat(places.calls)
        .containsExactly("take [a]", "take [b, c, d, e]", "give back [d]", "take [c]", "await c");
  }
}

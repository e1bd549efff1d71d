package io.provision.lab;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Which storage hosts are out of use, as it is seen from beside until it ends. */
final class SeenAway implements Runnable {
  /** In which order they came to be out of use. */
  final List<String> order = new CopyOnWriteArrayList<>();

  /** Several that were out of use at one time. */
  final List<String> together = new CopyOnWriteArrayList<>();

  /** How many entries waited to be healed as one came to be out of use. */
  final List<String> pending = new CopyOnWriteArrayList<>();

  private final Lab lab;
  private final Supplier<List<String>> out;
  private final Thread thread = Thread.ofPlatform().unstarted(this);
  private volatile boolean ends;

  /**
   * @param out the names of those that are out of use at this moment
   */
  SeenAway(Lab lab, Supplier<List<String>> out) {
    this.lab = lab;
    this.out = out;
    thread.start();
  }

  void end() throws InterruptedException {
    ends = true;
    thread.join();
  }

  @Override
  public void run() {
    while (!ends) {
      try {
        look();
      } catch (AssertionError | RuntimeException e) {
        System.out.println("not seen: " + e.getMessage()); // docker has its moments under load
      }
      Pause.milliseconds(200);
    }
  }

  private void look() {
    var names = out.get();
    if (names.size() > 1) {
      together.add(names.toString());
    }
    for (var name : names) {
      if (!order.contains(name)) {
        var other = lab.node(name.equals("n2") ? 3 : 2);
        pending.add(other.sh(NumberedLines.PENDING).strip());
        order.add(name);
      }
    }
  }
}

package io.provision.cli.rotation.report;

import io.provision.cli.run.Context;
import io.provision.console.Problem;
import io.provision.desk.DeskException;
import io.provision.desk.Webhooks;
import io.provision.model.rotation.Notification;
import io.provision.model.rotation.Notification.Occasion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells webhooks of a rotation, all at once. Whoever was not told is said, and fails nothing. */
final class Notices {
  private final Context context;
  private final String inventory;
  private final List<Notification> all;
  private final Set<Notification> unreachable = new HashSet<>();
  private final List<Problem> complaints = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /**
   * @param inventory where they stand
   */
  Notices(Context context, String inventory, List<Notification> all) {
    this.context = context;
    this.inventory = inventory;
    this.all = List.copyOf(all);
  }

  private Webhooks webhooks() {
    return context.program().webhooks();
  }

  /** Whom nothing could be told. */
  List<Problem> obstacles() {
    var problems = new ArrayList<Problem>();
    for (var each : all) {
      try {
        webhooks().require(each.webhook());
      } catch (DeskException e) {
        unreachable.add(each);
        problems.add(Problem.error(inventory, words(each, e)));
      }
    }
    return problems;
  }

  private String words(Notification each, DeskException e) {
    return "of entry %d of 'notifications', %s. %s"
        .formatted(all.indexOf(each) + 1, e.what(), e.remedy());
  }

  void begin(RunEnd now) {
    send(new NoticeText(NoticeText.Event.BEGIN, now), Set.of(Occasion.BEGIN));
  }

  /** Waits until all are told, or given up; of its begin first. */
  void end(RunEnd end) {
    join();
    if (end.isDone()) {
      var worth = end.hosts().stream().anyMatch(Notices::isWorked);
      send(
          new NoticeText(NoticeText.Event.END, end),
          worth ? Set.of(Occasion.END, Occasion.ALWAYS) : Set.of(Occasion.ALWAYS));
    } else {
      send(
          new NoticeText(NoticeText.Event.FAILURE, end), Set.of(Occasion.FAILURE, Occasion.ALWAYS));
    }
    join();
  }

  private static boolean isWorked(HostStory host) {
    return host.isBegun() || host.state() == HostStory.State.GIVEN_BACK;
  }

  private synchronized void send(NoticeText text, Set<Occasion> occasions) {
    for (var each : all) {
      if (!unreachable.contains(each) && each.on().stream().anyMatch(occasions::contains)) {
        threads.add(Thread.ofVirtual().name("notify").start(() -> post(each, text)));
      }
    }
  }

  private void post(Notification each, NoticeText text) {
    try {
      webhooks().post(each.webhook(), text.in(each.form()));
    } catch (DeskException e) {
      complaints.add(Problem.warning(inventory, "it was not told: " + words(each, e)));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** An end that was asked for is no reason not to be told of it: each has its own deadline. */
  private synchronized void join() {
    var interrupted = Thread.interrupted();
    try {
      for (var thread : threads) {
        thread.join();
      }
    } catch (InterruptedException _) {
      interrupted = true;
    } finally {
      threads.clear();
      if (!complaints.isEmpty()) {
        context.display().problems(List.copyOf(complaints));
        complaints.clear();
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

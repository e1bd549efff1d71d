package io.provision.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * Appends numbered lines to a file of its own through the mount of one machine, and syncs each.
 * What it was told to be on disk is noted here, where no power is cut, and so is when its machine
 * was out of use: by its own word, or because it was not there. It goes on whenever its machine is
 * back.
 *
 * <p>Beside it, the machine writes to its system's disk what it syncs nowhere: of that some is lost
 * where its power is cut, or it was not.
 */
final class VmWriter implements AutoCloseable {
  static final String MOUNT = "/mnt/shared";

  private static final String SCRIPT =
      """
      out() { [ -e /var/lib/provision/rotating ]; }
      healed() {
        for _ in 1 2 3 4 5; do
          pending=$(%4$s)
          [ "$pending" != 0 ] || break
          sleep 1
        done
        echo "pending ${pending:-unknown}"
      }
      (
        n=$(date +%%s)
        was=in
        mkdir -p /var/lib/unsynced
        while :; do
          if out; then
            echo state out
            [ "$was" = out ] || healed &
            was=out
          else
            echo state in
            was=in
          fi
          n=$((n + 1))
          echo "$n" >/var/lib/unsynced/"$n" && echo unsynced "$n"
          sleep 1
        done
      ) &
      i=%1$d
      while :; do
        if ! out && mountpoint -q %2$s && echo "line $i" >>%2$s/%3$s && sync %2$s/%3$s; then
          echo acknowledged "$i"
          i=$((i + 1))
        fi
        sleep 0.3
      done
      """;

  /**
   * While it was out of use as it said itself, in nanoseconds of this machine's clock; to 0 where
   * it is still.
   */
  record Away(String name, long from, long to) {
    boolean meets(Away other) {
      return from < (other.to == 0 ? Long.MAX_VALUE : other.to)
          && other.from < (to == 0 ? Long.MAX_VALUE : to);
    }
  }

  final List<Integer> acknowledged = new CopyOnWriteArrayList<>();
  final List<Long> unsynced = new CopyOnWriteArrayList<>();

  /** How many entries of the volume waited to be healed as its machine came to be out of use. */
  final List<String> pending = new CopyOnWriteArrayList<>();

  final List<String> complaints = new CopyOnWriteArrayList<>();

  /** The longest time between two lines while its machine was in use. */
  volatile long longest;

  private final List<Away> aways = new CopyOnWriteArrayList<>();
  private final String name;
  private final Vm vm;
  private final Thread thread;
  private volatile long since;
  private volatile long lastOut;
  private volatile long last;
  private volatile boolean ends;
  private volatile Optional<Process> login = Optional.empty();

  VmWriter(String name, Vm vm) {
    this.name = name;
    this.vm = vm;
    this.thread = Thread.ofPlatform().daemon().start(this::write);
  }

  String file() {
    return "lines-" + name;
  }

  /** All times at which it was out of use, in their order. */
  List<Away> aways() {
    var all = new java.util.ArrayList<>(aways);
    if (since != 0) {
      all.add(new Away(name, since, 0));
    }
    return all;
  }

  /**
   * What was written to its system's disk and noted here, and is not there: asked of its machine.
   */
  List<String> unsyncedLost() {
    var last = unsynced.subList(Math.max(0, unsynced.size() - 1000), unsynced.size());
    var numbers = last.stream().map(String::valueOf).collect(Collectors.joining(" "));
    return vm.sh(
            "cd /var/lib/unsynced; for n in %s; do { read -r is <$n; } 2>/dev/null && [ \"$is\" = $n ] || echo $n; done"
                .formatted(numbers))
        .lines()
        .toList();
  }

  void awaitLines(int more) {
    var until = acknowledged.size() + more;
    for (var i = 0; i < 600 && acknowledged.size() < until; i++) {
      Pause.milliseconds(1000);
    }
    if (acknowledged.size() < until) {
      throw new AssertionError("no lines of %s within 10 minutes: %s".formatted(name, complaints));
    }
  }

  private void write() {
    while (!ends) {
      var number = acknowledged.isEmpty() ? 1 : acknowledged.getLast() + 1;
      try {
        var own = vm.ssh(SCRIPT.formatted(number, MOUNT, file(), NumberedLines.PENDING));
        login = Optional.of(own);
        try (var lines =
            new BufferedReader(
                new InputStreamReader(own.getInputStream(), StandardCharsets.UTF_8))) {
          lines.lines().forEach(this::take);
        }
      } catch (IOException | UncheckedIOException e) {
        complaints.add(String.valueOf(e));
      }
      if (!ends) {
        last = 0; // what ends a login is no proof of anything
        Pause.milliseconds(1000);
      }
    }
  }

  private void out(long now) {
    last = 0;
    lastOut = now;
    if (since == 0) {
      since = now;
    }
  }

  private void take(String line) {
    var now = System.nanoTime();
    switch (line) {
      case "state out" -> out(now);
      case "state in" -> {
        if (since != 0) {
          aways.add(new Away(name, since, lastOut));
          since = 0;
        }
      }
      default -> number(line, now);
    }
  }

  private void number(String line, long now) {
    var words = line.split(" ");
    if (line.matches("acknowledged \\d{1,9}")) {
      acknowledged.add(Integer.valueOf(words[1]));
      longest = last == 0 ? longest : Math.max(longest, now - last);
      last = now;
    } else if (line.matches("unsynced \\d{1,18}")) {
      unsynced.add(Long.valueOf(words[1]));
    } else if (line.startsWith("pending ")) {
      pending.add(words[1]);
    } else if (complaints.size() < 50) {
      complaints.add(line);
    }
  }

  @Override
  public void close() {
    ends = true;
    login.ifPresent(Process::destroyForcibly);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

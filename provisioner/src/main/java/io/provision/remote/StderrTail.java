package io.provision.remote;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Keeps the last part of what a command prints on stderr, read by a thread of its own. */
final class StderrTail {
  private static final int KEPT = 16 << 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final StringBuilder text = new StringBuilder();
  private boolean ended;
  private Consumer<String> also = _ -> {};

  StderrTail(InputStream in) {
    Thread.ofVirtual().name("stderr").start(() -> drain(in));
  }

  private void drain(InputStream in) {
    var buffer = new byte[4096];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        add(new String(buffer, 0, count, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      add("\n(the rest of stderr was lost: " + e.getMessage() + ")\n");
    } finally {
      lock.lock();
      try {
        ended = true;
        more.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void add(String part) {
    lock.lock();
    try {
      text.append(part);
      also.accept(part);
      if (text.length() > 2 * KEPT) {
        text.delete(0, text.length() - KEPT);
      }
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Gives what is printed from now on to this listener too, which must not wait for anything. */
  void also(Consumer<String> listener) {
    lock.lock();
    try {
      also = listener;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until one of these texts was printed, or stderr ended.
   *
   * @return the index of the text, or -1 at the end
   */
  int awaitAny(String... wanted) throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        for (var i = 0; i < wanted.length; i++) {
          if (text.indexOf(wanted[i]) >= 0) {
            return i;
          }
        }
        if (ended) {
          return -1;
        }
        more.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What was printed up to this text, which is taken out together with it. */
  String takeTo(String mark) throws InterruptedException {
    lock.lock();
    try {
      var found = awaitAny(mark);
      var end = found < 0 ? text.length() : text.indexOf(mark);
      var taken = text.substring(Math.max(0, end - KEPT), end);
      text.delete(0, Math.min(text.length(), end + mark.length()));
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Everything, once stderr ended. */
  String rest() throws InterruptedException {
    lock.lock();
    try {
      while (!ended) {
        more.await();
      }
      return text.toString();
    } finally {
      lock.unlock();
    }
  }
}

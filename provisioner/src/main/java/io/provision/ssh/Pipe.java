package io.provision.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bytes from a library's reader to whoever reads a command's output. Each stream has its own, so
 * that nobody who reads one of them slowly holds up the other.
 */
public final class Pipe {
  /** Is told how many bytes were taken out, so that the sender may send as many again. */
  @FunctionalInterface
  public interface Taken {
    void taken(int bytes);
  }

  private final long capacity;
  private final long ahead;
  private final Taken taken;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<byte[]> chunks = new ArrayDeque<>();
  private int offset;
  private long held;
  private long prepaid;
  private boolean ended;
  private boolean abandoned;

  private Pipe(long capacity, long ahead, Taken taken) {
    this.capacity = capacity;
    this.ahead = ahead;
    this.taken = taken;
  }

  /**
   * A pipe whose writer waits while it is full.
   *
   * @param capacity bytes
   */
  public static Pipe blocking(long capacity) {
    return new Pipe(capacity, 0, bytes -> {});
  }

  /**
   * A pipe whose writer never waits: the sender is held back by a window that both streams of a
   * command share (RFC 4254 §5.2). Bytes count as taken as soon as they arrive while there are few,
   * else an unread stream would close the window for the other.
   *
   * @param ahead bytes that may wait before the sender is held back
   */
  public static Pipe windowed(long ahead, Taken taken) {
    return new Pipe(Long.MAX_VALUE, ahead, taken);
  }

  /** Takes bytes in; blocks while the pipe is full, drops them when nobody reads any more. */
  public void write(byte[] bytes, int from, int length) {
    if (length <= 0) {
      return;
    }
    lock.lock();
    try {
      while (held >= capacity && !abandoned && !ended) {
        changed.awaitUninterruptibly();
      }
      if (!abandoned && !ended) {
        var chunk = new byte[length];
        System.arraycopy(bytes, from, chunk, 0, length);
        chunks.add(chunk);
        held += length;
        changed.signalAll();
        if (held > ahead) {
          return;
        }
        prepaid += length;
      }
    } finally {
      lock.unlock();
    }
    taken.taken(length);
  }

  /** No more will come; what is held can still be read. */
  public void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The reader's side. Closing it drops what is held and all that comes. */
  public InputStream stream() {
    return new Reader();
  }

  private int take(byte[] into, int at, int length) throws IOException {
    int count;
    int due;
    lock.lock();
    try {
      while (chunks.isEmpty() && !ended && !abandoned) {
        changed.await();
      }
      if (abandoned) {
        throw new IOException("the stream is closed");
      }
      var chunk = chunks.peek();
      if (chunk == null) {
        return -1;
      }
      count = Math.min(length, chunk.length - offset);
      System.arraycopy(chunk, offset, into, at, count);
      offset += count;
      if (offset == chunk.length) {
        chunks.remove();
        offset = 0;
      }
      held -= count;
      due = Math.toIntExact(Math.max(0, count - prepaid));
      prepaid -= count - due;
      changed.signalAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while reading").initCause(e);
    } finally {
      lock.unlock();
    }
    if (due > 0) {
      taken.taken(due);
    }
    return count;
  }

  private void abandon() {
    long dropped;
    lock.lock();
    try {
      abandoned = true;
      dropped = held - prepaid;
      held = 0;
      prepaid = 0;
      chunks.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (dropped > 0) {
      taken.taken((int) dropped);
    }
  }

  private int held() {
    lock.lock();
    try {
      return (int) Math.min(held, Integer.MAX_VALUE);
    } finally {
      lock.unlock();
    }
  }

  private final class Reader extends InputStream {
    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return take(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int at, int length) throws IOException {
      java.util.Objects.checkFromIndexSize(at, length, into.length);
      return length == 0 ? 0 : take(into, at, length);
    }

    @Override
    public int available() {
      return held();
    }

    @Override
    public void close() {
      abandon();
    }
  }
}

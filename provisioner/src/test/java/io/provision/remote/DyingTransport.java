package io.provision.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A transport whose operator dies at one counted point, all connections with it: before something
 * is sent to a host, or after the host has done it and before the answer arrives. What was not
 * reached by then is never sent.
 */
public final class DyingTransport implements Interposed.Between {
  /** When the operator dies, seen from the host. */
  public enum Moment {
    BEFORE,
    ANSWER_LOST
  }

  private final int point;
  private final Moment moment;
  private final AtomicInteger points = new AtomicInteger();
  private final AtomicBoolean dead = new AtomicBoolean();

  public DyingTransport(int point, Moment moment) {
    this.point = point;
    this.moment = moment;
  }

  /** Whether the point was reached at all. */
  public boolean died() {
    return dead.get();
  }

  /** The operator's way to the hosts. */
  public Transport to(Transport hosts) {
    return new Interposed(hosts, this);
  }

  @Override
  public void connecting(String host) throws RemoteException {
    requireAlive();
  }

  @Override
  public RemoteProcess exec(String host, String command, Connection connection)
      throws RemoteException {
    var own = points.getAndIncrement();
    if (own == point && moment == Moment.BEFORE) {
      dead.set(true);
    }
    requireAlive();
    var process = connection.exec(command);
    var session = command.contains("flock");
    if (session && own == point) {
      dead.set(true); // a session says nothing before it is asked
    }
    return new Watched(process, !session && own == point);
  }

  private void requireAlive() throws RemoteException {
    if (dead.get()) {
      throw new RemoteException.Lost("the operator is dead", null);
    }
  }

  /** A process whose requests are counted: each flush of its stdin is one. */
  private final class Watched implements RemoteProcess {
    private final RemoteProcess process;
    private volatile boolean loseAnswer;

    Watched(RemoteProcess process, boolean loseAnswer) {
      this.process = process;
      this.loseAnswer = loseAnswer && moment == Moment.ANSWER_LOST;
    }

    private void alive() throws IOException {
      if (dead.get()) {
        process.close();
        throw new IOException("the operator is dead");
      }
    }

    @Override
    public OutputStream stdin() {
      var out = process.stdin();
      return new OutputStream() {
        private final ByteArrayOutputStream request = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
          request.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
          request.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
          if (request.size() == 0) {
            return;
          }
          var own = points.getAndIncrement();
          if (own == point && moment == Moment.BEFORE) {
            dead.set(true);
          }
          alive();
          loseAnswer |= own == point && moment == Moment.ANSWER_LOST;
          request.writeTo(out);
          request.reset();
          out.flush();
        }

        @Override
        public void close() throws IOException {
          out.close();
        }
      };
    }

    @Override
    public InputStream stdout() {
      var in = process.stdout();
      return new InputStream() {
        @Override
        public int read() throws IOException {
          var one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          alive();
          if (loseAnswer) {
            loseAnswer(in);
          }
          return in.read(bytes, offset, length);
        }
      };
    }

    /** Waits until the host has answered, so that what was asked is done, and dies then. */
    private void loseAnswer(InputStream in) throws IOException {
      var answer = new StringBuilder();
      var buffer = new byte[4096];
      while (!answer.toString().matches("(?s).*@@\\S+ (done|exit \\d+|locked|held)\\n.*")) {
        var count = in.read(buffer);
        if (count < 0) {
          break;
        }
        answer.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
      }
      dead.set(true);
      alive();
    }

    @Override
    public InputStream stderr() {
      return process.stderr();
    }

    @Override
    public Exit waitFor() throws RemoteException, InterruptedException {
      requireAlive();
      return process.waitFor();
    }

    @Override
    public void close() {
      process.close();
    }
  }
}

package io.provision.engine.session;

import io.provision.engine.event.Failure;
import io.provision.model.Host;
import io.provision.model.SecretUnavailable;
import io.provision.remote.Answer;
import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.LockOwner;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.remote.Session;
import io.provision.remote.Shell;
import io.provision.remote.Transport;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One host while a run lasts: its login, and its session once it is locked. */
public final class HostSession implements AutoCloseable {
  public static final Duration LOCK_PATIENCE = Duration.ofMinutes(10);

  private final Login login;
  private final Semaphore forks;
  private final Duration lookLimit;
  private final Wire wire = new Wire();
  private volatile Shell shell;
  private final AtomicInteger requests = new AtomicInteger();
  private volatile @org.jspecify.annotations.Nullable Session session;

  /** What logs in to the host, again after a reboot. */
  @FunctionalInterface
  private interface Login {
    Shell in() throws RemoteException, InterruptedException;
  }

  private HostSession(Login login, Shell shell, Semaphore forks, Duration lookLimit) {
    this.login = login;
    this.shell = shell;
    this.forks = forks;
    this.lookLimit = lookLimit;
  }

  /**
   * @param patience with its login
   * @param lookLimit after which it is given up when it does not answer
   */
  public static HostSession connect(
      Transport transport,
      Host host,
      Semaphore forks,
      Patience patience,
      Duration lookLimit,
      Consumer<String> notes)
      throws RemoteException, InterruptedException {
    forks.acquire();
    try {
      Login login = () -> Shell.on(host, patience.during(() -> transport.connect(host)), notes);
      return new HostSession(login, login.in(), forks, lookLimit);
    } catch (SecretUnavailable e) {
      throw new RemoteException.AuthFailed(e.reason(), e.remedy(), e);
    } finally {
      forks.release();
    }
  }

  public Shell shell() {
    return shell;
  }

  /**
   * How often something was asked of it and waited for, its login not among that: looks, sessions
   * that were opened, locks, repairs with the looks behind them.
   */
  public int requests() {
    return requests.get();
  }

  public Observations look(LookScript script) throws RemoteException, InterruptedException {
    var seen = new Observations.Builder();
    forks.acquire();
    try {
      script.read(look(script.calls()), seen);
    } finally {
      forks.release();
    }
    return seen.build();
  }

  /**
   * Asks outside any permit: where the host allows one session at once, this waits for its walk to
   * end, which may need the permit.
   */
  public List<Frame> look(List<Call> calls) throws RemoteException, InterruptedException {
    requests.getAndIncrement();
    return shell.look(calls, lookLimit);
  }

  /** What making something to hand over came to. */
  sealed interface Making {
    /**
     * @param printed the secret
     */
    record Done(String printed) implements Making {
      @Override
      public String toString() {
        return "Done[****]";
      }
    }

    record Failed(Failure failure) implements Making {}
  }

  /**
   * Makes what is handed over to another host, in a session of its own, which locks nothing and
   * needs no permit: its own may be in use, and whoever holds a permit may be waiting for this.
   */
  Making make(Script script) throws RemoteException, InterruptedException {
    var answer = aside(script, Optional.empty());
    var frame = answer.frames().isEmpty() ? new Frame(-1, "") : answer.frames().getFirst();
    return frame.ok()
        ? new Making.Done(frame.output())
        : new Making.Failed(Broken.of(script.deadline(), new Frame(frame.status(), ""), answer));
  }

  /**
   * @param interrupt by which an end may be asked for
   */
  private Answer aside(Script script, Optional<Interrupt> interrupt)
      throws RemoteException, InterruptedException {
    requests.getAndAdd(2); // it is opened and asked
    try (var own = shell.session()) {
      var request =
          new Session.Request(
              List.of(new Session.Loaded(script, List.of())),
              Optional.empty(),
              List.of(),
              script.deadline());
      Interrupt.Idle<Answer, RemoteException> work = () -> own.run(request, _ -> {});
      return interrupt.isPresent() ? interrupt.get().idle(own::abandon, work) : work.run();
    }
  }

  /**
   * Runs what measures something, in a session of its own.
   *
   * @param interrupt by which an end may be asked for
   * @return what it said, whatever it ended with
   */
  Frame measure(Script script, Optional<Interrupt> interrupt)
      throws RemoteException, InterruptedException {
    forks.acquire();
    try {
      var answer = aside(script, interrupt);
      if (answer.frames().isEmpty()) {
        throw unanswered(answer);
      }
      return answer.frames().getFirst();
    } finally {
      forks.release();
    }
  }

  private static RemoteException unanswered(Answer answer) {
    return new RemoteException.CommandFailed(
        answer.timedOut()
            ? "it did not answer in time"
            : "its answer ended too early (%s)".formatted(answer.stderr().strip()),
        "log in by hand and look for a full disk or a lack of memory, then run again");
  }

  /**
   * Runs what needs no lock, in a session of its own.
   *
   * @return why it failed
   */
  public Optional<Failure> tell(Script script) throws RemoteException, InterruptedException {
    return switch (make(script)) {
      case Making.Done _ -> Optional.empty();
      case Making.Failed(var failure) -> Optional.of(failure);
    };
  }

  /** Opens the session; nothing is locked yet. */
  public void openSession() throws RemoteException, InterruptedException {
    requests.getAndIncrement();
    session = shell.session();
  }

  /**
   * @param waiting told about once a second while what a dead run left behind is waited for
   */
  public Optional<LockOwner> lock(String owner, Consumer<LockOwner> waiting)
      throws RemoteException, InterruptedException {
    requests.getAndIncrement();
    return locked().lock(owner, LOCK_PATIENCE, waiting);
  }

  /** Gives the session up at once; only while it changes nothing. */
  public void abandon() {
    var open = session;
    if (open != null) {
      open.abandon();
    }
  }

  /** What an exchange on the locked session came to. */
  sealed interface Exchange {
    record Done(Observations seen) implements Exchange {}

    /**
     * @param repair its place in the order of all
     * @param limit after which all of it was to be ended
     */
    record RepairFailed(int repair, Frame frame, Answer answer, Duration limit)
        implements Exchange {}

    /**
     * @param hopeless whether it said that it will not come; else the deadline was over
     */
    record WaitFailed(boolean hopeless, String evidence) implements Exchange {}
  }

  /**
   * @param repairs to run first, in this order
   * @param pause to wait for then
   * @param probes to ask in the end
   */
  Exchange exchange(
      List<Session.Loaded> repairs,
      Optional<Session.Wait> pause,
      Collection<Probes> probes,
      Consumer<String> progress)
      throws RemoteException, InterruptedException {
    var script = new LookScript(probes);
    var deadline =
        repairs.stream()
            .map(repair -> repair.script().deadline())
            .reduce(lookLimit, Duration::plus)
            .plus(pause.map(Session.Wait::deadline).orElse(Duration.ZERO));
    var request = new Session.Request(repairs, pause, script.calls(), deadline);
    requests.getAndIncrement();
    return pause.isPresent()
        ? read(locked().run(request, progress::accept), request, script)
        : permitted(request, progress::accept, script);
  }

  /**
   * Repairs that have nothing to do with one another.
   *
   * @param longest how long the one may take that may take longest: one that hangs is not waited
   *     for in the name of all
   * @param probes to ask in the end
   */
  Exchange together(
      List<Session.Loaded> repairs,
      Duration longest,
      Collection<Probes> probes,
      Session.Progress progress)
      throws RemoteException, InterruptedException {
    var script = new LookScript(probes);
    var request =
        new Session.Request(repairs, Optional.empty(), script.calls(), longest.plus(lookLimit));
    requests.getAndIncrement();
    return permitted(request, progress, script);
  }

  /** How fast something goes to it. */
  Wire wire() {
    return wire;
  }

  /**
   * What these print, asked under the lock.
   *
   * @param before what is done first; where it fails, its frame is the only one
   */
  List<Frame> ask(Optional<Session.Loaded> before, List<Call> calls, Consumer<String> progress)
      throws RemoteException, InterruptedException {
    var deadline = before.map(it -> it.script().deadline()).orElse(Duration.ZERO).plus(lookLimit);
    var request = new Session.Request(before.stream().toList(), Optional.empty(), calls, deadline);
    requests.getAndIncrement();
    forks.acquire();
    try {
      return locked().run(request, progress::accept).frames();
    } finally {
      forks.release();
    }
  }

  private Exchange permitted(Session.Request request, Session.Progress progress, LookScript script)
      throws RemoteException, InterruptedException {
    forks.acquire();
    try {
      return read(locked().run(request, progress), request, script);
    } finally {
      forks.release();
    }
  }

  private static Exchange read(Answer answer, Session.Request request, LookScript script)
      throws RemoteException {
    var frames = answer.frames();
    var repairs = request.repairs();
    for (var i = 0; i < repairs.size(); i++) {
      if (i >= frames.size() || !frames.get(i).ok()) {
        var frame = i < frames.size() ? frames.get(i) : new Frame(-1, "");
        return new Exchange.RepairFailed(i, frame, answer, request.deadline());
      }
    }
    var next = repairs.size();
    if (request.pause().isPresent()) {
      if (next >= frames.size() || !frames.get(next).ok()) {
        return new Exchange.WaitFailed(
            next < frames.size() && frames.get(next).status() == Session.Wait.HOPELESS,
            frames.size() > next + 1 ? frames.get(next + 1).output() : "");
      }
      next++;
    }
    if (frames.size() - next < script.calls().size()) {
      throw unanswered(answer);
    }
    var seen = new Observations.Builder();
    script.read(frames.subList(next, frames.size()), seen);
    return new Exchange.Done(seen.build());
  }

  /**
   * Ends the login, which the host is about to end, and logs in anew under its lock.
   *
   * @return who holds the lock now, where that is not us
   */
  Optional<LockOwner> comeBack(String owner) throws RemoteException, InterruptedException {
    close();
    shell = login.in();
    openSession();
    return lock(owner, _ -> {});
  }

  /** Looks through the session, which is under the lock. */
  public Observations lookLocked(Collection<Probes> probes)
      throws RemoteException, InterruptedException {
    return switch (exchange(List.of(), Optional.empty(), probes, _ -> {})) {
      case Exchange.Done(var seen) -> seen;
      case Exchange.RepairFailed _, Exchange.WaitFailed _ ->
          throw new IllegalStateException("nothing was to be repaired");
    };
  }

  public void unlock() {
    var open = session;
    if (open != null) {
      open.close();
      session = null;
    }
  }

  @Override
  public void close() {
    unlock();
    shell.close();
  }

  private Session locked() {
    var open = session;
    if (open == null) {
      throw new IllegalStateException("a host is changed only under its lock");
    }
    return open;
  }
}

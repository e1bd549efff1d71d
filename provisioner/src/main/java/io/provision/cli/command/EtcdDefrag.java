package io.provision.cli.command;

import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.remote.Answer;
import io.provision.remote.Frame;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.remote.Session;
import io.provision.remote.Shell;
import io.provision.remote.Transport;
import io.provision.step.datastore.Defragmentation;
import io.provision.step.datastore.Defragmentation.Course;
import io.provision.step.datastore.Defragmentation.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Has one member after another give back the room that it does not use, under the locks of all
 * control planes, and looks at all of them before each. There is nothing to go on with: a member is
 * defragmented or it is not, and which ones would gain by it each of them says.
 */
final class EtcdDefrag {
  private static final Duration LOOK = Duration.ofMinutes(2);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String GOES_ON = "The same command goes on.";

  private final Transport transport;
  private final Defragmentation how;
  private final String owner;
  private final Consumer<String> result;
  private final Consumer<String> remarks;

  /**
   * @param owner who we are, for those who find a host locked
   * @param result told what came of it, a sentence each
   * @param remarks told what is being done
   */
  EtcdDefrag(
      Transport transport,
      Defragmentation how,
      String owner,
      Consumer<String> result,
      Consumer<String> remarks) {
    this.transport = transport;
    this.how = how;
    this.owner = owner;
    this.result = result;
    this.remarks = remarks;
  }

  /** All control planes of the inventory. */
  ExitCode of(Inventory inventory) throws Refused {
    try (var site = new Site()) {
      // as runs take their locks: two that meet never hold each other up
      for (var server :
          inventory.with(Role.CONTROL_PLANE).stream()
              .sorted(Comparator.comparing(Host::name))
              .toList()) {
        var stopped = site.take(server);
        if (stopped.isPresent()) {
          return stopped.get();
        }
      }
      return all(inventory, site);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(List.of(), ExitCode.INTERRUPTED);
    }
  }

  private ExitCode all(Inventory inventory, Site site) throws InterruptedException {
    Set<HostName> done = new HashSet<>();
    try {
      var course = how.course(inventory, site.look());
      while (true) {
        if (!course.obstacles().isEmpty()) {
          return obstructed(course, done);
        }
        var next =
            course.turns().stream().filter(turn -> !done.contains(turn.server())).findFirst();
        if (next.isEmpty()) {
          return course.alarmed() ? disarmed(course, site) : ExitCode.DONE;
        }
        var turn = next.get();
        done.add(turn.server());
        if (!turn.worthwhile()) {
          result.accept("%s: %s: it is left as it is".formatted(turn.server(), turn.size()));
          continue;
        }
        if (!turned(turn, site)) {
          return ExitCode.FAILED;
        }
        course = how.course(inventory, site.look());
        result.accept(
            "%s: defragmented: it had %s%s"
                .formatted(turn.server(), turn.size(), now(turn.server(), course)));
      }
    } catch (Away e) {
      result.accept(
          "%s: %s. %s. %s".formatted(e.host, e.reason.what(), e.reason.remedy(), GOES_ON));
      return ExitCode.UNREACHABLE;
    }
  }

  private static String now(HostName server, Course course) {
    return course.turns().stream()
        .filter(turn -> turn.server().equals(server))
        .map(turn -> "; now it has " + turn.size())
        .findFirst()
        .orElse("");
  }

  private ExitCode obstructed(Course course, Set<HostName> done) {
    course.obstacles().forEach(result);
    result.accept(
        done.isEmpty()
            ? "No member was defragmented: that is done only while all of them are well."
            : "No further member is defragmented until all of them are well. " + GOES_ON);
    return ExitCode.UNSAFE;
  }

  private boolean turned(Turn turn, Site site) throws Away, InterruptedException {
    var server = turn.server();
    remarks.accept("%s: it has %s".formatted(server, turn.size()));
    var scripts = how.defragment(server);
    var answer = site.run(server, scripts);
    if (isWell(answer, scripts.size())) {
      return true;
    }
    result.accept(
        "%s: %s. No further member is defragmented. %s"
            .formatted(server, ScriptEnd.reason(answer, "its member"), GOES_ON));
    return false;
  }

  private ExitCode disarmed(Course course, Site site) throws Away, InterruptedException {
    if (course.full().isPresent()) {
      result.accept("The alarm NOSPACE stays, and etcd takes no writes: " + course.full().get());
      return ExitCode.UNSAFE;
    }
    var server = course.turns().getFirst().server();
    var answer = site.run(server, List.of(how.disarm(server)));
    if (!isWell(answer, 1)) {
      result.accept("%s: %s. %s".formatted(server, ScriptEnd.reason(answer, "the alarm"), GOES_ON));
      return ExitCode.FAILED;
    }
    result.accept("The alarm NOSPACE is taken back: there is room again, and etcd takes writes.");
    return ExitCode.DONE;
  }

  private static boolean isWell(Answer answer, int scripts) {
    return answer.frames().size() >= scripts && answer.frames().getLast().ok();
  }

  /** A host that was there, and is not any more. */
  private static final class Away extends Exception {
    private final transient HostName host;
    private final transient RemoteException reason;

    Away(HostName host, RemoteException reason) {
      super(reason);
      this.host = host;
      this.reason = reason;
    }
  }

  /** The control planes, each locked by us. */
  private final class Site implements AutoCloseable {
    private final Map<HostName, Session> sessions = new LinkedHashMap<>();
    private final List<Runnable> open = new ArrayList<>();

    /** How all ends where this one cannot be had. */
    Optional<ExitCode> take(Host server) throws InterruptedException {
      try {
        var shell = Shell.on(server, transport.connect(server));
        open.add(shell::close);
        var session = shell.session();
        open.add(session::close);
        var holder =
            session.lock(
                owner, PATIENCE, it -> remarks.accept(server + ": waits for " + it.owner()));
        if (holder.isPresent()) {
          result.accept("%s: it is locked by %s".formatted(server, holder.get().owner()));
          return Optional.of(ExitCode.LOCKED);
        }
        sessions.put(server.name(), session);
        return Optional.empty();
      } catch (RemoteException e) {
        result.accept(
            "%s: %s. %s. No member was defragmented: that is done only while all of them are well."
                .formatted(server, e.what(), e.remedy()));
        return Optional.of(ExitCode.UNREACHABLE);
      }
    }

    Map<HostName, Frame> look() throws Away, InterruptedException {
      var answers = new HashMap<HostName, Frame>();
      for (var server : sessions.keySet()) {
        var request =
            new Session.Request(List.of(), Optional.empty(), List.of(how.look(server)), LOOK);
        var answer = ask(server, request);
        answers.put(
            server, answer.frames().isEmpty() ? new Frame(1, "") : answer.frames().getFirst());
      }
      return answers;
    }

    Answer run(HostName server, List<Script> scripts) throws Away, InterruptedException {
      var loaded = scripts.stream().map(script -> new Session.Loaded(script, List.of())).toList();
      var limit = scripts.stream().map(Script::deadline).reduce(Duration.ZERO, Duration::plus);
      return ask(server, new Session.Request(loaded, Optional.empty(), List.of(), limit));
    }

    private Answer ask(HostName server, Session.Request request) throws Away, InterruptedException {
      try {
        var session = Objects.requireNonNull(sessions.get(server), "it was taken");
        return session.run(request, line -> remarks.accept(server + ": " + line.strip()));
      } catch (RemoteException e) {
        throw new Away(server, e);
      }
    }

    /** Last first: a session before its login. */
    @Override
    public void close() {
      open.reversed().forEach(Runnable::run);
    }
  }
}

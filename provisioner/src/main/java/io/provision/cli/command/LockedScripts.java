package io.provision.cli.command;

import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.desk.HeldSnapshot;
import io.provision.model.Host;
import io.provision.remote.Answer;
import io.provision.remote.PayloadStream;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.remote.Session;
import io.provision.remote.Shell;
import io.provision.remote.Transport;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Scripts that run on one host under its lock, one after another until one fails. */
public final class LockedScripts {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Transport transport;
  private final String owner;
  private final String what;
  private final String afterwards;
  private final Consumer<String> remarks;

  /**
   * @param owner who we are, for those who find a host locked
   * @param what they are of, as the beginning of a sentence
   * @param afterwards a sentence for who reads that one failed: what is so then
   * @param remarks told what is being done
   */
  public LockedScripts(
      Transport transport, String owner, String what, String afterwards, Consumer<String> remarks) {
    this.transport = transport;
    this.owner = owner;
    this.what = what;
    this.afterwards = afterwards;
    this.remarks = remarks;
  }

  /** One that takes nothing, or this archive. */
  static Session.Loaded loaded(Script script, HeldSnapshot held) {
    return script.payloads().isEmpty()
        ? loaded(script)
        : new Session.Loaded(
            script,
            List.of(new PayloadStream(held.size(), () -> Files.newInputStream(held.archive()))));
  }

  public static Session.Loaded loaded(Script script) {
    return new Session.Loaded(script, List.of());
  }

  /** What they answered: all of them ran; refused with the words of the one that failed. */
  public Answer run(Host host, List<Session.Loaded> repairs) throws Refused, InterruptedException {
    var limit =
        repairs.stream().map(it -> it.script().deadline()).reduce(Duration.ZERO, Duration::plus);
    try (var shell = Shell.on(host, transport.connect(host));
        var session = shell.session()) {
      var holder =
          session.lock(owner, PATIENCE, it -> remarks.accept(host + ": waits for " + it.owner()));
      if (holder.isPresent()) {
        throw refused(host, "it is locked by " + holder.get().owner(), ExitCode.LOCKED);
      }
      var request = new Session.Request(repairs, Optional.empty(), List.of(), limit);
      var answer = session.run(request, line -> remarks.accept(host + ": " + line.strip()));
      if (answer.frames().size() < repairs.size() || !answer.frames().getLast().ok()) {
        throw refused(host, ScriptEnd.reason(answer, what), ExitCode.FAILED);
      }
      return answer;
    } catch (RemoteException e) {
      throw refused(host, "%s. %s".formatted(e.what(), e.remedy()), ExitCode.UNREACHABLE);
    }
  }

  private Refused refused(Host host, String why, ExitCode code) {
    return new Refused(
        List.of(Problem.error(host.toString(), "%s. %s".formatted(why, afterwards))), code);
  }
}

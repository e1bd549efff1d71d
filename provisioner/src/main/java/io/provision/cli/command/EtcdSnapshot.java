package io.provision.cli.command;

import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.desk.DeskException;
import io.provision.desk.SnapshotCopies;
import io.provision.model.Host;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.remote.Session;
import io.provision.remote.Shell;
import io.provision.remote.Transport;
import io.provision.step.datastore.Datastore;
import io.provision.steps.kubernetes.etcd.SnapshotScripts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes a snapshot of the first server that can make one, and copies it to this machine. */
final class EtcdSnapshot {
  private static final String KIND = "snapshot";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** As {@link SnapshotScripts#KEEP} prints it. */
  private static final Pattern MADE =
      Pattern.compile("kept (" + KIND + "-(\\d{8}T\\d{6}Z)\\.db) (\\d{1,18})");

  private final Transport transport;
  private final Datastore datastore;
  private final String owner;
  private final int number;
  private final Consumer<String> result;
  private final Consumer<String> remarks;

  /**
   * @param number how many are kept, there and here
   * @param result told what came of it, a sentence each
   * @param remarks told what is being done
   */
  EtcdSnapshot(
      Transport transport,
      Datastore datastore,
      String owner,
      int number,
      Consumer<String> result,
      Consumer<String> remarks) {
    this.transport = transport;
    this.datastore = datastore;
    this.owner = owner;
    this.number = number;
    this.result = result;
    this.remarks = remarks;
  }

  /** Makes the folder and takes its lock: only once there is something to be copied to it. */
  interface Opening {
    SnapshotCopies open() throws Refused;
  }

  /**
   * What came of it.
   *
   * @param server of which it was to be taken; empty where none could
   * @param archive on this machine, where it is whole
   */
  record Taken(ExitCode code, Optional<Host> server, Optional<Path> archive) {}

  /**
   * Of the first of these servers that can make one.
   *
   * @param before what that server does first, under the same lock
   */
  Taken of(List<Host> servers, List<Script> before, Opening opening) throws Refused {
    var from = new AtomicReference<@Nullable Host>();
    var archive = new AtomicReference<@Nullable Path>();
    var code =
        new AnsweringServer(transport, datastore, result)
            .of(
                servers,
                (server, shell) -> {
                  from.set(server);
                  try (var folder = opening.open()) {
                    return taken(server, shell, before, folder, archive::set);
                  }
                });
    return new Taken(code, Optional.ofNullable(from.get()), Optional.ofNullable(archive.get()));
  }

  private ExitCode taken(
      Host server, Shell shell, List<Script> before, SnapshotCopies folder, Consumer<Path> archive)
      throws RemoteException, InterruptedException, Refused {
    try (var session = shell.session()) {
      var holder =
          session.lock(owner, PATIENCE, it -> remarks.accept(server + ": waits for " + it.owner()));
      if (holder.isPresent()) {
        result.accept("%s: it is locked by %s".formatted(server, holder.get().owner()));
        return ExitCode.LOCKED;
      }
      var scripts = new ArrayList<>(before);
      scripts.add(datastore.snapshot(server.name(), KIND, number));
      var answer =
          session.run(request(scripts), line -> remarks.accept(server + ": " + line.strip()));
      var frame = answer.frames().getLast();
      var made = MADE.matcher(frame.output());
      if (!frame.ok() || !made.find()) {
        result.accept("%s: %s".formatted(server, ScriptEnd.reason(answer, "it made no snapshot")));
        return ExitCode.FAILED;
      }
      result.accept(
          "%s: %s of %s is kept in %s there; its SHA-256 is right"
              .formatted(
                  server,
                  made.group(1),
                  size(Long.parseLong(made.group(3))),
                  SnapshotScripts.FOLDER));
      frame
          .output()
          .lines()
          .filter(line -> line.startsWith("pruned "))
          .forEach(line -> result.accept("%s: %s is deleted".formatted(server, line.substring(7))));
      return copied(shell, made.group(1), made.group(2), folder, archive);
    }
  }

  private static Session.Request request(List<Script> scripts) {
    return new Session.Request(
        scripts.stream().map(LockedScripts::loaded).toList(),
        Optional.empty(),
        List.of(),
        scripts.stream().map(Script::deadline).reduce(Duration.ZERO, Duration::plus));
  }

  private ExitCode copied(
      Shell shell, String snapshot, String time, SnapshotCopies folder, Consumer<Path> archive)
      throws RemoteException, InterruptedException {
    try (var draft = folder.begin()) {
      try (var out = draft.out()) {
        shell.fetch(datastore.archive(snapshot), out);
        var file = draft.keep(time, snapshot, datastore.required());
        archive.accept(file);
        result.accept(
            "%s has it, with the keys of the cluster's authorities and its tokens: who reads it is"
                    .formatted(file)
                + " its administrator. It is for you alone (0600); keep it so.");
      } catch (IOException e) {
        throw folder.unwritten(e);
      }
      folder.prune(number).forEach(name -> result.accept(name + " is deleted here"));
      return ExitCode.DONE;
    } catch (DeskException e) {
      result.accept("%s. %s".formatted(e.what(), e.remedy()));
      return ExitCode.OUTPUT_LOST;
    }
  }

  private static String size(long bytes) {
    return bytes < 1 << 20 ? (bytes + 1023) / 1024 + " kB" : (bytes >> 20) + " MB";
  }
}

package io.provision.cli.command;

import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.desk.HeldSnapshot;
import io.provision.model.Host;
import io.provision.remote.Frame;
import io.provision.remote.Payload;
import io.provision.remote.Session;
import io.provision.remote.Transport;
import io.provision.step.datastore.Datastore;
import io.provision.step.datastore.Drill;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tries whether a snapshot is worth what it is kept for: what was written before it is found after
 * a restore beside the cluster, which lives on. Killed anywhere it has changed nothing but a Secret
 * of ours, which the next one writes anew.
 */
final class EtcdDrill {
  private static final int WORD_BYTES = 24;

  private final Transport transport;
  private final Datastore datastore;
  private final LockedScripts scripts;
  private final Consumer<String> result;

  /**
   * @param owner who we are, for those who find a host locked
   * @param result told what came of it, a sentence each
   * @param remarks told what is being done
   */
  EtcdDrill(
      Transport transport,
      Datastore datastore,
      String owner,
      Consumer<String> result,
      Consumer<String> remarks) {
    this.transport = transport;
    this.datastore = datastore;
    this.result = result;
    this.scripts =
        new LockedScripts(
            transport, owner, "the drill", "Nothing of the cluster was changed", remarks);
  }

  /** Looks at an archive: it is whole, and of this cluster. */
  interface Look {
    HeldSnapshot at(Path archive) throws Refused;
  }

  /** With a snapshot that is taken now. */
  ExitCode ofNew(EtcdSnapshot snapshot, List<Host> servers, EtcdSnapshot.Opening opening, Look look)
      throws Refused {
    var word = word();
    var taken = snapshot.of(servers, List.of(datastore.drill().mark(word)), opening);
    if (taken.server().isEmpty() || taken.code() == ExitCode.LOCKED) { // nothing was written
      return taken.code();
    }
    var server = taken.server().get();
    try {
      return taken.archive().isEmpty()
          ? taken.code()
          : tried(server, look.at(taken.archive().get()), word);
    } finally {
      unmark(server);
    }
  }

  /** With one that is there, on the first server that answers. */
  ExitCode of(HeldSnapshot held, List<Host> servers) throws Refused {
    var first = new AtomicReference<@Nullable Host>();
    var code =
        new AnsweringServer(transport, datastore, result)
            .of(
                servers,
                (server, _) -> {
                  first.set(server);
                  return ExitCode.DONE;
                });
    var server = Optional.ofNullable(first.get());
    return server.isEmpty() ? code : tried(server.get(), held, "");
  }

  private ExitCode tried(Host server, HeldSnapshot held, String word) throws Refused {
    var archive = new Payload.LocalFile(held.archive(), held.size());
    var tried =
        datastore
            .drill()
            .tried(
                server.name(), archive, held.sha256().hex(), held.snapshot(), held.paths(), word);
    var answer = run(server, tried.stream().map(it -> LockedScripts.loaded(it, held)).toList());
    var found = Drill.Found.read(answer);
    if (!found.isWhole() || !word.isEmpty() && !found.marked()) {
      result.accept(server + ": the drill ended without a word of what it found");
      return ExitCode.FAILED;
    }
    result.accept(
        "%s: a datastore was made of it beside the living cluster, as it was at %s, and an API server read it: %s%s"
            .formatted(
                server,
                HeldArchive.time(held),
                found.told(),
                word.isEmpty()
                    ? ""
                    : ", and among them the Secret that was written before the snapshot"));
    return ExitCode.DONE;
  }

  private Frame run(Host server, List<Session.Loaded> repairs) throws Refused {
    try {
      return scripts.run(server, repairs).frames().getLast();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(List.of(), ExitCode.INTERRUPTED);
    }
  }

  /** What is said where it could not be taken out hides nothing that came before. */
  private void unmark(Host server) {
    try {
      run(server, List.of(LockedScripts.loaded(datastore.drill().unmark())));
    } catch (Refused e) {
      result.accept(
          "%s: the Secret kube-system/provision-drill stays, and the next drill writes it anew (%s)"
              .formatted(
                  server, e.problems().isEmpty() ? "interrupted" : e.problems().getFirst().what()));
    }
  }

  /** In base64, as a Secret has it. */
  private static String word() {
    var bytes = new byte[WORD_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}

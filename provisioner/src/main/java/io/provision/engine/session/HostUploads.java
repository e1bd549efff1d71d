package io.provision.engine.session;

import io.provision.desk.DeskException;
import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.Payload;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.remote.Session;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * What goes to one host: before large files it is asked, in one request, what it has of them since
 * they were sent in part, and the first few MiB show once a run whether the connection is so slow
 * that compressing is worth it.
 */
record HostUploads(HostSession machine, Handoffs handoffs, Consumer<String> progress) {

  /** Scripts with their payloads. */
  List<Session.Loaded> load(List<Script> scripts)
      throws RemoteException, DeskException, InterruptedException {
    var uploads = handoffs.uploads();
    var large = uploads.large(scripts);
    if (large.isEmpty()) {
      return handoffs.load(scripts);
    }
    var wire = machine.wire();
    var trial = wire.isKnown() ? Optional.<Session.Loaded>empty() : uploads.trial(large);
    var parts = trial.isPresent() ? tried(trial.get(), large, wire) : asked(large);
    return handoffs.load(scripts, parts, wire.isSlow());
  }

  private Uploads.Parts asked(List<Payload.Upload> large)
      throws RemoteException, DeskException, InterruptedException {
    return told(large, machine.ask(Optional.empty(), calls(large), progress));
  }

  private static List<Call> calls(List<Payload.Upload> large) {
    return large.stream().map(Payload.Upload::part).toList();
  }

  private Uploads.Parts told(List<Payload.Upload> large, List<Frame> answers) throws DeskException {
    var parts = handoffs.uploads().parts(large, answers);
    handoffs.uploads().told(large, parts).forEach(progress);
    return parts;
  }

  /** Where the beginning is not there, nothing is: what is sent anyway says why. */
  private Uploads.Parts tried(Session.Loaded trial, List<Payload.Upload> large, Wire wire)
      throws RemoteException, DeskException, InterruptedException {
    var before = Wire.Processors.now();
    var begun = System.nanoTime();
    var others = calls(large.subList(1, large.size()));
    var answers = machine.ask(Optional.of(trial), others, progress);
    var took = Duration.ofNanos(System.nanoTime() - begun);
    if (answers.isEmpty() || !answers.getFirst().ok()) {
      return Uploads.Parts.NONE;
    }
    var parts = told(large, answers);
    if (!answers.getFirst().output().isBlank()) {
      return parts; // something was there before, and was digested meanwhile
    }
    var load = before.flatMap(then -> Wire.Processors.now().map(now -> now.load(then)));
    wire.took(trial.streams().getFirst().size(), took, load.orElse(OptionalDouble.empty()));
    if (wire.isSlow()) {
      progress.accept(
          String.format(
              Locale.ROOT,
              "the connection is slow (%.1f MiB/s): what gzip makes smaller is compressed",
              wire.rate().orElseThrow() / (double) (1 << 20)));
    }
    return handoffs.uploads().tried(parts, large.getFirst());
  }
}

package io.provision.engine.session;

import io.provision.desk.DeskException;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.remote.Session;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * What goes to one host: it is asked what it has of large files since they were sent in part, and
 * the first few MiB show once a run whether the connection is so slow that compressing is worth it.
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
    var calls = large.stream().map(upload -> upload.part()).toList();
    var parts = uploads.parts(large, machine.ask(calls));
    uploads.told(large, parts).forEach(progress);
    var wire = machine.wire();
    if (!wire.isKnown()) {
      var trial = uploads.trial(large, parts);
      if (trial.isPresent() && isThere(trial.get().loaded(), wire)) {
        parts = trial.get().then();
      }
    }
    return handoffs.load(scripts, parts, wire.isSlow());
  }

  /** Where it is not there, what is sent anyway says why. */
  private boolean isThere(Session.Loaded trial, Wire wire)
      throws RemoteException, InterruptedException {
    var before = Wire.Processors.now();
    var begun = System.nanoTime();
    if (!machine.isDone(trial, progress)) {
      return false;
    }
    var took = Duration.ofNanos(System.nanoTime() - begun);
    var load = before.flatMap(then -> Wire.Processors.now().map(now -> now.load(then)));
    wire.took(trial.streams().getFirst().size(), took, load.orElse(OptionalDouble.empty()));
    if (wire.isSlow()) {
      progress.accept(
          String.format(
              Locale.ROOT,
              "the connection is slow (%.1f MiB/s): what gzip makes smaller is compressed",
              wire.rate().orElseThrow() / (double) (1 << 20)));
    }
    return true;
  }
}

package io.provision.engine.session;

import io.provision.desk.Desk;
import io.provision.desk.DeskException;
import io.provision.desk.Outside;
import io.provision.model.Secret;
import io.provision.model.SecretUnavailable;
import io.provision.remote.Handoff;
import io.provision.remote.Payload;
import io.provision.remote.PayloadStream;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.remote.Session;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the bytes of payloads, for repairs: what one host hands over to another is read, or made,
 * once a run, and an artifact is found, and compared with its digest, once for all hosts. A host
 * compares what it got once more.
 */
public final class Handoffs implements Desk.Handoffs {
  private final KeptSecrets kept;
  private final Desk desk;
  private final Once<Handoff.Made, Secret> made = new Once<>();
  private final Uploads uploads;

  public Handoffs(KeptSecrets kept, Desk desk) {
    this.kept = kept;
    this.desk = desk;
    this.uploads = new Uploads(desk);
  }

  @Override
  public Secret read(Handoff handoff) throws DeskException {
    return switch (handoff) {
      case Handoff.Kept it -> kept.read(it);
      case Handoff.Made it -> made.of(it, () -> make(it));
    };
  }

  /** What the user wants asked and run from the operator's machine. */
  Outside outside() {
    return desk.outside();
  }

  private Secret make(Handoff.Made handoff) throws DeskException {
    var what = "what %s hands over could not be made".formatted(handoff.from());
    var machine = kept.machine(handoff.from(), what);
    try {
      return switch (machine.make(handoff.make())) {
        case HostSession.Making.Done(var printed) -> Secret.of(printed);
        case HostSession.Making.Failed(var failure) ->
            throw new DeskException(
                "%s: %s".formatted(what, failure.what()), failure.remedy(), null);
      };
    } catch (RemoteException e) {
      throw new DeskException("%s: %s".formatted(what, e.what()), e.remedy(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeskException(what, "run again", e);
    }
  }

  /** What is large among them. */
  Uploads uploads() {
    return uploads;
  }

  /** Scripts with the bytes of their payloads; nobody may be kept waiting meanwhile. */
  List<Session.Loaded> load(List<Script> scripts) throws DeskException {
    return load(scripts, Uploads.Parts.NONE, false);
  }

  /**
   * The same.
   *
   * @param parts what the host has of them
   * @param isSlow whether the connection to it is
   */
  List<Session.Loaded> load(List<Script> scripts, Uploads.Parts parts, boolean isSlow)
      throws DeskException {
    var loaded = new ArrayList<Session.Loaded>();
    for (var script : scripts) {
      var streams = new ArrayList<PayloadStream>();
      for (var payload : script.payloads()) {
        streams.add(load(payload, parts, isSlow));
      }
      loaded.add(new Session.Loaded(script, streams));
    }
    return loaded;
  }

  private PayloadStream load(Payload payload, Uploads.Parts parts, boolean isSlow)
      throws DeskException {
    try {
      return switch (payload) {
        case Payload.Bytes(var content) -> bytes(content.bytes());
        case Payload.Stored stored -> uploads.whole(stored);
        case Payload.Upload upload -> uploads.rest(upload, parts, isSlow);
        case Handoff handoff -> bytes(read(handoff).reveal());
      };
    } catch (SecretUnavailable e) {
      throw new DeskException(e.reason(), e.remedy(), e);
    }
  }

  private static PayloadStream bytes(byte[] bytes) {
    return new PayloadStream(bytes.length, () -> new ByteArrayInputStream(bytes));
  }
}

package io.provision.resource;

import io.provision.model.LocalFile;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import java.util.ArrayList;

/**
 * A copy of a file of the operator's machine that is too large to be held in memory or shown: it is
 * compared by its digest and streamed.
 *
 * @param as path, mode, owner and group; its content is not looked at
 */
public record LargeFile(LocalFile source, ManagedFile as) implements Piece {

  @Override
  public Probes probes() {
    return Probes.of(Files.at(as.path()));
  }

  @Override
  public Check check(Observations seen) {
    var state = seen.of(Files.at(as.path()));
    if (state.exists() && !state.isFile()) {
      return new Check.Refused(
          "%s exists and is not a regular file".formatted(as.path()),
          "move it away, then run again");
    }
    if (state.holds(source.sha256())) {
      return as.withRights(state);
    }
    var changes = new ArrayList<Change>();
    changes.add(
        Change.of(
            state.exists() ? Change.Action.UPDATE : Change.Action.CREATE,
            as.path(),
            state.exists() ? "%d bytes".formatted(state.size()) : "",
            "%d bytes (%s)".formatted(source.size(), source.sha256().brief())));
    changes.addAll(as.rights(state));
    return new Check.Drift(changes, new Repair.OnHost(write()));
  }

  private Script write() {
    var sum = source.sha256();
    var file = new Payload.LocalFile(source.path(), source.size());
    return Script.of(
            UploadScripts.WRITE, as.path(), as.mode().toString(), as.owner(), as.group(), sum.hex())
        .with(UploadScripts.pastLinks(as.path(), sum, file));
  }
}

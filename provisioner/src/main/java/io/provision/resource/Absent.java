package io.provision.resource;

import io.provision.remote.Script;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;

/** Nothing at this path: a file or a link is removed, a directory only if it is empty. */
public record Absent(String path) implements Piece {
  public Absent {
    HostPath.require(path);
  }

  @Override
  public Probes probes() {
    return Probes.of(Files.at(path));
  }

  @Override
  public Check check(Observations seen) {
    var state = seen.of(Files.at(path));
    if (!state.exists() && !state.link()) {
      return new Check.InSync();
    }
    return removal();
  }

  /** Of what is known to be there. */
  public Check.Drift removal() {
    return new Check.Drift(
        java.util.List.of(Change.of(Change.Action.REMOVE, path)),
        new Repair.OnHost(Script.of(FileScripts.REMOVE, path)));
  }
}

package io.provision.resource;

import io.provision.remote.Script;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import java.util.ArrayList;

/** A directory with this mode, owner and group. What is in it is not looked at. */
public record Directory(String path, FileMode mode, String owner, String group) implements Piece {
  public Directory {
    HostPath.require(path);
    Account.require(owner);
    Account.require(group);
  }

  /** Owned by root, mode 0755. */
  public static Directory of(String path) {
    return new Directory(path, FileMode.DIRECTORY, "root", "root");
  }

  public Directory withMode(FileMode other) {
    return new Directory(path, other, owner, group);
  }

  @Override
  public Probes probes() {
    return Probes.of(Files.at(path));
  }

  @Override
  public Check check(Observations seen) {
    var state = seen.of(Files.at(path));
    if ((state.exists() || state.link()) && state.type() != FileState.Type.DIRECTORY) {
      return new Check.Refused(
          "%s exists and is not a directory".formatted(path), "move it away, then run again");
    }
    var changes = new ArrayList<Change>();
    if (!state.exists()) {
      changes.add(Change.of(Change.Action.CREATE, path, "", "directory, mode " + mode));
    } else {
      if (!state.mode().equals(mode)) {
        changes.add(Change.of(Change.Action.UPDATE, path, "mode " + state.mode(), "mode " + mode));
      }
      if (!state.owner().is(owner, group)) {
        changes.add(
            Change.of(
                Change.Action.UPDATE,
                path,
                "owner " + state.owner(),
                "owner " + owner + ":" + group));
      }
    }
    return changes.isEmpty() ? new Check.InSync() : new Check.Drift(changes, make());
  }

  private Repair make() {
    return new Repair.OnHost(
        Script.of(FileScripts.MAKE_DIRECTORY, path, mode.toString(), owner, group).standingAlone());
  }
}

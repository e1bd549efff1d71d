package io.provision.resource;

import io.provision.model.Content;
import io.provision.model.Sha256;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A file with these bytes, mode, owner and group. Sensitive content is never shown, and refuses a
 * mode that lets others read it. Directories above it that are missing are made with mode 0755.
 */
public record ManagedFile(String path, Content content, FileMode mode, String owner, String group)
    implements Piece {

  public ManagedFile {
    HostPath.require(path);
    Account.require(owner);
    Account.require(group);
    if (content instanceof Content.Sensitive && !mode.isPrivate()) {
      throw new IllegalArgumentException(
          "%s holds a secret: mode %s lets others read it, take \"0600\"".formatted(path, mode));
    }
  }

  /** Owned by root; mode 0644, or 0600 for sensitive content. */
  public static ManagedFile of(String path, Content content) {
    var mode = content instanceof Content.Sensitive ? FileMode.PRIVATE : FileMode.PUBLIC;
    return new ManagedFile(path, content, mode, "root", "root");
  }

  /**
   * With the mode and owner of what is there (of a link: of what it leads to), but that others may
   * not write it: that is never set where nobody declared it. As {@link #of} where nothing is
   * there.
   */
  public static ManagedFile inPlaceOf(FileState state, String path, Content content) {
    return state.exists()
        ? new ManagedFile(
            path, content, state.mode().closed(), state.owner().uid(), state.owner().gid())
        : of(path, content);
  }

  public ManagedFile withMode(FileMode other) {
    return new ManagedFile(path, content, other, owner, group);
  }

  public ManagedFile withOwner(String otherOwner, String otherGroup) {
    return new ManagedFile(path, content, mode, otherOwner, otherGroup);
  }

  /** The digest of what it should hold, for a unit that reads it. */
  public Sha256 sha256() {
    return content.sha256();
  }

  private Question<FileState> question() {
    return content instanceof Content.Plain ? Files.unlike(path, sha256()) : Files.at(path);
  }

  @Override
  public Probes probes() {
    return Probes.of(question());
  }

  @Override
  public Check check(Observations seen) {
    return check(seen.of(question()));
  }

  /** Compares with what is there: for a file whose content is known only now that it was seen. */
  public Check check(FileState state) {
    if (state.exists() && !state.isFile()) {
      return new Check.Refused(
          "%s exists and is not a regular file".formatted(path), "move it away, then run again");
    }
    var changes = new ArrayList<Change>();
    if (!state.holds(sha256())) {
      var action = state.exists() ? Change.Action.UPDATE : Change.Action.CREATE;
      changes.add(new Change(action, path, detail(state)));
      changes.addAll(rights(state));
      return new Check.Drift(changes, new Repair.OnHost(write("-")));
    }
    return withRights(state);
  }

  /** Of a file that holds what it should: only mode and owner can differ. */
  Check withRights(FileState state) {
    var changes = rights(state);
    return changes.isEmpty()
        ? new Check.InSync(Observed.NOTHING)
        : new Check.Drift(
            changes,
            new Repair.OnHost(
                Script.of(FileScripts.SET_MODE, path, mode.toString(), owner, group)
                    .standingAlone()));
  }

  /** The changes of mode and owner that writing it makes to what is there. */
  public List<Change> rights(FileState state) {
    var changes = new ArrayList<Change>();
    if (!state.exists()) {
      return changes;
    }
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
    return changes;
  }

  private Change.Detail detail(FileState state) {
    if (!(content instanceof Content.Plain plain)) {
      return new Change.Detail.Hidden("it holds a secret");
    }
    if (isBinary(plain)) {
      return new Change.Detail.Value(
          state.sha256().map(Sha256::brief).orElse(""), plain.sha256().brief());
    }
    if (state.exists() && state.text().isEmpty()) {
      return new Change.Detail.Value(
          "%d bytes".formatted(state.size()), "%d bytes".formatted(plain.bytes().length));
    }
    return new Change.Detail.Text(state.text().map(Content.Plain::text).orElse(""), plain.text());
  }

  private static boolean isBinary(Content.Plain plain) {
    var bytes = plain.bytes();
    return bytes.length > Files.SHOWN
        || !Arrays.equals(plain.text().getBytes(java.nio.charset.StandardCharsets.UTF_8), bytes)
        || plain.text().indexOf('\0') >= 0;
  }

  /**
   * {@code write_file PATH MODE OWNER GROUP SHA256 OLD} with the content as payload, for a function
   * that does more than that: a whole file by a rename, refused if the digest is not OLD any more.
   */
  public static io.provision.remote.ShellFunction writeFunction() {
    return FileScripts.WRITE;
  }

  /** Writes it, whatever is there. */
  public Script write() {
    return write("-");
  }

  /** Writes it, if it still has the digest {@code old}; {@code -} for whatever it has. */
  Script write(String old) {
    var sum = content instanceof Content.Plain ? sha256().hex() : "-";
    return Script.of(FileScripts.WRITE, path, mode.toString(), owner, group, sum, old)
        .with(new Payload.Bytes(content))
        .standingAlone();
  }
}

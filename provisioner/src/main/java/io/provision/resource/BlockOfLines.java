package io.provision.resource;

import io.provision.model.Content;
import io.provision.model.Sha256;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Lines of ours in a file of somebody else, between {@code # BEGIN provision NAME} and {@code # END
 * provision NAME}. The rest of the file stays byte for byte, and so do its mode and owner, but that
 * a mode that lets others write is not set again; where the file is not there it is made with mode
 * 0644. Without lines the block is taken out.
 */
public record BlockOfLines(String path, String name, List<String> lines) implements Piece {
  private static final Pattern GRAMMAR = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  public BlockOfLines {
    HostPath.require(path);
    if (!GRAMMAR.matcher(name).matches()) {
      throw new IllegalArgumentException("'%s' is not a valid name for a block".formatted(name));
    }
    lines = List.copyOf(lines);
    for (var line : lines) {
      if (line.chars().anyMatch(c -> c == '\n' || c == '\r' || c == 0)) {
        throw new IllegalArgumentException("a line of block %s has a line break".formatted(name));
      }
    }
  }

  @Override
  public Probes probes() {
    return Probes.of(Files.text(path));
  }

  @Override
  public Check check(Observations seen) {
    return check(seen.of(Files.text(path)));
  }

  /** The lines that are in the block now; empty where there is no whole block. */
  public List<String> present(Observations seen) {
    return seen.of(Files.text(path))
        .text()
        .flatMap(text -> MarkedText.of(text, name).lines())
        .orElse(List.of());
  }

  private Check check(FileState state) {
    if (state.exists() && !state.isFile()) {
      return new Check.Refused(
          "%s exists and is not a regular file".formatted(path), "move it away, then run again");
    }
    if (state.exists() && state.text().isEmpty()) {
      return new Check.Refused(
          "%s has %d bytes, more than the %d that are edited"
              .formatted(path, state.size(), Files.SHOWN),
          "make it smaller, or leave this step out by --skip");
    }
    var old = state.text().orElse(new Content.Plain(new byte[0]));
    var marked = MarkedText.of(old, name);
    if (marked.damage() instanceof String damage) {
      return new Check.Refused(
          "%s: %s".formatted(path, damage),
          "fix or delete the lines that say 'provision %s' there, then run again".formatted(name));
    }
    var wanted = marked.with(lines);
    if (wanted.equals(old)) {
      return new Check.InSync();
    }
    var file = ManagedFile.inPlaceOf(state, path, wanted);
    var changes = new ArrayList<Change>();
    changes.add(change(state, old, wanted));
    changes.addAll(file.rights(state));
    return new Check.Drift(
        changes, new Repair.OnHost(file.write(state.sha256().map(Sha256::hex).orElse("-"))));
  }

  private Change change(FileState state, Content.Plain old, Content.Plain wanted) {
    var action = state.exists() ? Change.Action.UPDATE : Change.Action.CREATE;
    return new Change(action, path, new Change.Detail.Text(old.text(), wanted.text()));
  }
}

package io.provision.steps.os;

import io.provision.model.Content;
import io.provision.remote.Frame;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.CloudInit;
import io.provision.resource.ManagedFile;
import io.provision.resource.NameAuthors;
import io.provision.resource.Piece;
import io.provision.resource.Pieces;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Target;
import java.util.List;

/** {@code hostname}: the host is called as the inventory calls it, now and after a boot. */
public record Hostname() implements PieceStep {
  private static final ShellFunction LOOK =
      new ShellFunction("look_hostname", "cat /proc/sys/kernel/hostname");
  private static final ShellFunction SET =
      new ShellFunction(
          "set_hostname",
          """
          hostname -- "$1" 2>/dev/null && return 0
          printf '%s\\n' "$1" >/proc/sys/kernel/hostname && return 0
          echo "the kernel did not take the hostname $1" >&2
          return 1\
          """);
  private static final Question<String> QUESTION = Question.of(Kind.single(LOOK, Frame::output));

  /** The name that the kernel tells. */
  record InEffect(String name) implements Piece {
    @Override
    public Probes probes() {
      return Probes.of(QUESTION);
    }

    @Override
    public Check check(Observations seen) {
      var is = seen.of(QUESTION).strip();
      if (is.equals(name)) {
        return new Check.InSync();
      }
      return new Check.Drift(
          List.of(Change.of(Change.Action.UPDATE, "hostname", is, name)),
          new Repair.OnHost(Script.of(SET, name).standingAlone()));
    }
  }

  @Override
  public Piece piece(Target.OnHost target) {
    var name = target.host().name().value();
    // no template: the file is the name and nothing else, so there is nothing to read in one
    return Pieces.all(
        ManagedFile.of("/etc/hostname", Content.of(name + "\n")),
        new InEffect(name),
        CloudInit.leavesHostname(),
        NameAuthors.ofHostname(name));
  }
}

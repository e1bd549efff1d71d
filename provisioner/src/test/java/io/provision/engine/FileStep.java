package io.provision.engine;

import io.provision.model.Content;
import io.provision.remote.Frame;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** The smallest step: a file with a text, below a directory of its host. */
record FileStep(Path root, String file, String text, ShellFunction write, Optional<Need> need)
    implements Step<Target.OnHost> {
  static final Output<String> TEXT = new Output<>("text", String.class);
  static final ShellFunction READ = new ShellFunction("read_file", "cat \"$1\"");
  static final ShellFunction WRITE =
      new ShellFunction(
          "write_file",
          "mkdir -p \"${1%/*}\" && head -c \"$payload_1\" >\"$1.new\" && mv \"$1.new\" \"$1\"");
  private static final Kind<String> KIND = Kind.single(READ, FileStep::text);

  FileStep(Path root, String file, String text) {
    this(root, file, text, WRITE, Optional.empty());
  }

  private static String text(Frame frame) {
    return frame.ok() ? frame.output() : "(absent)";
  }

  private String path(Target.OnHost target) {
    return root.resolve(target.host().name().value()).resolve(file).toString();
  }

  Question<String> question(Target.OnHost target) {
    return Question.of(KIND, path(target));
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(question(target));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return need.map(Set::of).orElse(Set.of());
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return need.isPresent() ? Set.of() : Set.of(TEXT);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var wanted = need.isPresent() ? text + known.all(TEXT) : text;
    var is = seen.of(question(target));
    if (is.equals(wanted)) {
      return new Check.InSync(need.isPresent() ? Observed.NOTHING : Observed.of(TEXT, is));
    }
    var script = Script.of(write, path(target)).with(new Payload.Bytes(Content.of(wanted)));
    return new Check.Drift(
        java.util.List.of(Change.of(Change.Action.UPDATE, path(target), is, wanted)),
        new Repair.OnHost(need.isPresent() ? script.standingAlone() : script));
  }
}
